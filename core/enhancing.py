"""What is heard, with noise and other voices taken away before anything listens to it."""

import logging
import math
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.config import Enhance
from core.errors import EngineFailed, EngineUnavailable
from core.ports import Enhancer
from core.stage import Stage
from core.types import MOUTH_PARAMETERS, AudioChunk, Face, LipSight, Samples, Segment

log = logging.getLogger(__name__)

OFF = "off"
FADE = 0.06
"""Seconds in which an engine comes and goes."""
KEPT = 5.0
"""Seconds of sound that are kept, for a user to listen to."""
_JUMP = 0.002
_TAIL = 0.05
_BALLISTICS = 0.3
_JAW, _WIDTH, _ROUND = (MOUTH_PARAMETERS.index(name) for name in ("jaw", "width", "round"))

Look = Callable[[float], Sequence[LipSight]]
"""Gives the lips seen since it was last asked; those of a recording up to a time."""


@dataclass(frozen=True)
class Levels:
    """Of what was heard and of what was made of it, in dB full scale."""

    before_db: float = -120.0
    after_db: float = -120.0


class LipsSeen:
    """From the thread that watches to the one that hears; the oldest give way."""

    def __init__(self) -> None:
        self._sights: deque[LipSight] = deque(maxlen=120)
        self._lock = threading.Lock()

    def put(self, face: Face | None, pts: float) -> None:
        with self._lock:
            self._sights.append(lips_of(face, pts))

    def take(self, until: float = math.inf) -> Sequence[LipSight]:
        with self._lock:
            sights = list(self._sights)
            self._sights.clear()
        return sights


def lips_of(face: Face | None, pts: float) -> LipSight:
    if face is None:
        return LipSight(pts)
    mouth = face.mouth.tolist()
    return LipSight(pts, mouth[_JAW], mouth[_WIDTH] - mouth[_ROUND], face.confidence)


def blind(until: float) -> Sequence[LipSight]:
    """A `Look` where there is nothing to be seen."""
    return ()


class Enhancing:
    """A stage: AudioChunk (16 kHz mono) to the same samples, at the same times, up to 40 ms later.

    `choose` builds an engine by its name, when the settings first ask for it; it is faded in and
    out. When it cannot be built or breaks, the user is told and the sound stays as it is.
    """

    def __init__(
        self,
        settings: Enhance,
        choose: Callable[[str], Enhancer],
        *,
        look: Look = blind,
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.settings = settings
        """May be replaced at any time, from any thread."""
        self._choose, self._look, self._tell = choose, look, tell
        self._engine: Enhancer | None = None
        self._name = OFF
        self._weight = 0.0
        self._dry = self._wet = np.zeros(0, np.float32)
        self._start = self._end = 0.0
        self._rate = 16000
        self._powers = 0.0, 0.0
        self._lately: deque[tuple[AudioChunk, Samples]] = deque()

    @property
    def sees(self) -> bool:
        """Whether lips are of use. Any thread."""
        engine = self._engine
        return engine is not None and engine.sees

    @property
    def levels(self) -> Levels:
        """At this moment. Any thread."""
        before, after = (10 * math.log10(power + 1e-12) for power in self._powers)
        return Levels(before, after)

    @property
    def lately(self) -> tuple[AudioChunk, AudioChunk]:
        """The last seconds as they were heard, and what was made of them. Any thread."""
        kept = tuple(self._lately)
        if not kept:
            nothing = AudioChunk(np.zeros(0, np.float32), self._rate, 0.0)
            return nothing, nothing
        first, rate = kept[0][0].pts, kept[0][0].rate
        before = np.concatenate([heard.samples for heard, _ in kept])
        after = np.concatenate([made for _, made in kept])
        return AudioChunk(before, rate, first), AudioChunk(after, rate, first)

    def process(self, chunk: AudioChunk) -> Iterator[AudioChunk]:
        if abs(chunk.pts - self._end) > _JUMP or chunk.rate != self._rate:
            yield from self._let_go()
            self._start, self._rate = chunk.pts, chunk.rate
            if self._engine is not None:
                self._engine.reset()
        self._end = chunk.end
        self._follow_settings()
        if self._engine is not None:
            chunk = AudioChunk(np.nan_to_num(chunk.samples), chunk.rate, chunk.pts)
        self._dry = np.concatenate((self._dry, chunk.samples))
        self._enhance(chunk)
        yield from self._out()

    def flush(self) -> Iterable[AudioChunk]:
        return self._let_go()

    def close(self) -> None:
        self._leave()
        self._lately.clear()

    def _follow_settings(self) -> None:
        """The engine at work fades before another one comes."""
        if self.settings.engine == self._name or self._weight > 0:
            return
        self._leave()
        self._name = self.settings.engine
        if self._name == OFF:
            return
        try:
            self._engine = self._choose(self._name)
        except EngineUnavailable as error:
            self._tell(f"You are heard as you are: {error}")

    def _leave(self) -> None:
        engine, self._engine = self._engine, None
        self._wet = self._wet[:0]
        if engine is not None:
            engine.close()

    def _enhance(self, chunk: AudioChunk) -> None:
        engine = self._engine
        if engine is None:
            return
        lips = self._look(chunk.end) if engine.sees else ()
        try:
            self._take(engine.enhance(chunk, lips))
        except EngineFailed as error:
            log.warning("%s failed: %s", self._name, error)
            self._tell(f"You are heard as you are: {error}")
            self._weight = 0.0
            self._leave()

    def _take(self, made: AudioChunk) -> None:
        """What belongs to sound that has left already is too late."""
        at = round((made.pts - self._start) * self._rate)
        fresh = made.samples[max(0, len(self._wet) - at) :]
        missing = self._dry[len(self._wet) : max(len(self._wet), at)]
        self._wet = np.concatenate((self._wet, missing, fresh)) if len(fresh) else self._wet

    def _out(self) -> Iterator[AudioChunk]:
        count = len(self._dry) if self._engine is None else min(len(self._dry), len(self._wet))
        if not count:
            return
        heard, self._dry = self._dry[:count], self._dry[count:]
        made, self._wet = self._wet[:count], self._wet[count:]
        mixed = heard if self._engine is None else self._mixed(heard, made)
        chunk = AudioChunk(heard, self._rate, self._start)
        self._start = self._end - len(self._dry) / self._rate
        self._remember(chunk, mixed)
        yield AudioChunk(mixed, chunk.rate, chunk.pts)

    def _mixed(self, heard: Samples, made: Samples) -> Samples:
        goes = self.settings.engine != self._name
        wanted = 0.0 if goes else self.settings.strength
        way = np.arange(1, len(heard) + 1, dtype=np.float32) / (FADE * self._rate)
        if wanted > self._weight:
            weights = np.minimum(self._weight + way, wanted)
        else:
            weights = np.maximum(self._weight - way, wanted)
        self._weight = float(weights[-1])
        return np.asarray(heard + weights * (made - heard), np.float32)

    def _let_go(self) -> Iterator[AudioChunk]:
        """The rest of what was heard, before a break or the end."""
        if self._engine is not None and len(self._dry):
            silence = np.zeros(round(_TAIL * self._rate), np.float32)
            self._enhance(AudioChunk(silence, self._rate, self._end))
        yield from self._out()
        if len(self._dry):
            self._wet = self._dry
            yield from self._out()
        self._dry, self._wet = self._dry[:0], self._wet[:0]

    def _remember(self, chunk: AudioChunk, made: Samples) -> None:
        share = min(1.0, chunk.duration / _BALLISTICS)
        found = (float(np.mean(np.square(sound))) for sound in (chunk.samples, made))
        before, after = (
            old + share * (power - old) for old, power in zip(self._powers, found, strict=True)
        )
        self._powers = before, after
        self._lately.append((chunk, made))
        while self._lately[0][0].pts < chunk.end - KEPT:
            self._lately.popleft()


class EnhancedHearing:
    """A stage: what `enhancing` makes of the sound, cut into segments."""

    def __init__(self, enhancing: Enhancing, segmenter: Stage[AudioChunk, Segment]) -> None:
        self._enhancing, self._segmenter = enhancing, segmenter

    def process(self, chunk: AudioChunk) -> Iterator[Segment]:
        for better in self._enhancing.process(chunk):
            yield from self._segmenter.process(better)

    def flush(self) -> Iterator[Segment]:
        for better in self._enhancing.flush():
            yield from self._segmenter.process(better)
        yield from self._segmenter.flush()

    def close(self) -> None:
        self._enhancing.close()
        self._segmenter.close()
