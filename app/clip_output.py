"""The file that a translated clip becomes: sound mixed, pictures copied or drawn anew, captions in
both languages."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Protocol

import numpy as np

from app.mouths import keep, path_of, recall
from app.picture import PicturePath
from core.captions import Caption
from core.captions.live import LiveCaptions
from core.config import Config
from core.errors import EngineUnavailable
from core.events import Event, Recognised
from core.orchestrator import Orchestrator
from core.timeline import Placed
from core.types import Frame, Samples
from engines.media.containers import container_of
from engines.media.mix import Mixer
from engines.media.pictures import PictureReader
from engines.media.reader import MediaInfo, OriginalSound
from engines.media.writer import RATE, MediaWriter, PictureFormat

LEARNT = 10.0
"""Seconds of the clip from which the speaker's mouth is learnt before any frame is drawn."""


@dataclass(frozen=True)
class ClipJob:
    source: Path
    target: Path
    overwrite: bool = False
    sequential: bool = False
    speaker: str = ""
    """Whose mouth it is, if it is to be remembered."""
    hold: bool = False
    """Whether the last picture stays, and speaks on, under a voice that outlasts the clip."""


class NoSound:
    """That of a clip that has none."""

    def __init__(self) -> None:
        self._position = 0

    def read(self, until: float) -> Samples:
        """As of OriginalSound."""
        count = max(0, round(until * RATE) - self._position)
        self._position += count
        return np.zeros((count, 2), np.float32)

    def close(self) -> None: ...


class Pictures(Protocol):
    """Brings the picture into the file, up to a moment."""

    form: PictureReader | PictureFormat | None
    reasons: tuple[str, ...]
    """Which engines are at work on it, and why."""
    warnings: list[str]
    """What the user should know when all is written."""

    def add(self, placed: Placed) -> None: ...

    def take(self, event: Event) -> None: ...

    def write(self, writer: MediaWriter, until: float) -> None: ...

    def finish(self) -> None: ...

    def close(self) -> None: ...


class NoPictures:
    """Sound only."""

    form: PictureReader | PictureFormat | None = None
    reasons: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def add(self, placed: Placed) -> None: ...

    def take(self, event: Event) -> None: ...

    def write(self, writer: MediaWriter, until: float) -> None: ...

    def finish(self) -> None: ...

    def close(self) -> None: ...


class CopiedPictures(NoPictures):
    """The clip's own picture, packet by packet."""

    def __init__(self, source: Path, reason: str = "") -> None:
        super().__init__()
        self._reader = PictureReader(source)
        self.form = self._reader
        self.reasons = (reason,) if reason else ()

    def write(self, writer: MediaWriter, until: float) -> None:
        for packet in self._reader.packets(until):
            writer.write_packet(packet)

    def close(self) -> None:
        self._reader.close()


class DrawnPictures(NoPictures):
    """Every frame with the lips of the voice that is heard, and what is to be written on it."""

    def __init__(self, job: ClipJob, info: MediaInfo, config: Config, path: PicturePath) -> None:
        super().__init__()
        self.form = PictureFormat(*info.display_size, info.fps or 25.0)
        self._step = 1 / (info.fps or 25.0)
        self.reasons = path.reasons
        self._path = path
        self._orchestrator = Orchestrator(replace(config.picture, mode="live", rest=False))
        self._speaker = job.speaker
        self._hold = job.hold
        if path.lips is not None:
            if job.speaker:
                recall(path.lips, job.speaker)
            self._learn(job.source)
        self._reader = PictureReader(job.source)
        self._frames = self._reader.frames()
        self._next: Frame | None = None
        self._last: Frame | None = None

    def add(self, placed: Placed) -> None:
        self._orchestrator.add(placed)
        self._path.talk.place(placed)

    def take(self, event: Event) -> None:
        if isinstance(event, Recognised):
            self._path.talk.take(event, event.transcript.segment.start)

    def write(self, writer: MediaWriter, until: float) -> None:
        for frame in self._until(until):
            moment = self._orchestrator.moment(frame.pts)
            writer.write_frame(self._path.show(frame, moment))

    def finish(self) -> None:
        frames = sum(self._path.off.values())
        if frames:
            reason = self._path.off.most_common(1)[0][0]
            self.warnings.append(
                f"In {frames} pictures the lips are the speaker's own, mostly because of: {reason}."
            )
        if self._speaker and self._path.lips is not None:
            keep(self._path.lips, self._speaker)

    def close(self) -> None:
        self._reader.close()
        self._path.close()

    def _until(self, moment: float) -> Iterator[Frame]:
        while (frame := self._next or next(self._frames, None)) is not None:
            self._next = frame
            if frame.pts >= moment:
                return
            self._next, self._last = None, frame
            yield frame
        while self._hold and (last := self._last) is not None:
            frame = Frame(last.image, last.pts + self._step, last.number + 1)
            if frame.pts >= moment:
                return
            self._last = frame
            yield frame

    def _learn(self, source: Path) -> None:
        reader = PictureReader(source)
        try:
            for frame in takewhile(lambda frame: frame.pts < LEARNT, reader.frames()):
                self._path.learn(frame)
        finally:
            reader.close()


def pictures(job: ClipJob, config: Config, info: MediaInfo) -> Pictures:
    """Drawn when there is something to draw, copied when not, none where there are none or the
    target holds sound only. EngineUnavailable when lips were asked for by name that cannot be
    had; when none were, the picture is copied, and `reasons` says why."""
    if not info.has_video or not container_of(job.target).video:
        return NoPictures()
    lips = config.engines.lips
    if lips == "off" and not (config.captions.show or config.picture.badge):
        return CopiedPictures(job.source)
    if job.speaker:
        path_of(job.speaker)  # a name that cannot be is said before anything is done
    languages = config.languages
    try:
        path = PicturePath(config, LiveCaptions(languages.source, languages.target), live=False)
    except EngineUnavailable as error:
        if lips != "auto":
            raise
        return CopiedPictures(job.source, f"The picture is as it was: {error}")
    return DrawnPictures(job, info, config, path)


class ClipOutput:
    """For one thread. What is written, up to `position`, stays as it is."""

    def __init__(self, job: ClipJob, config: Config, info: MediaInfo) -> None:
        languages = config.languages
        self._languages = (languages.source, languages.target)
        self._duration = info.duration
        self.position = 0.0
        self._mixer = Mixer(config.voice.original, duck_db=config.voice.duck_db)
        with ExitStack() as undo:
            self._sound = OriginalSound(job.source) if info.has_audio else NoSound()
            undo.callback(self._sound.close)
            self._pictures = pictures(job, config, info)
            undo.callback(self._pictures.close)
            self._writer = MediaWriter(
                job.target,
                info,
                self._pictures.form,
                language=languages.target,
                # Players show the first one by themselves.
                captions=tuple(dict.fromkeys(self._languages[::-1])),
                overwrite=job.overwrite,
            )
            undo.pop_all()

    @property
    def reasons(self) -> tuple[str, ...]:
        return self._pictures.reasons

    @property
    def warnings(self) -> list[str]:
        return self._writer.warnings + self._pictures.warnings

    @property
    def captions_held(self) -> bool:
        return self._writer.captions_held

    def take(self, event: Event) -> None:
        self._pictures.take(event)

    def add(self, placed: Placed) -> None:
        """A voice, before anything after its start is written."""
        self._pictures.add(placed)
        if placed.spoken:
            self._mixer.add(placed.start, placed.speech.audio)
        caption = caption_of(placed)
        if caption.translation:
            source, target = self._languages
            if caption.source:
                self._writer.write_caption(source, caption.start, caption.end, caption.source)
            end = max(placed.end, min(placed.start + 1.0, self._duration))
            self._writer.write_caption(target, placed.start, end, caption.translation)

    def write(self, until: float) -> None:
        """Everything up to a moment, in one piece."""
        if until <= self.position:
            return
        self.position = until
        self._pictures.write(self._writer, until)
        self._writer.write_sound(self._mixer.render(self._sound.read(until)))

    def finish(self) -> None:
        self._writer.finish()
        self._pictures.finish()

    def abandon(self) -> Path | None:
        """Closed properly and kept under another name; None when there is nothing to keep."""
        return self._writer.abandon(keep=True)

    def __enter__(self) -> "ClipOutput":
        return self

    def __exit__(self, *error: object) -> None:
        self._writer.__exit__(None, None, None)
        self._sound.close()
        self._pictures.close()


def caption_of(placed: Placed) -> Caption:
    translation, segment = placed.speech.translation, placed.speech.segment
    return Caption(
        start=segment.start,
        end=segment.end,
        source=translation.transcript.text,
        translation=translation.text,
        number=segment.number,
    )
