"""`run --headless`: the live session without a window, until Ctrl-C or for a while."""

import contextlib
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any

from rich.console import Console

from app.clip_report import write_text
from app.engine_names import refuse_unknown
from app.live.diary import Diary
from app.live.others.settings import turned_round
from app.live.recorder import Recorder
from app.live.session import LiveSession
from app.placement import placed
from app.settings import load
from app.side_files import refuse_targets
from core.captions.caption import shifted
from core.captions.formats import FORMATS, export
from core.config import Config, Others
from core.errors import (
    CannotWrite,
    DeviceUnavailable,
    EngineUnavailable,
    UnreadableInput,
    UsageError,
)
from core.events import Event, Notice, Recognised, SpeakerEvent, State, VoicePlaced
from core.guests import Guest, guests
from core.live import Device, LiveStatus, OthersStatus, Voiced
from core.text.languages import language_code, language_name, spoken_code
from engines.camera.opening import FILE
from engines.media.containers import container_of

_LOOK = 0.25
USER = "You"
"""How a transcript names who steers the program, beside others."""
_PATIENCE = 12.0
"""Seconds in which a first device must work, or a file begin."""


@dataclass(frozen=True)
class Request:
    """The command line as it was given; empty means: as the settings say."""

    headless: bool = False
    from_: str = ""
    to: str = ""
    camera: str | None = None
    microphone: str | None = None
    virtual_camera: str = ""
    virtual_microphone: str = ""
    original: str = ""
    mode: str = ""
    lips: str = ""
    badge: bool | None = None
    captions: bool | None = None
    speaker: str = ""
    placement: tuple[str, ...] = ()
    broker: str = ""
    others: str = ""
    others_from: str = ""
    others_to: str = ""
    others_output: str = ""
    others_original: str = ""
    others_voice: bool | None = None
    record: Path | None = None
    guests: tuple[str, ...] = ()
    transcript: Path | None = None
    json: Path | None = None
    config: Path | None = None
    seconds: float = 0.0
    passthrough: bool = False
    words: bool = False
    force: bool = False
    quiet: bool = False


def run(request: Request) -> None:
    """Until Ctrl-C, or for so many seconds. Raises what could not be begun."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, quiet=request.quiet)
    config = _configured(request, console)
    _refuse(request, config)
    further = guests(request.guests)
    _refuse_guests(further, config)
    diary, said = Diary(), _Said(console, request.words)
    with ExitStack() as ending:
        about: dict[str, object] = {}
        if request.json is not None:
            ending.callback(_report, request.json, diary, config, about)
        if request.transcript is not None:
            ending.callback(_transcript, request.transcript, diary, about)
        session = LiveSession(config, guests=further)
        ending.callback(session.close)
        session.listen(diary.take)
        session.listen(said.take)
        if request.record is not None:
            recorder = _record(request, session, config)
            ending.callback(_recorded, request.record, recorder, console, about)
            _begin(recorder, session, ending)
        if request.passthrough:
            session.voice(Voiced.ORIGINAL)
            session.others.start(config)
        else:
            session.start()
        _watch(session, said, request, further)


def _watch(
    session: LiveSession, said: "_Said", request: Request, further: tuple[Guest, ...]
) -> None:
    begun, opened = 0.0, time.monotonic()
    wanted = State.IDLE if request.passthrough else State.RUNNING
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            status, now = session.status(), time.monotonic()
            said.status(status)
            if status.state is State.FAILED:
                raise EngineUnavailable(status.reason)
            begun = begun or (now if status.state is wanted else 0.0)
            if begun and request.seconds and now - begun >= request.seconds:
                return
            if _nothing_comes(status) and now - opened > _PATIENCE:
                if _played(session.config, further):
                    if session.quiet:
                        return
                elif not said.had_input:
                    raise DeviceUnavailable(_complaint(status))
            time.sleep(_LOOK)


def _nothing_comes(status: LiveStatus) -> bool:
    """Neither picture nor sound."""
    guests = any(one.microphone.works for one in status.guests)
    return not (status.camera.works or status.microphone.works or guests)


def _played(config: Config, further: tuple[Guest, ...]) -> bool:
    """Whether all that is to be seen and heard is read from files, which end."""
    sources = config.devices.camera, config.devices.microphone, *(one.source for one in further)
    return all(one.startswith(FILE) for one in sources)


def _complaint(status: LiveStatus) -> str:
    said = f"{status.camera.says} {status.microphone.says}".strip()
    return said or "There is neither a camera nor a microphone."


class _Said:
    """Tells a person at the terminal what has changed."""

    def __init__(self, console: Console, words: bool) -> None:
        self._console, self._words = console, words
        self.had_input = False
        """Whether anything was ever seen or heard."""
        self._devices: tuple[Device, ...] = ()
        self._guests: dict[str, Device] = {}
        self._state = State.IDLE
        self._others = OthersStatus()
        self._step = "normal"
        self._spoken = "", False

    def take(self, event: Event) -> None:
        if isinstance(event, Notice):
            self._say(event.text)
        if self._words and isinstance(event, SpeakerEvent):
            self._word(event.event, f"{event.speaker} ")
        elif self._words:
            self._word(event, "")

    def _word(self, event: Event, who: str) -> None:
        match event:
            case Recognised(transcript) if transcript.text:
                self._say(f"  {who}heard: {transcript.text}")
            case VoicePlaced(speech, _, lag) if speech.translation.text:
                self._say(f"  {who}said ({lag:.1f} s behind): {speech.translation.text}")

    def status(self, status: LiveStatus) -> None:
        devices = (
            status.camera,
            status.microphone,
            status.virtual_camera,
            status.virtual_microphone,
        )
        self.had_input |= not _nothing_comes(status)
        kinds = ("Camera", "Microphone", "Virtual camera", "Virtual microphone")
        before = self._devices or (Device(),) * len(devices)
        for kind, old, device in zip(kinds, before, devices, strict=True):
            if replace(device, watched=None) != replace(old, watched=None):
                self._say(f"{kind}: {device.name or 'none'}. {device.says}".rstrip(" ."))
        self._devices = devices
        for guest in status.guests:
            if guest.microphone != self._guests.get(guest.name, Device()):
                device = guest.microphone
                self._say(f"{guest.name}: {device.name or 'none'}. {device.says}".rstrip(" ."))
            self._guests[guest.name] = guest.microphone
        if status.language and (status.language, status.own) != self._spoken:
            self._spoken = status.language, status.own
            own = ": your own voice is passed on" if status.own else ""
            self._say(f"You speak {language_name(status.language)}{own}")
        if status.state is not self._state:
            self._state = status.state
            self._say(f"Translation: {status.state.value}")
            if status.state is State.RUNNING:
                for rung in status.rungs:
                    self._say(f"  {rung.reason}")
        self._way_back(status.others)
        if status.lag_step != self._step:
            self._step = status.lag_step
            self._say(f"Lag {status.lag:.1f} s: {status.lag_step}")

    def _way_back(self, others: OthersStatus) -> None:
        before, self._others = self._others, others
        if others.state is not before.state:
            spoken, heard = others.languages
            pair = f" ({spoken} to {heard})" if spoken else ""
            self._say(f"Others: {others.state.value}{pair}. {others.reason}".rstrip(" ."))
            if others.state is State.RUNNING:
                for rung in others.rungs:
                    self._say(f"  {rung.reason}")
        for kind, old, device in (
            ("Others heard", before.source, others.source),
            ("Headphones", before.output, others.output),
        ):
            if device != old:
                self._say(f"{kind}: {device.name or 'none'}. {device.says}".rstrip(" ."))

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False)


def _configured(request: Request, console: Console) -> Config:
    if request.config is not None and not request.config.is_file():
        raise UsageError(f"There is no settings file {request.config}.")
    loaded = load(request.config)
    for problem in loaded.problems:
        console.print(f"{problem} (the default is used)", markup=False)
    config = loaded.config
    return replace(
        config,
        languages=replace(
            config.languages,
            source=request.from_ or config.languages.source,
            target=request.to or config.languages.target,
        ),
        voice=replace(config.voice, original=request.original or config.voice.original),
        engines=replace(config.engines, lips=request.lips or config.engines.lips),
        placement=placed(config.placement, request.placement, request.broker),
        captions=replace(config.captions, show=_given(request.captions, config.captions.show)),
        picture=replace(
            config.picture,
            mode=request.mode or config.picture.mode,
            badge=_given(request.badge, config.picture.badge),
            profile=request.speaker or config.picture.profile,
        ),
        devices=replace(
            config.devices,
            camera=config.devices.camera if request.camera is None else request.camera,
            microphone=(
                config.devices.microphone if request.microphone is None else request.microphone
            ),
            virtual_camera=request.virtual_camera or config.devices.virtual_camera,
            virtual_microphone=request.virtual_microphone or config.devices.virtual_microphone,
        ),
        others=_others(request, config.others),
    )


def _others(request: Request, others: Others) -> Others:
    """Whoever says whose sound it is wants it translated; "all" is every program's."""
    wanted = request.others
    return replace(
        others,
        translate=wanted != "off" if wanted else others.translate,
        source=others.source if wanted in ("", "off") else "" if wanted == "all" else wanted,
        speak=request.others_from or others.speak,
        language=request.others_to or others.language,
        output=request.others_output or others.output,
        original=request.others_original or others.original,
        spoken=_given(request.others_voice, others.spoken),
    )


def _given(option: bool | None, setting: bool) -> bool:
    return setting if option is None else option


def _refuse(request: Request, config: Config) -> None:
    if not request.headless:
        raise UsageError("`run` needs --headless; the window opens when no command is given.")
    codes = spoken_code(config.languages.source), language_code(config.languages.target)
    if codes[0] == codes[1] and not request.passthrough:
        raise UsageError(f"From {language_name(codes[0])} to itself: nothing to translate.")
    if config.others.translate:
        turned_round(config)
        _refuse_absent(config.others.source)
    for wanted in (config.devices.camera, config.devices.microphone):
        _refuse_absent(wanted)
    _refuse_files(request, config, request.record, request.json, request.transcript)
    if request.transcript is not None and request.transcript.suffix[1:] not in FORMATS:
        raise UsageError(f"A transcript is written as {', '.join(FORMATS)}: name it so.")


def _refuse_guests(further: tuple[Guest, ...], config: Config) -> None:
    for guest in further:
        _refuse_absent(guest.source)
        languages = guest.config(config).languages
        if spoken_code(languages.source) == language_code(languages.target):
            name = language_name(languages.target)
            raise UsageError(f"{guest.name} speaks {name} already: nothing to translate.")
        if guest.source in (config.devices.microphone, "") or (
            sum(one.source == guest.source for one in further) > 1
        ):
            raise UsageError(f"{guest.name} needs a microphone that nobody else speaks into.")


def _refuse_absent(wanted: str) -> None:
    if wanted.startswith(FILE) and not Path(wanted.removeprefix(FILE)).is_file():
        raise UnreadableInput(f"There is no file {wanted.removeprefix(FILE)}.")


def _refuse_files(request: Request, config: Config, *paths: Path | None) -> None:
    """Those that are to be written."""
    refuse_unknown(config.engines)
    further = (guest.source for guest in guests(request.guests))
    sources = config.devices.camera, config.devices.microphone, config.others.source, *further
    played = [Path(one.removeprefix(FILE)) for one in sources if one.startswith(FILE)]
    wanted = [path for path in paths if path is not None]
    refuse_targets(wanted, played, overwrite=request.force)
    if request.record is not None:
        container_of(request.record)


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
