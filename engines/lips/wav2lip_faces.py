"""The face as Wav2Lip sees it: cut out upright, 96 pixels square, and pasted back."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.head import Head, fit_head
from engines.lips.paste import filled, lay

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

SIZE = 96

_PAD = 0.06
"""Room below the chin, as a share of the face's height: the jaw may open farther than it is."""
_SETTLE = 0.15
"""How fast the box follows a face that changes its shape; it follows the head at once."""

# From ear to ear along the jaw, then back over the cheeks and under the nose.
_JAW = (234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152)
_OVAL = (*_JAW, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454)
_OVER = (347, 329, 277, 437, 195, 217, 47, 100, 118)
_LIPS = (61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91)
_FEATHER, _MARGIN, _OUTWARDS = 2.5, 5.0, 1.08
_FLAT, _MOST, _AROUND = 9.0, 28.0, 1.6


@dataclass(frozen=True)
class Crop:
    """The face of one frame. `image` is RGB, SIZE x SIZE; `matrix` (2 x 3) leads from the picture
    into it, `landmarks` (468 x 2) lie in it."""

    image: Image
    matrix: NDArray[np.float64]
    landmarks: Floats


class FaceBox:
    """Where to cut, frame after frame. The box hangs on the head, so that it neither trembles nor
    breathes with the mouth; tilted heads are cut upright."""

    def __init__(self) -> None:
        self._bounds: NDArray[np.float64] | None = None

    def cut(self, image: Image, landmarks: Floats) -> Crop:
        """The face with these 468 landmarks (x, y, z in pixels, all finite)."""
        head = fit_head(landmarks)
        bounds = _bounds(head, landmarks)
        if self._bounds is not None:
            bounds = self._bounds + _SETTLE * (bounds - self._bounds)
        self._bounds = bounds
        matrix = _matrix(head, bounds)
        points = landmarks[:, :2].astype(np.float64) @ matrix[:, :2].T + matrix[:, 2]
        return Crop(_cut(image, matrix), matrix, points.astype(np.float32))


def network_input(face: Image) -> Floats:
    """1 x 6 x SIZE x SIZE of an RGB face: blue, green, red without the lower half, then whole."""
    whole = face[..., ::-1].astype(np.float32) / 255.0
    upper = whole.copy()
    upper[SIZE // 2 :] = 0.0
    both = np.concatenate([upper, whole], axis=2)
    return np.ascontiguousarray(both.transpose(2, 0, 1)[None])


def drawn_face(output: Floats) -> Image:
    """The RGB picture in what the network gave (1 x 3 x SIZE x SIZE)."""
    levels = np.clip(np.rint(output[0].transpose(1, 2, 0)[..., ::-1] * 255.0), 0, 255)
    return np.ascontiguousarray(levels, np.uint8)


def paste(image: Image, crop: Crop, drawn: Image, strength: float) -> Image:
    """A copy of the picture with the lower face drawn (RGB, SIZE x SIZE) in the light of the real
    one. Only pixels of the lower face change."""
    mask = _lower_face(crop.landmarks)
    matched = _in_the_light_of(crop, drawn)
    height, width = image.shape[:2]
    (left, top, right, bottom), back = _back(crop.matrix, (width, height))
    result = image.copy()
    if right <= left or bottom <= top:
        return result
    size = (right - left, bottom - top)
    above = cv2.warpAffine(matched, back, size, None, cv2.INTER_CUBIC, cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(mask, back, size, None, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT)
    weight = np.rint(share * np.float32(min(1.0, strength))).astype(np.uint8)
    lay(result, top, left, np.asarray(above, np.uint8), weight)
    return result


def _bounds(head: Head, landmarks: Floats) -> NDArray[np.float64]:
    """Left, top, right, bottom of the face in the upright frame of its head, in its units."""
    across = np.array([np.cos(head.roll), np.sin(head.roll)])
    down = np.array([-across[1], across[0]])
    away = (landmarks[:, :2] - head.origin[:2]) / head.unit
    x, y = away @ across, away @ down
    bottom = y.max() + _PAD * np.ptp(y)
    return np.array([x.min(), y.min(), x.max(), bottom])


def _matrix(head: Head, bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """From the picture into the crop: turned upright, the bounds stretched to the square."""
    left, top, right, bottom = bounds
    turn = np.array(
        [[np.cos(head.roll), np.sin(head.roll)], [-np.sin(head.roll), np.cos(head.roll)]]
    )
    scale = SIZE / np.maximum([right - left, bottom - top], 1e-3)
    linear = (scale / head.unit)[:, None] * turn
    # The crop's first pixel reaches from -0.5 to 0.5.
    offset = -scale * np.array([left, top]) - linear @ head.origin[:2] - 0.5
    return np.column_stack([linear, offset])


def _cut(image: Image, matrix: NDArray[np.float64]) -> Image:
    """Through a picture that is a whole number of times larger, so that no pixel is left out."""
    shrink = 1.0 / max(1e-6, float(np.sqrt(abs(np.linalg.det(matrix[:, :2])))))
    times = int(np.clip(np.ceil(shrink), 1, 8))
    larger = matrix * times
    larger[:, 2] += (times - 1) / 2
    size = (SIZE * times, SIZE * times)
    cut = cv2.warpAffine(image, larger, size, None, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
    if times > 1:
        cut = cv2.resize(cut, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    return np.asarray(cut, np.uint8)


def _lower_face(landmarks: Floats) -> Image:
    """255 in the middle of the lower face and 0 at the crop's border."""
    jaw, over = landmarks[list(_OVAL)], landmarks[list(_OVER)]
    middle = landmarks[[234, 454]].mean(0)
    outline = np.concatenate([middle + _OUTWARDS * (jaw - middle), over])
    outline[:, 1] = np.maximum(outline[:, 1], SIZE / 2 - 4)
    outline = np.clip(outline, _MARGIN, SIZE - 1 - _MARGIN).astype(np.float32)
    mask = filled((SIZE, SIZE), outline, _FEATHER)
    mask[[0, -1]] = 0
    mask[:, [0, -1]] = 0
    return mask


def _in_the_light_of(crop: Crop, drawn: Image) -> Image:
    """The drawn face with the colours that the real one has around the mouth, smoothly."""
    off = crop.image.astype(np.float32) - drawn
    lips = crop.landmarks[list(_LIPS)]
    wide = (lips.mean(0) + _AROUND * (lips - lips.mean(0))).astype(np.float32)
    skin = cv2.convexHull(crop.landmarks[list(_OVAL + _OVER)])[:, 0].astype(np.float32)
    around = cv2.subtract(filled((SIZE, SIZE), skin, 1.0), filled((SIZE, SIZE), wide, 2.0))
    weight = around.astype(np.float32)[..., None] / 255.0 + np.float32(1e-4)
    share = np.asarray(cv2.GaussianBlur(weight, (0, 0), _FLAT), np.float32)[..., None]
    field = np.asarray(cv2.GaussianBlur(off * weight, (0, 0), _FLAT), np.float32) / share
    matched = drawn + np.clip(field, -_MOST, _MOST)
    return np.asarray(np.clip(matched, 0, 255), np.uint8)


def _back(
    matrix: NDArray[np.float64], size: tuple[int, int]
) -> tuple[tuple[int, int, int, int], NDArray[np.float64]]:
    """The part of the picture that the crop's lower half covers, and what leads there from it."""
    back = np.asarray(cv2.invertAffineTransform(matrix), np.float64)
    edge = np.array([[0, SIZE / 2 - 12], [SIZE, SIZE / 2 - 12], [0, SIZE], [SIZE, SIZE]])
    corners = edge @ back[:, :2].T + back[:, 2]
    left, top = np.clip(np.floor(corners.min(0)), 0, size).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(0)) + 1, 0, size).astype(int)
    back = back.copy()
    back[:, 2] -= (left, top)
    return (int(left), int(top), int(right), int(bottom)), back
