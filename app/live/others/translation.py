"""One run of the way back: the others are heard, translated, and told to the user."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from app.live.clock import SessionClock
from app.live.desk import ORIGINALS, Desk, Row
from app.live.echo import EchoWatch
from app.live.listening import Listening
from app.live.others.desk import OthersDesk
from app.live.others.settings import turned_round
from app.live.speaker import Speaker
from app.live.voices import Voices
from core.config import Config
from core.events import OTHERS, Event, Fate, Notice, Settled, SpeakerEvent, StateChanged
from core.live import Device, Level, OthersStatus, Rung
from core.pipeline import Host, Spawn
from core.process import Remote
from core.shared.board import Board
from core.shared.sound import SharedSound

_LEAD_IN = 1.0
"""Seconds after which a file that stands in for the others begins."""
IN_THE_ROOM = (
    "Your microphone hears the translation that is meant for you. Use headphones: else it is "
    "translated for the others."
)
IN_A_CIRCLE = (
    "What is played for you comes back as the others' sound. It is only shown from here on; choose "
    "another output (others.output) and turn it on again."
)
NOT_SPOKEN = "the voice is turned off"


@dataclass(frozen=True)
class _Room:
    """The user's microphone, and what is played for their ears."""

    heard: SharedSound
    said: SharedSound
    board: Board


class OthersTranslation:
    """Built on one thread (building loads engines: seconds); `change` and `stop` may come from any
    other, `check` is for one. Raises what its engines and devices raise."""

    def __init__(
        self,
        config: Config,
        desk: Desk,
        clock: SessionClock,
        tell: Callable[[Event], None],
        spawn: Spawn,
    ) -> None:
        self._tell = tell
        self._spoken = config.others.spoken
        self._devices = (Device(), Device())
        turned = turned_round(config)
        self._languages = turned.languages.source, turned.languages.target
        with ExitStack() as undo:
            self._desk = OthersDesk(desk.board)
            undo.callback(self._desk.close)
            self._balance(config)
            self._speaker = Speaker(
                turned,
                clock,
                Voices(self._desk, clock),
                tell=self._told,
                spawn=spawn,
            )
            self._listening = Listening(self._desk, clock, self._speaker.feed, lambda: True)
            self._speaker.start()
            undo.callback(self._speaker.stop)
            if not self._spoken:
                self._only_show()
            self.remote = self._open(config)
            undo.callback(self.remote.close)
            undo.pop_all()
        self._echoes = (
            (IN_THE_ROOM, EchoWatch(_Room(desk.heard, self._desk.said, desk.board), clock)),
            (IN_A_CIRCLE, EchoWatch(self._desk, clock)),
        )
        self._host: Host = spawn("others", self._listening.run)
        self._host.start()

    @property
    def status(self) -> OthersStatus:
        speaker = self._speaker
        speech, silence = speaker.assembly.heard
        choices = speaker.assembly.choices
        return OthersStatus(
            languages=self._languages,
            source=self._devices[0],
            output=self._devices[1],
            level=Level(self._listening.level, speech, silence=silence),
            lag=speaker.lag,
            lag_step=speaker.lag_step,
            hears_itself=any(echo.heard for _, echo in self._echoes),
            rungs=tuple(Rung(one.kind, one.name, one.reason) for one in choices),
        )

    @property
    def quiet(self) -> bool:
        """Whether nothing that the others said is still to be told."""
        return self._speaker.quiet

    @property
    def desk(self) -> OthersDesk:
        """For tests and benches."""
        return self._desk

    def change(self, config: Config) -> None:
        """What can be changed while it runs."""
        self._balance(config)
        self._speaker.change(turned_round(config))

    def choose(self, config: Config) -> None:
        """Another output or microphone; on the thread of `check`."""
        output, hearing = config.others.output, config.devices.microphone
        self.remote.hereafter(output=output, hearing=hearing)
        self.remote.call("choose", output, hearing, timeout=5.0)

    def check(self) -> None:
        """What the devices say, and whether anything goes round in circles."""
        self._devices = self.remote.call("status", timeout=5.0)
        for sentence, echo in self._echoes:
            if echo.look(self._speaker.spoken_until):
                self._tell(Notice(sentence))
                if sentence == IN_A_CIRCLE:
                    self._only_show()
                    self._speaker.cancel()

    def stop(self) -> None:
        self._listening.stop()
        self._speaker.cancel()
        self._speaker.stop()
        self._host.join(2.0)
        self.remote.close()
        self._desk.close()

    def _open(self, config: Config) -> Remote:
        options = {
            "names": self._desk.names,
            "source": config.others.source,
            "output": config.others.output,
            "hearing": config.devices.microphone,
            "epoch": time.perf_counter() + _LEAD_IN,
        }
        return Remote("app.live.others.devices:OthersDevices", options, outlive=True)

    def _balance(self, config: Config) -> None:
        others = config.others
        row = ORIGINALS.index(others.original), others.duck_db
        self._desk.board.write(Row.BALANCE, *row)

    def _only_show(self) -> None:
        self._spoken = False
        self._speaker.assembly.aloud = False

    def _told(self, event: Event) -> None:
        if isinstance(event, Notice):
            self._tell(event)
        elif not isinstance(event, StateChanged):  # the way back tells its own states
            self._tell(SpeakerEvent(OTHERS, self._explained(event)))

    def _explained(self, event: Event) -> Event:
        if isinstance(event, Settled) and event.fate is Fate.CAPTION and not self._spoken:
            return replace(event, reason=NOT_SPOKEN)
        return event
