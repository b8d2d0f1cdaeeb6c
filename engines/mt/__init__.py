"""Machine translation: text in one language to text in another."""
