"""Recorded clips in and out: sound, pictures, captions. PyAV only, no ffmpeg program."""
