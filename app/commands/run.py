"""`run --headless`: the live session without a window, until Ctrl-C or for a while."""

import contextlib
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any

from rich.console import Console

from app.commands.run_request import (
    Request,
    beyond_files,
    configured,
    hinted,
    played,
    refuse,
)
from app.commands.run_told import Told, nothing_comes
from app.live.diary import Diary
from app.live.recorder import Recorder
from app.live.session import LiveSession
from app.side_files import write_text
from core.captions.caption import shifted
from core.captions.formats import export
from core.config import Config
from core.errors import CannotWrite, DeviceUnavailable, EngineUnavailable, UnreadableInput
from core.events import State
from core.live import LiveStatus, Voiced

_LOOK = 0.25
USER = "You"
"""How a transcript names who steers the program, beside others."""
_PATIENCE = 12.0
"""Seconds in which a first device must work, or a file begin."""


def run(request: Request) -> None:
    """Until Ctrl-C, or for so many seconds. Raises what could not be begun."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, quiet=request.quiet)
    config = configured(request, console)
    refuse(request, config)
    if remark := beyond_files(request, config):
        console.print(remark, markup=False)
    diary, told = Diary(), Told(console, request.words)
    about: dict[str, object] = {}
    session = LiveSession(config)
    with ExitStack() as ending:
        if request.json is not None:
            ending.callback(_report, request.json, diary, config, about)
        if request.transcript is not None:
            ending.callback(_transcript, request.transcript, diary, about)
        ending.callback(session.close)
        session.listen(diary.take)
        session.listen(told.take)
        if request.record is not None:
            recorder = _record(request, session, config)
            ending.callback(_recorded, request.record, recorder, console, about)
            _begin(recorder, session, ending)
        if request.passthrough:
            session.voice(Voiced.ORIGINAL)
            session.others.start(config)
        else:
            session.start()
        _watch(session, told, request)


def _watch(session: LiveSession, told: Told, request: Request) -> None:
    begun, opened = 0.0, time.monotonic()
    wanted = State.IDLE if request.passthrough else State.RUNNING
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            status, now = session.status(), time.monotonic()
            told.status(status)
            if status.state is State.FAILED:
                raise EngineUnavailable(hinted(request, session.config, status.reason))
            begun = begun or (now if status.state is wanted else 0.0)
            if begun and request.seconds and now - begun >= request.seconds:
                return
            if nothing_comes(status) and now - opened > _PATIENCE:
                files = played(session.config)
                if not told.had_input:
                    raise (UnreadableInput if files else DeviceUnavailable)(_complaint(status))
                if files and session.quiet:
                    return
            time.sleep(_LOOK)


def _complaint(status: LiveStatus) -> str:
    said = f"{status.camera.says} {status.microphone.says}".strip()
    return said or "There is neither a camera nor a microphone."


def _record(request: Request, session: LiveSession, config: Config) -> Recorder:
    assert request.record is not None
    deadline = time.monotonic() + 10.0
    while not session.clock.runs:
        if time.monotonic() > deadline:
            raise DeviceUnavailable("The virtual microphone does not run; nothing to record.")
        time.sleep(0.02)

    return Recorder(
        request.record,
        session.desk,
        session.clock,
        language=config.languages.target,
        overwrite=request.force,
    )


def _begin(recorder: Recorder, session: LiveSession, ending: ExitStack) -> None:
    thread = Thread(target=recorder.run, name="record")
    session.record(True)
    thread.start()
    ending.callback(thread.join)
    ending.callback(recorder.stop)


def _recorded(path: Path, recorder: Recorder, console: Console, about: dict[str, object]) -> None:
    """What is told of a recording that is over. CannotWrite where it ended before its time."""
    holes = recorder.holes
    about["recording_starts"] = round(recorder.start, 3)
    about["recording"] = {
        "file": str(path),
        "pictures_left_out": holes.pictures,
        "sound_missing": round(holes.sound, 3),
    }
    if holes:
        console.print(str(holes), markup=False)
    if recorder.trouble:
        raise CannotWrite(recorder.trouble)


def _transcript(path: Path, diary: Diary, about: dict[str, Any]) -> None:
    """Of a session that was recorded, a transcript to go with the recording."""
    starts = about.get("recording_starts", 0.0)
    write_text(path, export(shifted(diary.captions(USER), -starts), path.suffix[1:]))


def _report(path: Path, diary: Diary, config: Config, about: dict[str, object]) -> None:
    languages = {"from": config.languages.source, "to": config.languages.target}
    write_text(path, diary.report(**languages, **about) + "\n")
