"""How the drawn face looks: light, colour and sharpness as in the rest of it, and the wishes of
the person it belongs to."""
