"""Engines that find faces and their landmarks in pictures."""
