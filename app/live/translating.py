"""One run of the translation within a live session: from `start` to `stop`."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from app.assembly import Assembly
from app.live.clock import SessionClock
from app.live.desk import Desk, Row
from app.live.listening import Listening
from app.live.voices import Voices
from app.mouths import keep, recall
from app.picture import PicturePath, Sight
from core.captions.live import LiveCaptions
from core.config import Config
from core.devices import RATE
from core.enhancing import Levels
from core.events import Event, Fate, LagChanged, VoicePlaced
from core.lag import Governor, LagStep
from core.latest import Latest
from core.live import Rung
from core.orchestrator import Orchestrator
from core.pipeline import Host, Spawn
from core.session import Session
from core.timeline import Placed, Timeline
from core.types import AudioChunk, Frame, LipSight, Speech
from core.visual import VisualPipeline
from engines.audio.tempo import faster

log = logging.getLogger(__name__)

_FOLLOWING = 0.05
"""How much of each error of the picture's lead is corrected at once."""


class Outgoing(Latest[Frame]):
    """What is shown goes to the outputs too. It learns how far ahead of what is heard a picture
    must be drawn, to be right when it is seen."""

    def __init__(self, desk: Desk, clock: SessionClock) -> None:
        super().__init__()
        self.skew = 0.0
        """Seconds that the last picture is behind the voice."""
        self._desk, self._clock = desk, clock
        self._lead = 0.03
        self._drawn_for = 0.0

    def position(self) -> float:
        """That will be heard when the picture that is drawn now is seen."""
        self._drawn_for = self._clock.heard() + self._lead
        return self._drawn_for

    def put(self, value: Frame) -> int:
        now = time.perf_counter()
        self._desk.shown.put(value.image, now, value.number)
        wait = self._desk.board.read(Row.SENT)[3]
        self.skew = self._clock.heard() + wait - self._drawn_for
        self._lead = min(0.2, max(0.0, self._lead + _FOLLOWING * self.skew))
        return super().put(value)


class Translating:
    """Built and started on one thread (building loads engines: seconds); `cancel`, `change` and
    `stop` may come from any other. `open_` says whether the microphone is listened to."""

    def __init__(
        self,
        config: Config,
        desk: Desk,
        clock: SessionClock,
        tell: Callable[[Event], None],
        open_: Callable[[], bool],
        spawn: Spawn,
        shown: Outgoing,
    ) -> None:
        self._config = config
        self._desk, self._clock = desk, clock
        self._assembly = Assembly(config, live=True, clock=clock, spawn=spawn, look=self._look)
        self.session = Session(self._assembly.pipeline)
        self.session.listen(tell)
        self._governor = Governor(config.lag, self._lag_changed)
        self._timeline = Timeline(self._governor, faster)
        self._orchestrator = Orchestrator(config.picture)
        self._voices = Voices(desk, clock)
        self._spawn = spawn
        self._hosts: list[Host] = []
        self._placing = threading.Lock()
        self.lag = 0.0
        with ExitStack() as undo:
            languages = config.languages
            self.picture = PicturePath(config, LiveCaptions(languages.source, languages.target))
            undo.callback(self.picture.close)
            if self.picture.lips is not None:
                recall(self.picture.lips, config.picture.profile)
            self.visual: VisualPipeline[Sight] = VisualPipeline(
                self.picture, self._orchestrator, shown.position, self.session.metrics, shown
            )
            self.listening = Listening(desk, clock, self.session.feed, open_)
            self.session.listen(self._caption)
            self.session.start()
            undo.pop_all()
        self._run("listen", self.listening.run)
        self._run("place", self._place)
        self._run("picture", self.visual.run)

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """Engines in use, those of the picture included."""
        choices = (*self._assembly.choices, *self.picture.choices)
        return tuple(Rung(one.kind, one.name, one.reason) for one in choices)

    @property
    def spoken_until(self) -> float:
        """The session time at which the last voice that has its place ends."""
        return self._voices.end / RATE

    @property
    def lag_step(self) -> str:
        return self._governor.step.name.lower()

    @property
    def heard(self) -> tuple[float, float]:
        """How surely there is speech, and the seconds of silence so far."""
        return self._assembly.heard

    @property
    def levels(self) -> Levels:
        """Of the microphone, before and after it is enhanced."""
        return self._assembly.levels

    @property
    def lately(self) -> tuple[AudioChunk, AudioChunk] | None:
        """The last seconds of the microphone, before and after it was enhanced."""
        return self._assembly.lately

    @property
    def watches(self) -> bool:
        """Whether the speaker's lips are needed though nobody looks at the picture."""
        return self._assembly.watches

    def times(self) -> Mapping[str, float]:
        """The typical seconds that an item takes in each stage."""
        timings = self.session.metrics.snapshot()["timings"]
        return {name: found["p50"] for name, found in timings.items()}

    def cancel(self) -> None:
        """Nothing that was said so far is heard any more."""
        self.session.cancel()
        with self._placing:
            self._timeline.free = self._voices.cancel()
            self._orchestrator.forget()
        self.picture.talk.clear()

    def change(self, config: Config) -> None:
        """What can be changed while it runs."""
        self._governor.settings = config.lag
        self._assembly.change(config)
        self.picture.change(config)

    def stop(self) -> None:
        self.listening.stop()
        self.visual.stop()
        self.session.stop()
        for host in self._hosts:
            host.join(2.0)
        self._voices.cancel()
        if self.picture.lips is not None:
            keep(self.picture.lips, self._config.picture.profile)
        self.picture.close()

    def _look(self, until: float) -> Sequence[LipSight]:
        return self.picture.lips_seen.take(until)

    def _run(self, name: str, work: Callable[[], None]) -> None:
        host = self._spawn(name, work)
        self._hosts.append(host)
        host.start()

    def _place(self) -> None:
        while (speech := self.session.receive()) is not None:
            try:
                self._give_place(speech)
            except Exception as error:
                log.exception("A voice could not be placed")
                number = speech.segment.number
                self.session.ledger.settle(number, Fate.FAILED, str(error))

    def _give_place(self, speech: Speech) -> None:
        segment = speech.segment
        with self._placing:
            if segment.turn != self.session.turn:
                return
            due = self._orchestrator.due(segment)
            placed = self._timeline.place(speech, due, ready=self._voices.ready)
            self._orchestrator.add(placed)
            self._voices.add(placed)
        self.lag = placed.lag
        self.picture.talk.place(placed)
        self.session.tell(VoicePlaced(placed.speech, placed.start, placed.lag))
        if speech.last:
            self.session.ledger.settle(segment.number, *fate(placed))

    def _lag_changed(self, step: LagStep, lag: float) -> None:
        self._assembly.lag_changed(step, lag)
        self.session.tell(LagChanged(step.name.lower(), lag))

    def _caption(self, event: Event) -> None:
        self.picture.talk.take(event, self._clock.now())


def fate(placed: Placed) -> tuple[Fate, str]:
    """What became of a segment whose last voice was placed so."""
    if not placed.speech.translation.text:
        return Fate.EMPTY, ""
    if placed.spoken:
        return Fate.SPOKEN, ""
    return Fate.CAPTION, "the voice was too far behind"
