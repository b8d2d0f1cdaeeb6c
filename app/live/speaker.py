"""One speaker's way through the translation: their sound is fed, their voice gets its place."""

import logging
import threading
from collections.abc import Callable, Mapping

from app.assembly import Assembly
from app.live.clock import SessionClock
from app.live.voices import Voices
from app.sharing import SharedEngines
from core.captions.live import LiveCaptions
from core.config import Config
from core.devices import RATE
from core.enhancing import Look, blind
from core.events import Event, Fate, LagChanged, VoicePlaced
from core.lag import Governor, LagStep
from core.pipeline import Host, Spawn, thread_host
from core.session import Session
from core.spoken import OwnVoice, fate
from core.timeline import Placed, Timeline
from core.types import AudioChunk, Segment, Speech
from engines.audio.tempo import faster

log = logging.getLogger(__name__)


class Speaker:
    """Languages, voice and engines are those of `config`; engines that another speaker of the
    same session needs too are built once, in `shared`, and used by turns. Voices go to `voices`.

    `tell` hears what happens, on any thread. `due` says when the voice of a segment should start,
    `placed` hears of each voice that has its place. `talk` is what is to be read of it all.
    """

    def __init__(
        self,
        config: Config,
        clock: SessionClock,
        voices: Voices,
        *,
        shared: SharedEngines | None = None,
        tell: Callable[[Event], None] = lambda event: None,
        due: Callable[[Segment], float] = lambda segment: segment.end,
        placed: Callable[[Placed], None] = lambda placed: None,
        look: Look = blind,
        spawn: Spawn = thread_host,
    ) -> None:
        self.lag = 0.0
        self.talk = LiveCaptions(config.languages.source, config.languages.target)
        self.assembly = Assembly(
            config, live=True, clock=clock, spawn=spawn, look=look, shared=shared
        )
        self.session = Session(self.assembly.pipeline)
        self.session.listen(tell)
        self.session.listen(lambda event: self.talk.take(event, clock.now()))
        self._governor = Governor(config.lag, self._lag_changed)
        self._timeline = Timeline(self._governor, faster)
        self._own = OwnVoice(config.voice)
        self._voices = voices
        self._due, self._placed = due, placed
        self._spawn = spawn
        self._placing = threading.Lock()
        self._host: Host | None = None

    def start(self) -> None:
        """Returns when the engines are there; raises what building them raised."""
        self.session.start()
        self._host = self._spawn("place", self._place)
        self._host.start()

    def feed(self, audio: AudioChunk) -> bool:
        """The next sound, at the pipeline's rate. One thread; it may wait."""
        return self.session.feed(audio)

    @property
    def quiet(self) -> bool:
        """Whether nothing that was said is still on its way to its place."""
        return self.session.ledger.open == 0

    @property
    def spoken_until(self) -> float:
        """The session time at which the last voice that has its place ends."""
        return self._voices.end / RATE

    @property
    def lag_step(self) -> str:
        return self._governor.step.name.lower()

    def times(self) -> Mapping[str, float]:
        """The typical seconds that an item takes in each stage."""
        timings = self.session.metrics.snapshot()["timings"]
        return {name: found["p50"] for name, found in timings.items()}

    def cancel(self, also: Callable[[], None] = lambda: None) -> None:
        """Nothing that was said so far is heard any more. `also` is called before anything else
        gets its place. Any thread."""
        self.session.cancel()
        with self._placing:
            self._timeline.free = self._voices.cancel()
            also()
        self.talk.clear()

    def change(self, config: Config) -> None:
        """What can be changed while it runs. Any thread."""
        self._governor.settings = config.lag
        self._own.settings = config.voice
        self.assembly.change(config)

    def stop(self) -> None:
        self.session.stop()
        if self._host is not None:
            self._host.join(2.0)
        self._voices.cancel()

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
        # Here and not while it is placed: `cancel` waits for that, and the panic key for `cancel`.
        self._voices.wait(speech.audio.duration, lambda: segment.turn == self.session.turn)
        with self._placing:
            if segment.turn != self.session.turn:
                return
            due = self._due(segment)
            speech = self._own.passed(speech)
            placed = self._timeline.place(speech, due, ready=self._voices.ready)
            self._own.placed(placed)
            self._placed(placed)
            self._voices.add(placed)
        self.lag = placed.lag
        self.talk.place(placed)
        self.session.tell(VoicePlaced(placed.speech, placed.start, placed.lag))
        if speech.last:
            self.session.ledger.settle(segment.number, *fate(placed))

    def _lag_changed(self, step: LagStep, lag: float) -> None:
        self.assembly.lag_changed(step, lag)
        self.session.tell(LagChanged(step.name.lower(), lag))
