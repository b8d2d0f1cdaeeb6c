"""The live session: devices from beginning to end, a translation in between."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from app.live.clock import SessionClock
from app.live.desk import ORIGINALS, Desk, Order, Row
from app.live.device_processes import DeviceProcesses
from app.live.echo import EchoWatch
from app.live.guests import Guests
from app.live.others.way import WayBack
from app.live.translating import Outgoing, Translating
from app.live.upkeep import Upkeep
from app.live.watching import Watching
from app.sharing import SharedEngines
from core.config import Config, declared
from core.devices import RATE
from core.enhancing import OFF
from core.errors import TranslatedCameraError
from core.events import Event, Notice, State, StateChanged
from core.guests import guests
from core.latest import Latest
from core.live import HEARS_ITSELF, Level, LiveStatus, Voiced
from core.pipeline import Host, Spawn, thread_host
from core.spoken import SpokenLanguage
from core.types import AudioChunk, Frame
from engines.priority import PICTURE, hurried

log = logging.getLogger(__name__)

_LEAD_IN = 6.0
"""Seconds after which a file or the demo begins: by then the engines are there."""
_ORDERS = {
    Voiced.TRANSLATED: Order.TRANSLATED,
    Voiced.ORIGINAL: Order.ORIGINAL,
    Voiced.MUTED: Order.MUTED,
}
_FULL, _LITTLE = 30.0, 2.0
"""Pictures a second asked of the camera while somebody looks, and while nobody does."""


class LiveSession:
    """`core.live.LiveControl`. The devices are there when the constructor returns, which raises
    what opening them raised; `start` begins to translate. Guests of the settings are heard beside
    the user; others take their seats while nobody is translated.

    Device processes that die are started again; when this one dies, they pass the original on
    until nobody needs it.
    """

    def __init__(self, config: Config, spawn: Spawn = thread_host) -> None:
        self._config = config
        self._spawn = spawn
        self._listeners: list[Callable[[Event], None]] = []
        self._state, self._reason = State.IDLE, ""
        self._voiced = Voiced.TRANSLATED
        self._talking = True
        self._previewed = False
        self._recorded = False
        self._spoken = SpokenLanguage(config.languages)
        self._translating: Translating | None = None
        self._changing = threading.RLock()
        self._ended = threading.Event()
        self._upkeep = Upkeep(lambda: self._check(), self._tell, self._ended)
        invited = guests(config.guests.speakers)
        self._desk = Desk(guests=len(invited))
        self.clock = SessionClock(self._desk.board)
        self.shown: Outgoing = Outgoing(self._desk, self.clock)
        self._watching = Watching(self._desk, self.clock, lambda: self.looked_at, self._picture)
        self.taken = self._watching.taken
        self._echo = EchoWatch(self._desk, self.clock)
        self._guests = Guests(invited, self._desk, self.clock, self._tell, self._open, spawn)
        self._others = WayBack(self._desk, self.clock, self._tell, spawn)
        self._balance()
        self._open_devices()
        watch = self._run("watch", hurried(PICTURE, lambda: self._watching.run(self._ended)))
        self._hosts = [watch, self._run("devices", self._upkeep.run)]

    @property
    def config(self) -> Config:
        return self._config

    @property
    def desk(self) -> Desk:
        """For recorders and benches."""
        return self._desk

    @property
    def looked_at(self) -> bool:
        """Whether anybody sees the picture, or hears by its lips; when that cannot be told,
        somebody may."""
        if (translating := self._translating) is not None and translating.watches:
            return True
        return self._previewed or self._recorded or self._devices.status[2].watched is not False

    @property
    def picture_cpu(self) -> float:
        """The CPU seconds that the picture has cost in all processes."""
        drawn = self._translating.visual.cpu if self._translating else 0.0
        taken, sent = self._desk.board.read(Row.TAKEN)[0], self._desk.board.read(Row.SENT)[4]
        return self._watching.cpu + drawn + taken + sent

    @property
    def quiet(self) -> bool:
        """Whether nothing that was said is still to be heard."""
        translating = self._translating
        if translating is None:
            return True
        until = max(translating.spoken_until, self._guests.spoken_until)
        over = self.clock.heard() > until + 1.0
        return over and translating.speaker.quiet and self._guests.quiet and self._others.quiet

    @property
    def others(self) -> WayBack:
        """The others' voices for the user; of use for those, too, who are not translated."""
        return self._others

    def listen(self, listener: Callable[[Event], None]) -> None:
        self._listeners.append(listener)

    def start(self) -> None:
        self._run("start", self._start)

    def stop(self) -> None:
        self._run("stop", self._stop)

    def voice(self, voiced: Voiced) -> None:
        self._voiced = voiced
        self._order()
        translating = self._translating
        if voiced is not Voiced.TRANSLATED and translating is not None:
            translating.cancel()
            self._guests.cancel()

    def hold(self, talking: bool) -> None:
        self._talking = talking

    def preview(self, wanted: bool) -> None:
        self._previewed = wanted

    def record(self, wanted: bool) -> None:
        """Whether `desk.sent` is to have what the meeting sees."""
        self._recorded = wanted
        self._wish()

    def choose_face(self, x: float, y: float) -> None:
        if self._translating is not None:
            self._translating.picture.choose_face(x, y)

    def recent(self, seconds: float) -> tuple[AudioChunk, AudioChunk | None]:
        translating = self._translating
        if translating is not None and self._config.enhance.engine != OFF:
            kept = translating.lately
            if kept is not None and kept[0].duration >= seconds:
                return kept
        end, count = self._desk.heard.end, round(seconds * RATE)
        first = max(0, end - count)
        return AudioChunk(self._desk.heard.read(first, end - first), RATE, first / RATE), None

    def change(self, config: Config) -> tuple[str, ...]:
        before, self._config = self._config, config
        self._balance()
        if self._translating is not None:
            self._translating.change(config)
            self._guests.change(config)
        self._others.change(config)
        changed = [one for one in declared() if one.of(before) != one.of(config)]
        names = {one.name for one in changed}
        if names & {"devices.camera", "devices.microphone"}:
            self._upkeep.want(lambda: self._devices.choose(self._config.devices))
        if names & {"devices.virtual_camera", "devices.virtual_microphone"}:
            self._upkeep.want(lambda: self._reopen(before))
        if "guests.speakers" in names and self._translating is None:
            self._upkeep.want(self._invite)
        return tuple(one.name for one in changed if not one.live)

    def status(self) -> LiveStatus:
        camera, microphone, virtual_camera, virtual_microphone = self._devices.status
        status = LiveStatus(
            state=self._state,
            reason=self._reason,
            voiced=self._voiced,
            fps=self._watching.fps,
            underruns=int(self._desk.board.read(Row.CLOCK)[2]),
            idle=not self.looked_at,
            hears_itself=self._echo.heard,
            camera=camera,
            microphone=microphone,
            virtual_camera=virtual_camera,
            virtual_microphone=virtual_microphone,
            others=self._others.status,
            guests=self._guests.status(),
        )
        return self._with_translation(status)

    def close(self) -> None:
        self._ended.set()
        self._guests.close()  # first: a start or a stop may be waiting for their microphones
        self._stop()
        for host in self._hosts:
            host.join(1.0)
        self._others.close()
        self._devices.close()
        self._desk.close()

    def _with_translation(self, status: LiveStatus) -> LiveStatus:
        translating = self._translating
        if translating is None:
            return status
        speech, silence = translating.heard
        level = Level(translating.listening.level, speech, silence=silence)
        levels = translating.levels
        return replace(
            status,
            level=level,
            before_db=levels.before_db,
            after_db=levels.after_db,
            dropped=translating.visual.skipped,
            stages=translating.times(),
            language=self._spoken.language,
            own=self._spoken.own,
            lag=translating.lag,
            lag_step=translating.lag_step,
            skew_ms=1000 * self.shown.skew,
            rungs=translating.rungs,
        )

    def _start(self) -> None:
        with self._changing:
            if self._translating is not None or self._ended.is_set():
                return
            self._spoken = SpokenLanguage(self._config.languages)
            self._change(State.STARTING)
            try:
                self._invite()
                self._translating = self._begun()
            except Exception as error:
                if not isinstance(error, TranslatedCameraError):
                    log.exception("The translation could not begin")
                self._change(State.FAILED, str(error) or type(error).__name__)
                return
            self._order()
            self._change(State.RUNNING)
            self._others.start(self._config)

    def _begun(self) -> Translating:
        """Everybody's translation. Raises what building it raised; then nobody is translated."""
        shared = SharedEngines(self._spawn) if self._desk.guests else None
        translating = Translating(
            self._config,
            self._desk,
            self.clock,
            self._tell,
            self._open,
            self._spawn,
            self.shown,
            shared,
        )
        try:
            self._guests.start(self._config, shared, own=self._devices.status[1])
        except BaseException:
            translating.stop()
            raise
        return translating

    def _stop(self) -> None:
        with self._changing:
            translating, self._translating = self._translating, None
            if translating is None:
                return
            self._others.stop()
            self._change(State.STOPPING)
            self._order()
            translating.cancel()
            self._guests.cancel()
            translating.stop()
            self._guests.stop()
            self._change(State.STOPPED)
            self._upkeep.do(self._invite)

    def _order(self) -> None:
        order = _ORDERS[self._voiced]
        if self._translating is None and order is Order.TRANSLATED:
            order = Order.ORIGINAL
        self._desk.board.write(Row.ORDER, order)

    def _balance(self) -> None:
        voice = self._config.voice
        self._desk.board.write(Row.BALANCE, ORIGINALS.index(voice.original), voice.duck_db)

    def _open(self) -> bool:
        """Whether what is said now is to be translated."""
        return self._talking and self._voiced is Voiced.TRANSLATED

    def _picture(self, frame: Frame) -> None:
        """To be drawn; as it is while nothing is translated."""
        if (translating := self._translating) is not None:
            translating.visual.push(frame)
        else:
            Latest.put(self.shown, frame)

    def _reopen(self, before: Config) -> None:
        """Other virtual devices; those from before when they cannot be had."""
        if not (refused := self._devices.reopen(self._config.devices)):
            return
        self._config = replace(self._config, devices=before.devices)
        kept = "" if self._devices.lacking else " The devices stay as they were."
        self._tell(Notice(refused + kept))

    def _invite(self) -> None:
        """The guests of the settings. A start or a stop that is under way may have seen to them
        already: then it is tried again."""
        if not self._changing.acquire(blocking=False):
            self._upkeep.want(self._invite)
            return
        try:
            if self._ended.is_set():
                return
            wanted = guests(self._config.guests.speakers, self._guests.invited)
            if self._translating is None and wanted != self._guests.invited:
                epoch = time.perf_counter() + _LEAD_IN
                self._guests.invite(wanted, epoch, self._devices.invite)
                self._devices.spare([one.source for one in wanted])
        finally:
            self._changing.release()

    def _open_devices(self) -> None:
        """What could not be opened whole leaves nothing behind."""
        epoch = time.perf_counter() + _LEAD_IN
        with ExitStack() as undo:
            undo.callback(self._desk.close)
            theirs = [one.source for one in self._guests.invited]
            self._devices = DeviceProcesses(self._desk.names, self._config.devices, epoch, theirs)
            undo.callback(self._devices.close)
            undo.callback(self._guests.close)
            self._guests.open(epoch)
            self._check()
            undo.pop_all()

    def _check(self) -> None:
        """What the device processes say."""
        self._devices.check()
        self._guests.check()
        self._others.check()
        self._wish()
        spoken = self._translating.spoken_until if self._translating else 0.0
        if self._echo.look(spoken):
            self._tell(Notice(HEARS_ITSELF))

    def _wish(self) -> None:
        pace = _FULL if self.looked_at else _LITTLE
        self._desk.board.write(Row.WISHES, pace, self._recorded)

    def _change(self, state: State, reason: str = "") -> None:
        self._state, self._reason = state, reason
        self._tell(StateChanged(state, reason))

    def _tell(self, event: Event) -> None:
        self._spoken.take(event)
        for listener in self._listeners:
            listener(event)

    def _run(self, name: str, work: Callable[[], None]) -> Host:
        host = self._spawn(name, work)
        host.start()
        return host
