"""Taking the tremble out of a tracked face without making it late."""

from core.smoothing.face import FaceSmoother

__all__ = ["FaceSmoother"]
