"""Own-mouth lips behind the common face of all lips engines."""

from pathlib import Path

from core.types import Face, Frame, Moment
from engines.lips.own_mouth import OwnMouth


class OwnMouthLips:
    """Shows the moment's mouth shape; `mouth` is what has been learnt of the speaker."""

    notice = ""

    def __init__(self) -> None:
        self.mouth = OwnMouth()

    def observe(self, frame: Frame, face: Face) -> None:
        self.mouth.observe(frame, face)

    def render(self, frame: Frame, face: Face, moment: Moment, strength: float = 1.0) -> Frame:
        return self.mouth.render(frame, face, moment.shape, strength)

    def forget(self) -> None:
        self.mouth.forget()

    def save(self, path: Path) -> None:
        self.mouth.save(path)

    def load(self, path: Path) -> None:
        self.mouth.load(path)

    def close(self) -> None:
        """Nothing to let go of."""
