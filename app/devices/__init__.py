"""What there is on this machine to see and hear with, and what meeting programs would get."""
