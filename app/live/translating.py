"""One run of the translation within a live session: from `start` to `stop`."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from app.live.clock import SessionClock
from app.live.desk import Desk, Row
from app.live.listening import Listening
from app.live.speaker import Speaker
from app.live.voices import Voices
from app.mouths import keep, recall
from app.picture import PicturePath, Sight
from app.sharing import SharedEngines
from core.config import Config
from core.enhancing import Levels
from core.errors import TranslatedCameraError
from core.events import Event, Notice
from core.latest import Latest
from core.live import Rung
from core.orchestrator import Orchestrator
from core.pipeline import Host, Spawn
from core.session import Session
from core.types import AudioChunk, Frame, LipSight
from core.visual import VisualPipeline
from engines.priority import PICTURE, hurried

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
        shared: SharedEngines | None = None,
    ) -> None:
        """Engines in `shared` are used together with whoever else speaks."""
        self._config = config
        self._orchestrator = Orchestrator(config.picture)
        self.speaker = Speaker(
            config,
            clock,
            Voices(desk, clock),
            shared=shared,
            tell=tell,
            due=self._orchestrator.due,
            placed=self._orchestrator.add,
            look=self._look,
            spawn=spawn,
        )
        self._spawn = spawn
        self._hosts: list[Host] = []
        with ExitStack() as undo:
            self.picture = PicturePath(config, self.speaker.talk)
            undo.callback(self.picture.close)
            if self.picture.lips is not None:
                recall(self.picture.lips, config.picture.profile)
            self.visual: VisualPipeline[Sight] = VisualPipeline(
                self.picture, self._orchestrator, shown.position, self.session.metrics, shown
            )
            self.listening = Listening(desk, clock, self.speaker.feed, open_)
            self.speaker.start()
            undo.pop_all()
        self._run("listen", self.listening.run)
        self._run("picture", hurried(PICTURE, self.visual.run))

    @property
    def session(self) -> Session:
        return self.speaker.session

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """Engines in use, those of the picture included."""
        choices = (*self.speaker.assembly.choices, *self.picture.choices)
        return tuple(Rung(one.kind, one.name, one.reason) for one in choices)

    @property
    def spoken_until(self) -> float:
        """The session time at which the last voice that has its place ends."""
        return self.speaker.spoken_until

    @property
    def lag(self) -> float:
        return self.speaker.lag

    @property
    def lag_step(self) -> str:
        return self.speaker.lag_step

    @property
    def heard(self) -> tuple[float, float]:
        """How surely there is speech, and the seconds of silence so far."""
        return self.speaker.assembly.heard

    @property
    def levels(self) -> Levels:
        """Of the microphone, before and after it is enhanced."""
        return self.speaker.assembly.levels

    @property
    def lately(self) -> tuple[AudioChunk, AudioChunk] | None:
        """The last seconds of the microphone, before and after it was enhanced."""
        return self.speaker.assembly.lately

    @property
    def watches(self) -> bool:
        """Whether the speaker's lips are needed though nobody looks at the picture."""
        return self.speaker.assembly.watches

    def times(self) -> Mapping[str, float]:
        """The typical seconds that an item takes in each stage."""
        return self.speaker.times()

    def cancel(self) -> None:
        """Nothing that was said so far is heard any more."""
        self.speaker.cancel(self._orchestrator.forget)

    def change(self, config: Config) -> None:
        """What can be changed while it runs."""
        self.speaker.change(config)
        self.picture.change(config)

    def stop(self) -> None:
        self.listening.stop()
        self.visual.stop()
        self.speaker.stop()
        for host in self._hosts:
            host.join(2.0)
        try:
            if self.picture.lips is not None:
                keep(self.picture.lips, self._config.picture.profile)
        except TranslatedCameraError as error:  # a full disk does not keep anything from ending
            self.session.tell(Notice(str(error)))
        finally:
            self.picture.close()

    def _look(self, until: float) -> Sequence[LipSight]:
        return self.picture.lips_seen.take(until)

    def _run(self, name: str, work: Callable[[], None]) -> None:
        host = self._spawn(name, work)
        self._hosts.append(host)
        host.start()
