"""Which of several faces is followed."""

from engines.face.crop import Crop
from engines.face.detector import Detection

_PATIENCE = 1.0
_SAME = 0.6


class Choice:
    """Keeps the largest face, or the one pointed at, chosen by its place in the picture."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._point: tuple[float, float] | None = None
        self._place: tuple[float, float, float] | None = None
        self._seen = 0.0
        self.faces: tuple[Detection, ...] = ()

    @property
    def pointed(self) -> bool:
        return self._point is not None

    def point(self, x: float, y: float) -> None:
        """A person wants the face that is here. Any thread."""
        self._point = (x, y)

    def forget(self) -> None:
        """The picture has another size: no place in it means anything."""
        self._place = None
        self.faces = ()

    def follow(self, crop: Crop, pts: float) -> None:
        """The chosen face is here now."""
        self._place = (crop.x, crop.y, crop.side)
        self._seen = pts

    def among(
        self, found: list[Detection], pts: float, *, followed: Crop | None
    ) -> Detection | None:
        """The face to follow from now on, if it is not the one that is followed already."""
        self.faces = self._ordered(found)
        point, self._point = self._point, None
        if point is not None:
            hit = [face for face in found if face.distance(*point) < face.size]
            if hit:
                nearest = min(hit, key=lambda face: face.distance(*point))
                return None if followed and self.same(nearest) else nearest
        if followed is not None or not found:
            return None
        if self._place is not None and 0 <= pts - self._seen < _PATIENCE:
            back = [face for face in found if self.same(face)]
            x, y, _ = self._place
            return min(back, key=lambda face: face.distance(x, y), default=None)
        return max(found, key=lambda face: face.size)

    def same(self, face: Detection) -> bool:
        """Stands the face where the chosen one stood?"""
        if self._place is None:
            return False
        x, y, side = self._place
        return face.distance(x, y) < _SAME * side

    def _ordered(self, found: list[Detection]) -> tuple[Detection, ...]:
        order = sorted(found, key=lambda face: (not self.same(face), -face.size))
        return tuple(order[: self._most])
