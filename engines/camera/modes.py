"""Which of a camera's modes serves best."""

from collections.abc import Sequence

from core.devices import CameraMode

_COMPRESSED = ("MJPG", "JPEG")
_KNOWN = (*_COMPRESSED, "YUYV", "NV12", "YU12", "YV12", "UYVY", "RGB3", "BGR3", "GREY")
"""What OpenCV turns into a picture."""


def best_mode(modes: Sequence[CameraMode], wanted: CameraMode) -> CameraMode | None:
    """The mode nearest to what is wanted; None when the camera does not say what it can do.
    First the rate (a picture that jerks is worse than a coarse one), then the size, then the
    shape, then without compression: that is sharper and costs less."""
    usable = [mode for mode in modes if mode.pixels in _KNOWN]
    return min(usable, key=lambda mode: _distance(mode, wanted), default=None)


def _distance(mode: CameraMode, wanted: CameraMode) -> tuple[float, ...]:
    slow = max(0.0, wanted.fps - (mode.fps or wanted.fps))
    small = max(0.0, wanted.width * wanted.height / (mode.width * mode.height) - 1)
    large = max(0.0, mode.width * mode.height / (wanted.width * wanted.height) - 1)
    shape = abs(mode.width / mode.height - wanted.width / wanted.height)
    fast = max(0.0, mode.fps - wanted.fps)
    compressed = mode.pixels in _COMPRESSED
    # A third slower is as bad as half the size each way.
    return (round(9 * slow / wanted.fps + small + large / 2 + shape, 3), compressed, fast)
