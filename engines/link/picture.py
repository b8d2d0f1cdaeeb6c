"""Pictures as JPEG, and back."""

from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from engines.link.wire import ROOM, LinkError

LARGEST_SIDE = 1920
SMALLEST_SIDE = 32
QUALITY = 85

Picture = NDArray[np.uint8]


def encode(image: Picture, quality: int = QUALITY) -> bytes:
    """Of an RGB picture; of lower quality when a chunk has no room for it. LinkError when it has
    none however low."""
    turned = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    for lower in (0, 5, 15, 35, 75, 100):
        options = [cv2.IMWRITE_JPEG_QUALITY, max(1, quality - lower)]
        good, packed = cv2.imencode(".jpg", turned, options)
        if not good:
            raise LinkError("A picture cannot be encoded.")
        if packed.size <= ROOM:
            return packed.tobytes()
    raise LinkError("A picture is too large.")


def decode(content: bytes) -> Picture:
    """RGB. LinkError when it is no JPEG of a size that is allowed; its head is asked first."""
    if len(content) > ROOM:
        raise LinkError("A picture is too large.")
    try:
        with Image.open(BytesIO(content), formats=("JPEG",)) as head:
            size = head.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise LinkError("A picture is to be a JPEG.") from error
    if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in size):
        raise LinkError(
            f"A picture of {size[0]} x {size[1]}: each side may have {SMALLEST_SIDE} to "
            f"{LARGEST_SIDE} points."
        )
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise LinkError("A picture cannot be decoded.")
    return np.ascontiguousarray(image[:, :, ::-1])
