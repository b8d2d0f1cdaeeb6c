"""The live link between a client with camera and microphone and a service that translates."""
