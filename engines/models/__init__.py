"""Models that others made: which there are, which are here, and how they get here."""
