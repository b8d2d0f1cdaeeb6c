"""The values that travel through the pipelines.

They are frozen: whoever receives one may keep it, and nobody writes into its array.
`pts` and every other time is in seconds on the session clock.
"""

from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

MOUTH_PARAMETERS = ("jaw", "width", "round", "upper", "press", "tuck")


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """Mono float32 samples in [-1, 1]; `pts` is the time of the first one."""

    samples: Samples
    rate: int
    pts: float

    @property
    def duration(self) -> float:
        return len(self.samples) / self.rate

    @property
    def end(self) -> float:
        return self.pts + self.duration


@dataclass(frozen=True, slots=True)
class Frame:
    """One RGB picture, height x width x 3, uint8."""

    image: NDArray[np.uint8]
    pts: float
    number: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word and when it is said."""

    text: str
    start: float
    end: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech from one speaker.

    A *draft* (`final` is false) shows the speech so far while its end is not yet decided; later
    drafts and the final segment carry the same `id` and `number`. `turn` is the session's
    cancellation number at the time of speaking. `cut` says why the segment ended. `heard` is
    what was understood while it grew, for when the listener cannot wait for more; often empty.
    """

    number: int
    audio: AudioChunk
    complete: float = 0.0
    final: bool = True
    cut: str = "pause"
    heard: tuple[Word, ...] = ()
    turn: int = 0
    decided: float = 0.0
    id: UUID = field(default_factory=uuid4)

    @property
    def segment(self) -> "Segment":
        return self

    @property
    def start(self) -> float:
        return self.audio.pts

    @property
    def end(self) -> float:
        return self.audio.end


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in a segment. A running one (`final` is false) only ever grows."""

    segment: Segment
    text: str
    language: str
    words: tuple[Word, ...] = ()
    confidence: float = 1.0
    final: bool = True


@dataclass(frozen=True, slots=True)
class Translation:
    """The transcript in the listener's language; `spoken` is false when only a caption is due.
    `own`: it was said in that language already, and the speaker's own voice is passed on."""

    transcript: Transcript
    text: str
    language: str
    spoken: bool = True
    own: bool = False

    @property
    def segment(self) -> Segment:
        return self.transcript.segment


@dataclass(frozen=True, slots=True)
class MouthTrack:
    """Mouth shapes over time: `times` in seconds from the start of the voice, ascending;
    `shapes` one row a time, columns as in MOUTH_PARAMETERS, each in [0, 1]."""

    times: NDArray[np.float32]
    shapes: NDArray[np.float32]

    @property
    def duration(self) -> float:
        return float(self.times[-1]) if len(self.times) else 0.0

    def at(self, seconds: float) -> NDArray[np.float32]:
        """The shape at a moment, interpolated; at rest outside the track."""
        if not len(self.times) or not self.times[0] <= seconds <= self.times[-1]:
            return np.zeros(len(MOUTH_PARAMETERS), np.float32)
        columns = (np.interp(seconds, self.times, column) for column in self.shapes.T)
        return np.fromiter(columns, np.float32, len(MOUTH_PARAMETERS))

    def between(self, start: float, end: float) -> "MouthTrack":
        """A part of it, whose times count from its start."""
        inner = self.times[(self.times > start) & (self.times < end)]
        times = np.concatenate(([start], inner, [end])).astype(np.float32)
        shapes = np.stack([self.at(min(one, self.duration)) for one in times.tolist()])
        return MouthTrack((times - np.float32(start)).astype(np.float32), shapes)

    def faster(self, tempo: float) -> "MouthTrack":
        return replace(self, times=(self.times / tempo).astype(np.float32))


NO_MOUTH = MouthTrack(np.zeros(0, np.float32), np.zeros((0, len(MOUTH_PARAMETERS)), np.float32))


@dataclass(frozen=True, slots=True)
class Speech:
    """The translated voice of a segment; times of `words` and `mouth` count from its start.

    `audio` is empty when the translation is shown but not spoken. A voice may come in several
    pieces; all but the `last` say so. A word that goes on in the next piece ends behind this one.
    """

    translation: Translation
    audio: AudioChunk
    mouth: MouthTrack = NO_MOUTH
    words: tuple[Word, ...] = ()
    last: bool = True

    @property
    def segment(self) -> Segment:
        return self.translation.segment


@dataclass(frozen=True, slots=True)
class Face:
    """A face in one frame.

    `landmarks`: 468 x 3 float32 in pixels (z in the same unit, smaller is nearer the camera).
    `pose`: 6 float32: yaw, pitch, roll in radians, then centre x, y in pixels and the size of
    the face in pixels. `mouth`: the six parameters of MOUTH_PARAMETERS as observed.
    `confidence` in [0, 1]: how far a renderer may trust it.
    """

    landmarks: NDArray[np.float32]
    pose: NDArray[np.float32]
    mouth: NDArray[np.float32]
    confidence: float
    pts: float


@dataclass(frozen=True, slots=True)
class LipSight:
    """The speaker's lips in one frame, for whoever hears with their help. `opening` as `jaw` of
    MOUTH_PARAMETERS; `spread` from -1 (rounded) to 1 (wide); `trust` is 0 when no face is seen."""

    pts: float
    opening: float = 0.0
    spread: float = 0.0
    trust: float = 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """What is to be shown at a moment: the mouth's `shape`, how far it replaces the speaker's
    own (`strength`, 0 to 1), the voice that is heard and the seconds that are left of it."""

    shape: NDArray[np.float32]
    strength: float
    speech: Speech | None = None
    into: float = 0.0
    left: float = 0.0
