"""A recorded clip through the translation: read, translated, mixed and written as it goes.

The output grows while the pipeline works: whatever is known to be complete is written, so that
stopping at any moment leaves a playable file, and a long clip needs no more memory than a short
one.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.assembly import Assembly
from app.clip_lips import ClipLips
from app.clip_output import ClipJob, ClipOutput, caption_of
from core.captions import Caption
from core.config import Config
from core.errors import EngineFailed, Interrupted, NothingToTranslate
from core.events import Event, Fate, LagChanged, Notice, Settled
from core.joined import joined
from core.lag import Governor, LagStep
from core.metrics import Metrics
from core.session import Session
from core.spoken import OwnVoice, fate
from core.timeline import Placed, Timeline
from core.types import Speech
from engines.audio.tempo import faster
from engines.media.reader import MediaInfo, probe, read_audio

MARGIN = 0.3
"""Seconds that the mixer must know ahead: the original fades before a voice begins."""
STEP = 2.0
"""Seconds that are written at once."""
TAIL = 0.5
"""Seconds of sound after a voice that outlasts the picture."""
PATIENCE = 20.0
"""Seconds to wait for the ear, so that a clip is cut the same on a slow machine."""

Progress = Callable[[float, float], None]
"""Told how many seconds of how many are written."""


@dataclass
class ClipResult:
    """What became of a clip; `fates` holds the reason of every segment that was not spoken."""

    info: MediaInfo
    target: Path
    languages: tuple[str, str]
    engines: tuple[str, ...] = ()
    placed: list[Placed] = field(default_factory=list)
    fates: dict[int, tuple[Fate, str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    captions_held: bool = True

    @property
    def captions(self) -> list[Caption]:
        return [caption_of(placed) for placed in self.placed if placed.speech.translation.text]

    def count(self, fate: Fate) -> int:
        return sum(1 for found, _ in self.fates.values() if found is fate)


class ClipTranslation:
    """One clip, once. `run` works on the calling thread and two or more of its own."""

    def __init__(
        self, job: ClipJob, config: Config, progress: Progress = lambda done, whole: None
    ) -> None:
        self._job = job
        self._config = config
        self._progress = progress
        self._info = probe(job.source)
        self._warnings: list[str] = []
        self._chunks = read_audio(job.source, warnings=self._warnings)
        self._assembly = Assembly(
            config, patience=PATIENCE, live=False, look=ClipLips(job.source).look
        )
        self._session = Session(
            lambda session: self._assembly.pipeline(session, baseline=job.sequential)
        )
        self._session.listen(self._note)
        self._timeline = Timeline(Governor(config.lag, self._lag_changed), faster)
        self._own = OwnVoice(config.voice)
        self._held: list[Speech] = []
        self._result = ClipResult(self._info, job.target, self._assembly.languages)
        self._broken: Exception | None = None

    @property
    def metrics(self) -> Metrics:
        """How long each stage took."""
        return self._session.metrics

    def run(self) -> ClipResult:
        """Raises what could not be read, built or written; Interrupted after Ctrl-C, when what
        was done so far has been left as a partial file."""
        with ClipOutput(self._job, self._config, self._info) as output:
            try:
                self._session.listen(output.take)
                self._session.start()
                self._result.engines = (*self._assembly.reasons, *output.reasons)
                self._translate(output)
                return self._finish(output)
            except KeyboardInterrupt:
                self._session.stop()
                kept = output.abandon()
                where = f" What was translated so far is in {kept}." if kept else ""
                raise Interrupted(f"Stopped.{where}") from None
            finally:
                self._session.stop()

    def _translate(self, output: ClipOutput) -> None:
        feeder = threading.Thread(target=self._feed, name="feed", daemon=True)
        feeder.start()
        while True:
            try:
                speech = self._session.receive(timeout=0.1)
            except TimeoutError:
                pass
            else:
                if speech is None:
                    break
                self._take(speech, output)
            if self._has_room_enough():
                self._place_held(output)
            self._write(output, self._safe())
        self._place_held(output)
        if self._broken is not None:
            raise self._broken

    def _feed(self) -> None:
        try:
            for chunk in self._chunks:
                if not self._session.feed(chunk):
                    return
        except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
            self._broken = error
        finally:
            self._session.finish()

    def _take(self, speech: Speech, output: ClipOutput) -> None:
        """Hold a segment's voice until the next one tells how much room it has."""
        if self._held and self._held[0].segment.number != speech.segment.number:
            self._place_held(output, speech.segment.start)
        self._held.append(self._own.passed(speech))

    def _has_room_enough(self) -> bool:
        """Whether the held voice need not wait for the next one: it is over before that begins."""
        if not self._held or not self._held[-1].last:
            return False
        length = sum(speech.audio.duration for speech in self._held)
        return self._assembly.horizon > self._held[0].segment.start + length + MARGIN

    def _place_held(self, output: ClipOutput, next_start: float | None = None) -> None:
        held, self._held = joined(self._held) if self._held else [], []
        if not held:
            return
        segment = held[0].segment
        room = (next_start or self._info.duration) - segment.start
        length = sum(speech.audio.duration for speech in held)
        for speech in held:
            placed = self._timeline.place(
                speech, due=segment.start, wanted=length / room if room > 0 else 1.0
            )
            self._own.placed(placed)
            self._result.placed.append(placed)
            output.add(placed)
        self._session.ledger.settle(segment.number, *fate(self._result.placed[-len(held)]))

    def _safe(self) -> float:
        """Up to here no voice can still be placed. The horizon is asked first: a segment is in
        the ledger before the horizon passes it."""
        horizon = self._assembly.horizon
        safe = min(horizon, self._session.ledger.oldest)
        if self._held:
            safe = min(safe, self._held[0].segment.start)
        return min(safe - MARGIN, self._info.duration)

    def _write(self, output: ClipOutput, until: float) -> None:
        """In steps, however far it is: a long pause must not be in memory at once."""
        while output.position < until:
            output.write(min(until, output.position + STEP))
            self._progress(output.position, self._end)

    @property
    def _end(self) -> float:
        """How long the file becomes, by what has been placed so far."""
        free, duration = self._timeline.free, self._info.duration
        return free + TAIL if free > duration else duration

    def _finish(self, output: ClipOutput) -> ClipResult:
        result = self._result
        spoken = result.count(Fate.SPOKEN) + result.count(Fate.CAPTION)
        if not spoken:
            self._nothing_came_out()
        self._write(output, self._end)
        result.captions_held = output.captions_held
        output.finish()
        result.warnings += self._warnings + output.warnings
        return result

    def _nothing_came_out(self) -> None:
        failures = [reason for fate, reason in self._result.fates.values() if fate is Fate.FAILED]
        if failures:
            raise EngineFailed(f"Nothing could be translated: {failures[0]}")
        raise NothingToTranslate(f"No speech was found in {self._job.source}.")

    def _lag_changed(self, step: LagStep, lag: float) -> None:
        self._assembly.lag_changed(step, lag)
        self._session.tell(LagChanged(step.name.lower(), lag))

    def _note(self, event: Event) -> None:
        match event:
            case Settled():
                self._result.fates[event.number] = event.fate, event.reason
            case Notice():
                self._warnings.append(event.text)
