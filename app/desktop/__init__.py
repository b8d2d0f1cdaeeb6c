"""The desktop program: what lies between the window and the rest."""
