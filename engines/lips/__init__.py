"""Lips that follow a voice."""
