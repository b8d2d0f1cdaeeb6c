"""Cutting the stream of sound into segments that can be translated by themselves."""
