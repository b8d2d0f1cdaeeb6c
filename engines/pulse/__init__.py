"""What PulseAudio and PipeWire have in common for their clients: libpulse and a connection."""
