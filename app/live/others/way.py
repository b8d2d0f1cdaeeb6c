"""The way back as a part of the live session: there while it is wanted and the session runs."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from app.live.clock import SessionClock
from app.live.desk import Desk
from app.live.others.translation import OthersTranslation
from app.live.trouble import Trouble
from core.config import Config
from core.errors import TranslatedCameraError
from core.events import OTHERS, Event, Notice, SpeakerEvent, State, StateChanged
from core.live import OthersStatus
from core.pipeline import Spawn

log = logging.getLogger(__name__)


class WayBack:
    """`start`, `stop` and `change` return at once and may come from any thread; `check` and
    `close` wait. What cannot be changed at once waits for `check`. That the way back cannot be had
    is told, and costs the session nothing else."""

    def __init__(
        self,
        desk: Desk,
        clock: SessionClock,
        tell: Callable[[Event], None],
        spawn: Spawn,
    ) -> None:
        self._desk, self._clock = desk, clock
        self._tell, self._spawn = tell, spawn
        self._state, self._reason = State.IDLE, ""
        self._config = Config()
        self._wanted = False
        self._run: OthersTranslation | None = None
        self._chosen = self._altered = False
        self._trouble = Trouble(log)
        self._changing = threading.RLock()

    @property
    def status(self) -> OthersStatus:
        run = self._run
        status = run.status if run is not None else OthersStatus()
        return replace(status, state=self._state, reason=self._reason)

    @property
    def quiet(self) -> bool:
        run = self._run
        return run is None or run.quiet

    @property
    def running(self) -> OthersTranslation | None:
        """For tests and benches."""
        return self._run

    def start(self, config: Config) -> None:
        self._config, self._wanted = config, True
        self._settle()

    def stop(self) -> None:
        self._wanted = False
        self._settle()

    def change(self, config: Config) -> None:
        before, self._config = self._config, config
        if _what_it_is(before) != _what_it_is(config):
            self._settle(again=True)
            return
        self._chosen |= _where(before) != _where(config)
        self._altered = True
        if self._changing.acquire(blocking=False):
            try:
                self._alter()
            finally:
                self._changing.release()

    def check(self) -> None:
        """Regularly, on one thread. While anything begins or ends there is nothing to look at."""
        if not self._changing.acquire(blocking=False):
            return
        try:
            self._look()
        except TranslatedCameraError as error:
            self._trouble.now(str(error))
        else:
            self._trouble.now("")
        finally:
            self._changing.release()

    def _alter(self) -> None:
        """What can be changed while it runs. What makes no sense for the run that is there, because
        another is about to take its place, is told and hurts nobody."""
        if not self._altered or self._run is None:
            return
        self._altered = False
        try:
            self._run.change(self._config)
        except TranslatedCameraError as error:
            log.info("The way back does not follow: %s", error)
            self._reason = str(error)

    def _look(self) -> None:
        if self._run is None:
            return
        self._alter()
        if self._chosen:
            self._chosen = False
            self._run.choose(self._config)
        self._run.check()

    def close(self) -> None:
        self._wanted = False
        self._bring_about(again=False)

    def _settle(self, *, again: bool = False) -> None:
        self._spawn("others", lambda: self._bring_about(again=again)).start()

    def _bring_about(self, *, again: bool) -> None:
        """What is wanted at the end of all that was asked for."""
        with self._changing:
            wanted = self._wanted and self._config.others.translate
            if self._run is not None and (again or not wanted):
                run, self._run = self._run, None
                self._change(State.STOPPING)
                run.stop()
                self._change(State.STOPPED)
            if wanted and self._run is None:
                self._begin()

    def _begin(self) -> None:
        self._change(State.STARTING)
        self._altered = False
        try:
            self._run = OthersTranslation(
                self._config, self._desk, self._clock, self._tell, self._spawn
            )
        except Exception as error:
            if not isinstance(error, TranslatedCameraError):
                log.exception("The way back could not begin")
            reason = str(error) or type(error).__name__
            self._change(State.FAILED, reason)
            self._tell(Notice(f"The others cannot be translated for you. {reason}"))
            return
        self._change(State.RUNNING)

    def _change(self, state: State, reason: str = "") -> None:
        self._state, self._reason = state, reason
        self._tell(SpeakerEvent(OTHERS, StateChanged(state, reason)))


def _what_it_is(config: Config) -> object:
    """What cannot be changed while it runs."""
    others = config.others
    return (
        replace(others, output="", original="duck", duck_db=0.0),
        config.languages,
        config.engines,
        config.models,
        config.placement,
    )


def _where(config: Config) -> object:
    return config.others.output, config.devices.microphone
