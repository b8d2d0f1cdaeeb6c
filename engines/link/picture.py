"""Pictures as JPEG, and back."""

from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from engines.link.wire import LARGEST, LinkError

LARGEST_SIDE = 1920
SMALLEST_SIDE = 32
QUALITY = 85

Picture = NDArray[np.uint8]


def encode(image: Picture, quality: int = QUALITY) -> bytes:
    """Of an RGB picture."""
    good, packed = cv2.imencode(
        ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    if not good:
        raise LinkError("A picture cannot be encoded.")
    return packed.tobytes()


def decode(content: bytes) -> Picture:
    """RGB. LinkError when it is no JPEG of a size that is allowed; its head is asked first."""
    if len(content) > LARGEST:
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
