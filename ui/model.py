"""The live session as the window sees it: what happens there as signals on the window's thread,
what the user wants as calls."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from core.config import Config, declared
from core.events import Event, State, StateChanged
from core.latest import Latest
from core.live import LiveControl, LiveStatus, Voiced
from core.types import AudioChunk, Frame

STATUS_EVERY = 100
"""Milliseconds between two looks at the session's status."""
AT_WORK = (State.STARTING, State.RUNNING)


class LiveModel(QObject):
    """Until a session is attached (its devices take a moment to open) calls are kept: the settings
    are given to it, and a wish to start is granted then."""

    told = Signal(Event)
    status_changed = Signal(LiveStatus)
    state_changed = Signal(State, str)
    config_changed = Signal(Config)
    waiting_changed = Signal(bool)
    """Push to translate was turned on or off."""
    restart_needed = Signal(tuple)
    """Names of settings that have no effect before the translation is started anew."""

    _arrived = Signal(Event)

    def __init__(self, config: Config, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.config = config
        self.status = LiveStatus()
        self.state = State.IDLE
        self.waits_for_key = False
        self._unmuted = Voiced.TRANSLATED
        """Push to translate: only what is said while the key is held is translated."""
        self._live: LiveControl | None = None
        self._wanted = False
        self._again = False
        self._stale: set[str] = set()
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, interval=STATUS_EVERY)
        self._timer.timeout.connect(self.look)

    # --- the session ---------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        return self._live is not None

    @property
    def at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def shown(self) -> Latest[Frame] | None:
        """What the meeting sees."""
        if self._live is None:
            return None
        drawn = self.state is State.RUNNING and self.status.voiced is Voiced.TRANSLATED
        return self._live.shown if drawn else self._live.taken

    @property
    def taken(self) -> Latest[Frame] | None:
        return self._live.taken if self._live else None

    def attach(self, live: LiveControl) -> None:
        """The session is there. Events may come on any thread; they are told on this one."""
        self._live = live
        live.listen(self._arrived.emit)
        if live.config != self.config:
            live.change(self.config)
        live.preview(True)
        if self.waits_for_key:
            live.hold(False)
        self._timer.start()
        self.look()
        if self._wanted:
            live.start()

    def close(self) -> None:
        self._timer.stop()
        if self._live is not None:
            self._live.close()
            self._live = None

    # --- what the user wants -------------------------------------------------------------------

    def start(self) -> None:
        self._wanted = True
        self._stale.clear()
        self._call(lambda live: live.start())

    def stop(self) -> None:
        self._wanted = self._again = False
        self._call(lambda live: live.stop())

    def toggle(self) -> None:
        if self.at_work or (self._wanted and not self.ready):
            self.stop()
        else:
            self.start()

    def restart(self) -> None:
        """Stop, and start as soon as it has stopped; nothing when it does not run."""
        if self.at_work:
            self._again = True
            self._call(lambda live: live.stop())

    def voice(self, voiced: Voiced) -> None:
        """That one, or back when it is that one already: from muted to what was before it."""
        now = self.status.voiced
        wanted = self._unmuted if now is Voiced.MUTED else Voiced.TRANSLATED
        if now is not voiced:
            wanted = voiced
        if wanted is Voiced.MUTED:
            self._unmuted = now
        self._call(lambda live: live.voice(wanted))
        self.look()

    def panic(self) -> None:
        self.voice(Voiced.ORIGINAL)

    def mute(self) -> None:
        self.voice(Voiced.MUTED)

    def wait_for_key(self, wanted: bool) -> None:
        """Turn push-to-translate on or off."""
        self.waits_for_key = wanted
        self._call(lambda live: live.hold(not wanted))
        self.waiting_changed.emit(wanted)

    def hold(self, talking: bool) -> None:
        """The key of push-to-translate is pressed or let go."""
        if self.waits_for_key:
            self._call(lambda live: live.hold(talking))

    def preview(self, wanted: bool) -> None:
        self._call(lambda live: live.preview(wanted))

    def choose_face(self, x: float, y: float) -> None:
        self._call(lambda live: live.choose_face(x, y))

    def recent(self, seconds: float) -> tuple[AudioChunk, AudioChunk | None] | None:
        """As of `LiveControl`; None before a session is there."""
        return self._live.recent(seconds) if self._live is not None else None

    def set(self, name: str, value: object) -> None:
        """Change one setting, by its name "section.key". ValueError as `Setting.into`."""
        setting = next(one for one in declared() if one.name == name)
        self.change(setting.into(self.config, value))

    def change(self, config: Config) -> None:
        """Other settings from here on; what can be, is changed in the running session."""
        if config == self.config:
            return
        self.config = config
        if self._live is not None:
            waiting = self._live.change(config)
            if self.at_work:
                self._stale.update(waiting)
        self.config_changed.emit(config)
        if self._stale:
            self.restart_needed.emit(tuple(sorted(self._stale)))

    # --- what happens there --------------------------------------------------------------------

    def look(self) -> None:
        """Fetch the status now."""
        if self._live is None:
            return
        self.status = self._live.status()
        self._enter(self.status.state, self.status.reason)
        self.status_changed.emit(self.status)

    def _call(self, call: Callable[[LiveControl], None]) -> None:
        if self._live is not None:
            call(self._live)

    def _take(self, event: Event) -> None:
        if isinstance(event, StateChanged):
            self.look()
        self.told.emit(event)

    def _enter(self, state: State, reason: str) -> None:
        if state is self.state:
            return
        self.state = state
        if state is State.FAILED:
            self._wanted = False
        self.state_changed.emit(state, reason)
        if self._again and state in (State.STOPPED, State.IDLE, State.FAILED):
            self._again = False
            self.start()
