"""What each command does with its arguments."""
