"""What the pipeline asks of an engine, one protocol a kind.

An engine is used by one thread at a time. It raises `EngineFailed` when it broke, never
returns a made-up result, and lets go of everything in `close`. What it can do is data:
languages are lower-case ISO 639-1 codes ("en"), or 639-3 where there is no shorter one.
"""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from core.types import (
    AudioChunk,
    Face,
    Frame,
    LipSight,
    Moment,
    Samples,
    Segment,
    Speech,
    Transcript,
    Translation,
    Word,
)


class Vad(Protocol):
    """Tells speech from everything else, frame by frame."""

    frame: int
    """Samples at 16 kHz that `speech` wants each time."""

    def speech(self, frame: Samples) -> float:
        """How surely the frame holds speech, 0 to 1."""
        ...

    def reset(self) -> None:
        """Forget what was heard; the stream starts anew."""
        ...

    def close(self) -> None: ...


class Enhancer(Protocol):
    """Keeps noise and other voices away from the speaker's, with no look into the future."""

    sees: bool
    """Whether it makes use of lips."""

    def enhance(self, audio: AudioChunk, lips: Sequence[LipSight] = ()) -> AudioChunk:
        """The next samples (16 kHz, any number, gapless), with the lips that were seen since the
        last call, in the order of their times. What comes out says by its `pts` which samples it
        replaces: it follows what came out before, and ends up to 40 ms before what went in."""
        ...

    def reset(self) -> None:
        """Forget what was heard; the stream starts anew."""
        ...

    def close(self) -> None: ...


class Turn(Protocol):
    """Judges whether a sentence is complete."""

    def complete(self, audio: AudioChunk, words: tuple[Word, ...], language: str) -> float:
        """0: the speaker goes on for sure. 1: the sentence is over. `audio` is the segment so
        far with its pause, `words` its running transcript (may be empty)."""
        ...

    def close(self) -> None: ...


class Ear(Protocol):
    """Hears a growing segment and says at any moment what it has understood so far."""

    @property
    def caught_up(self) -> bool:
        """Whether the last answer of `words` holds everything that was fed."""
        ...

    def feed(self, audio: AudioChunk) -> None:
        """The next samples of the current utterance (16 kHz). Returns at once."""
        ...

    def words(self, patience: float = 0.0) -> tuple[Word, ...]:
        """The newest running transcript, times on the session clock. With `patience`, wait up
        to that many seconds until everything fed so far has been understood."""
        ...

    def restart(self) -> None:
        """The utterance is over; what is fed next begins a new one."""
        ...

    def close(self) -> None: ...


class Recogniser(Protocol):
    """Speech to text."""

    languages: Collection[str]

    def recognise(self, segment: Segment) -> Transcript:
        """The whole segment, as well as it can. `text` is empty when nothing was said."""
        ...

    def ear(self) -> Ear | None:
        """Something that hears while the segment grows, or None if this engine cannot."""
        ...

    def close(self) -> None: ...


class Translator(Protocol):
    """Text to text, between the pair of languages it was built for."""

    source: str
    target: str

    def translate(self, text: str) -> str: ...

    def close(self) -> None: ...


class Voice(Protocol):
    """Text to speech, in the language it was built for."""

    language: str
    rate: int
    """Samples a second of what it speaks."""

    def speak(self, translation: Translation) -> Iterable[Speech]:
        """The voice with its word times and mouth track; more than one piece when the first
        sound is to leave before the sentence is finished. Pieces follow without a gap; each
        but the last has `last=False` (the last one too when it cannot know that it is)."""
        ...

    def close(self) -> None: ...


class FaceTracker(Protocol):
    """Follows one face from frame to frame."""

    @property
    def doubt(self) -> str:
        """Why the last face's confidence is below one, in a word; empty when it is not."""
        ...

    def track(self, frame: Frame) -> Face | None:
        """The chosen face, or None when it is not seen. Frames may be late or missing."""
        ...

    def choose(self, x: float, y: float) -> None:
        """Follow the face at this place of the picture (pixels). Any thread."""
        ...

    def close(self) -> None: ...


class Lips(Protocol):
    """Draws the mouth that says what is heard."""

    notice: str
    """What the user is to be told when this engine is chosen; empty when there is nothing."""

    def observe(self, frame: Frame, face: Face) -> None:
        """Learn from an untouched frame."""
        ...

    def render(self, frame: Frame, face: Face, moment: Moment, strength: float = 1.0) -> Frame:
        """The frame with the mouth of the moment, `strength` of the way there; at 0, and where
        the face cannot be used, the frame itself. Only pixels of the lower face change.
        `strength` is all that counts: the caller has put the moment's and the gate's into it."""
        ...

    def forget(self) -> None:
        """Another speaker follows."""
        ...

    def save(self, path: Path) -> None:
        """Keep what was learnt of the speaker, if that is anything. CannotWrite."""
        ...

    def load(self, path: Path) -> None:
        """Go on with what was kept. UnreadableInput; nothing changes then."""
        ...

    def close(self) -> None: ...
