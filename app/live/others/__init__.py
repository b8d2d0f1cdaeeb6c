"""The way back: what the others say is heard, translated, and told to the user alone."""
