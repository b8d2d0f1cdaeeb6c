"""Whatever a camera delivers, as the RGB picture that the networks take."""

import numpy as np
from numpy.typing import NDArray

LEAST_SIDE = 16
_FARTHEST_SIDE = 16384


def as_rgb(image: NDArray[np.generic]) -> NDArray[np.uint8] | None:
    """Greyscale (2-D or one channel), RGB and RGBA of any number type; floats count 0 to 255.
    None when there is nothing in it that could show a face."""
    if image.ndim == 3 and image.shape[2] in (1, 2):
        image = image[:, :, 0]
    if image.ndim == 2:
        image = np.repeat(image[:, :, None], 3, 2)
    if image.ndim != 3 or image.shape[2] < 3:
        return None
    if not LEAST_SIDE <= min(image.shape[:2]) <= max(image.shape[:2]) <= _FARTHEST_SIDE:
        return None
    if image.dtype != np.uint8:
        image = np.clip(np.nan_to_num(image.astype(np.float32)), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(image[:, :, :3], np.uint8)
