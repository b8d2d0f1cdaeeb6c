"""Microphones that can be chosen, and what stands in for one: a file, the demo speaker, a tone."""
