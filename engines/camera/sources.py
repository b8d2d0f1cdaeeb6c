"""What stands in for a camera: a test pattern, the demo speaker, a file in real time.

Each begins at `epoch`, a moment of the machine's clock, which may lie in the past: what would
have been seen until then is left out. A microphone's source with the same `epoch` fits to it.
"""

from collections.abc import Iterator
from pathlib import Path

from core.clock import Clock, MachineClock
from core.devices import FPS, SIZE, CameraMode, Image, Shot, SourceEnded
from core.types import Frame
from engines.camera.pattern import Pattern
from engines.demo.performance import Performance, demo_performance
from engines.demo.speaker import DemoSpeaker
from engines.media.pictures import PictureReader

WANTED = CameraMode(*SIZE, fps=FPS)


class DrawnCamera:
    """Pictures that are drawn when they are due. Who reads too late gets the newest."""

    def __init__(self, mode: CameraMode, epoch: float, clock: Clock | None = None) -> None:
        self.mode = mode
        self._epoch = epoch
        self._clock = clock or MachineClock()
        self._number = self._due() - 1

    def read(self, timeout: float = 1.0) -> Shot | None:
        wait = self._moment(self._number + 1) - self._clock.now()
        self._clock.sleep(min(max(0.0, wait), timeout))
        if wait > timeout:
            return None
        self._number = max(self._due(), self._number + 1)
        return Shot(self.draw(self._number), self._moment(self._number))

    def draw(self, number: int) -> Image:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is held."""

    def _due(self) -> int:
        """The number of the newest picture that is due; negative before the start."""
        return int((self._clock.now() - self._epoch) * self.mode.fps // 1)

    def _moment(self, number: int) -> float:
        return self._epoch + max(0, number) / self.mode.fps


class PatternCamera(DrawnCamera):
    """A test pattern; `engines.camera.pattern.read_number` finds each picture's number, which
    divided by the rate is its time since `epoch`."""

    def __init__(self, epoch: float, mode: CameraMode = WANTED, clock: Clock | None = None) -> None:
        super().__init__(mode, epoch, clock)
        self._pattern = Pattern((mode.width, mode.height), mode.fps)

    def draw(self, number: int) -> Image:
        return self._pattern.frame(number)


class DemoCamera(DrawnCamera):
    """A speaker who does not exist says a few sentences without end."""

    def __init__(
        self,
        epoch: float,
        mode: CameraMode = WANTED,
        clock: Clock | None = None,
        performance: Performance | None = None,
    ) -> None:
        self._speaker = DemoSpeaker((mode.width, mode.height))
        self._performance = performance or demo_performance()
        super().__init__(mode, epoch, clock)

    def draw(self, number: int) -> Image:
        seconds = max(0, number) / self.mode.fps
        return self._speaker.frame(self._performance.mouth(seconds), seconds)


class FileCamera:
    """The moving picture of a file at the file's own pace. Who reads too late gets the newest
    picture that is due. SourceEnded after the last one."""

    def __init__(self, path: str | Path, epoch: float, clock: Clock | None = None) -> None:
        self._name = Path(path).name
        self._reader = PictureReader(path)
        form = self._reader.format
        self.mode = CameraMode(form.width, form.height, float(form.fps))
        self._frames: Iterator[Frame] = self._reader.frames()
        self._epoch = epoch
        self._clock = clock or MachineClock()
        self._next: Frame | None = None

    def read(self, timeout: float = 1.0) -> Shot | None:
        if (frame := self._next or next(self._frames, None)) is None:
            raise SourceEnded(f"The picture of {self._name} has ended.")
        self._next = frame
        wait = self._epoch + frame.pts - self._clock.now()
        self._clock.sleep(min(max(0.0, wait), timeout))
        if wait > timeout:
            return None
        frame, self._next = self._caught_up(frame)
        return Shot(frame.image, self._epoch + frame.pts)

    def close(self) -> None:
        self._frames = iter(())
        self._next = None
        self._reader.close()

    def _caught_up(self, frame: Frame) -> tuple[Frame, Frame | None]:
        """The newest picture that is due, and the one after it if it had to be decoded."""
        period = 1 / self.mode.fps if self.mode.fps else 0.0
        while self._epoch + frame.pts + period <= self._clock.now():
            following = next(self._frames, None)
            if following is None:
                break
            if self._epoch + following.pts > self._clock.now():
                return frame, following
            frame = following
        return frame, None
