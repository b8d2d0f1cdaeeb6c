"""Captions, badge and floor indicator, drawn into the outgoing picture."""
