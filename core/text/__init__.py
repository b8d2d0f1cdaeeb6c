"""What is done to words on their way: before translation, after it, and on paper."""
