"""Own-mouth lips: the speaker's mouth, moved as the translated voice asks.

No network and nothing to download: the lips in the picture are warped, and what is seen
between them comes from a bank of this speaker's own mouth.
"""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.head import Head
from core.types import Face, Frame
from engines.lips import memory
from engines.lips import points as at
from engines.lips.bank import MouthBank, anchor_of
from engines.lips.drawing import Move, draw
from engines.lips.head import NosedHead, turn
from engines.lips.own_lips import OwnLips, share_of_kept_lips
from engines.lips.rest import RestModel, breadth, opening
from engines.lips.shapes import asked_lips, keep_texture
from engines.lips.smile import Smile

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

SMALLEST = 14.0
"""Below this distance of the eyes, in pixels, a mouth is too small to be worth touching."""

_TRUSTED = 0.5
_KNOWN, _SELDOM = 40.0, 3
"""From this weight of evidence on, only each third frame teaches how the mouth rests."""
_MISFIT = 0.15
"""Landmarks that lie worse than this are no view to learn from."""


class OwnMouth:
    """One speaker's lips; used by one thread. `observe` what the camera saw, `render` what the
    listeners see. Without anything observed it draws with a generic idea of a mouth."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self.forget()

    def forget(self) -> None:
        """Know nothing about the speaker."""
        self._head, self._rest = NosedHead(), RestModel()
        self._bank, self._lips = MouthBank(), OwnLips()
        self._looks = 0
        self._smile = Smile()
        self._skin: Floats | None = None
        self._lit: Face | None = None
        self._last: tuple[float, float] | None = None
        self._seen: tuple[Face, Head, Array, Array] | None = None

    def save(self, path: Path) -> None:
        """Keep what was learnt. CannotWrite when that fails."""
        memory.save(path, self._head, self._rest, self._bank, self._lips)

    def load(self, path: Path) -> None:
        """Go on with what was kept. UnreadableInput when that fails; nothing changes then."""
        self._head, self._rest, self._bank, self._lips = memory.load(path)
        self._skin = self._last = self._seen = None

    @property
    def views(self) -> int:
        """How many views of the speaker's open mouth are known; 0 draws a synthetic one."""
        return len(self._bank.views)

    def observe(self, frame: Frame, face: Face) -> None:
        """Learn from an untouched camera frame: the mouth at rest, and how it looks inside."""
        seen = self._see(frame, face)
        if seen is None or not face.confidence > _TRUSTED:
            self._last = None
            return
        head, own, nose = seen
        if head.misfit > _MISFIT:
            return
        self._looks += 1
        if self._rest.weight < _KNOWN or self._looks % _SELDOM == 0:
            self._head.learn(nose)
            self._rest.observe(own, head)
        skin = self._light(frame.image, face)
        here = (opening(own), breadth(own))
        self._smile.observe(frame.pts, here[1] - self._rest.usual_width)
        if self._last is not None:
            speed = abs(here[0] - self._last[0]) + abs(here[1] - self._last[1])
            self._keep(frame.image, head, own, skin, speed)
        self._last = here

    def _keep(self, image: Image, head: Head, own: Array, skin: Floats, speed: float) -> None:
        """A view of the open mouth or of closed lips, where it is better than what is known."""
        better = [store for store in (self._bank, self._lips) if store.wants(head, own, speed)]
        if better:
            anchor = anchor_of(self._rest.rest(head, own))
            for store in better:
                store.keep(image, head, own, anchor, skin, speed)

    def render(
        self, frame: Frame, face: Face, shape: NDArray[np.float32], strength: float = 1.0
    ) -> Frame:
        """The frame with the mouth shaped as asked, `strength` 1, or on its way there. Where
        the face cannot be used, or at 0, the frame itself. Only the mouth's region changes."""
        seen = self._see(frame, face)
        if seen is None or not strength > 0 or not np.isfinite(shape).all():
            return frame
        head, own, _ = seen
        if self._rest.empty:
            self._rest.observe(own, head)
        rest = self._rest.rest(head, own, self._smile.wider)
        before = face.landmarks[at.POINTS, :2].astype(np.float32)
        wanted = self._wanted(own, rest, shape)
        goal = head.out(wanted)[:, :2]
        strength = min(1.0, float(strength))
        after = (before + strength * (goal - before)).astype(np.float32)
        kept = self._lips.choose(turn(head))
        share = share_of_kept_lips(own, wanted) if kept else 0.0
        move = Move(head, rest, before, after, float(shape[2]), strength, kept, share)
        skin = self._light(frame.image, face)
        drawn = draw(frame.image, move, self._bank, skin)
        if drawn is None:
            return frame
        picture, region = drawn
        image = frame.image.copy()
        image[region.top : region.bottom, region.left : region.right] = picture
        return replace(frame, image=image)

    def _see(self, frame: Frame, face: Face) -> tuple[Head, Array, Array] | None:
        """The head, the mouth's points and the nose in its frame; None when there are none that
        can be used."""
        image = frame.image
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
            return None
        if self._seen is not None and self._seen[0] is face:
            return self._seen[1:]
        if face.landmarks.shape != (468, 3) or not np.isfinite(face.landmarks).all():
            return None
        if np.abs(face.landmarks).max() > 1e5:
            return None
        landmarks = face.landmarks.astype(np.float64)
        head, nose = self._head.fit(landmarks)
        if head.unit < SMALLEST:
            return None
        self._seen = (face, head, head.into(landmarks[at.POINTS]), nose)
        return self._seen[1:]

    def _wanted(self, own: Array, rest: Array, shape: NDArray[np.float32]) -> Array:
        """Lips as asked; cheeks, chin and jaw follow from where they are."""
        wanted = asked_lips(rest, shape)
        keep_texture(wanted, own)
        gap, width = opening(wanted) - opening(own), breadth(wanted) - breadth(own)
        wanted[at.FLESH] = own[at.FLESH] + self._rest.follow(gap, width)[at.FLESH]
        return wanted

    def _light(self, image: Image, face: Face) -> Floats:
        """The colour of the skin in the present light, steadied over frames."""
        if self._skin is not None and self._lit is face:
            return self._skin
        self._lit = face
        height, width = image.shape[:2]
        where = np.rint(face.landmarks[at.POINTS[at.SKIN], :2]).astype(int)
        columns = np.minimum(np.maximum(where[:, 0], 0), width - 1)
        rows = np.minimum(np.maximum(where[:, 1], 0), height - 1)
        seen = np.sort(image[rows, columns], axis=0)
        colour = seen[len(seen) // 2].astype(np.float32)
        self._skin = colour if self._skin is None else self._skin + 0.36 * (colour - self._skin)
        return self._skin
