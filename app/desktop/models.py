"""The model manager's store, where there is one."""

from ui.services import ModelStore


def store() -> ModelStore | None:
    """None while this installation has no catalogue of models."""
    return None
