"""What other programs play: the voices of the others in a meeting. Our own sound is never in it."""
