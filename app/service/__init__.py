"""The HTTP service: clips that are translated or made to speak, and live streams. docs/service.md
is what its users read; `api` is the map of it."""
