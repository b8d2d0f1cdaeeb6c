"""What `run` was asked for: options over settings, and what makes no sense of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from app import mouths
from app.engine_names import refuse_unknown
from app.live.others.settings import turned_round
from app.placement import BROKER, broker_address, placed
from app.settings import load_asked
from app.side_files import refuse_targets
from core.captions.formats import FORMATS
from core.config import Config, Guests, Others, Placement
from core.errors import UnreadableInput, UsageError
from core.guests import check, faults, guests, needs_own
from core.text.languages import language_code, language_name, spoken_code
from engines.camera.opening import FILE
from engines.media.containers import container_of
from engines.media.opening import open_recording

NOBODY = "nobody"
"""In place of a further speaker: none, whatever the settings say."""
_NO_GUESTS = f"`--guest {NOBODY}`"
_LEFT_OUT = f"The settings name this guest; {_NO_GUESTS} leaves all of theirs out."


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


def configured(request: Request, console: Console) -> Config:
    """Settings, and what the options change. What is wrong in the settings is told."""
    loaded = load_asked(request.config)
    for problem in loaded.problems:
        console.print(problem.told, markup=False)
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
        guests=_guests(request, config.guests),
    )


def _guests(request: Request, kept: Guests) -> Guests:
    """Those of the command line stand for those of the settings; NOBODY for none."""
    speakers = tuple(one for one in request.guests if one.strip() != NOBODY)
    check(speakers)
    return Guests(speakers) if request.guests else kept


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


def played(config: Config) -> bool:
    """Whether all that is to be seen and heard is read from files, which end."""
    further = (one.source for one in guests(config.guests.speakers))
    sources = config.devices.camera, config.devices.microphone, *further
    return all(one.startswith(FILE) for one in sources)


def beyond_files(request: Request, config: Config) -> str:
    """What is told where the user's files end and the session does not; else empty."""
    own = config.devices.camera, config.devices.microphone
    if request.seconds or played(config) or not all(one.startswith(FILE) for one in own):
        return ""
    hint = "" if request.guests else f", or leave out those of the settings with {_NO_GUESTS}"
    return f"Guests are heard on after the end of the files: stop with Ctrl-C{hint}."


def refuse(request: Request, config: Config) -> None:
    """Whatever can be seen to go wrong before a device is opened."""
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
    _refuse_guests(request, config)
    if not request.passthrough:
        if config.engines.lips != "off":
            mouths.path_of(config.picture.profile)
        _refuse_broker(config.placement)
    _open(_own_files(config))


def _refuse_broker(placement: Placement) -> None:
    if BROKER in (placement.stt, placement.mt, placement.tts, placement.lips):
        from engines.broker.address import address

        address(broker_address(placement.broker))


def _refuse_guests(request: Request, config: Config) -> None:
    further = guests(config.guests.speakers)
    try:
        for guest in further:
            _refuse_absent(guest.source)
        for _, why in faults(further, config, translated=not request.passthrough):
            raise UsageError(why)
        _open(_paths(guest.source for guest in further))
    except (UsageError, UnreadableInput) as error:
        if request.guests:
            raise
        raise type(error)(f"{error} {_LEFT_OUT}") from error


def hinted(request: Request, config: Config, refusal: str) -> str:
    """Why a session could not begin; how it can without them, where it is for a guest of the
    settings."""
    theirs = () if request.guests else guests(config.guests.speakers)
    for one in theirs:
        if refusal == needs_own(one) or refusal.startswith(f"{one.name}: "):
            return f"{refusal} {_LEFT_OUT}"
    return refusal


def _refuse_absent(wanted: str) -> None:
    if wanted.startswith(FILE) and not Path(wanted.removeprefix(FILE)).is_file():
        raise UnreadableInput(f"There is no file {wanted.removeprefix(FILE)}.")


def _refuse_files(request: Request, config: Config, *paths: Path | None) -> None:
    """Those that are to be written."""
    refuse_unknown(config.engines)
    wanted = [path for path in paths if path is not None]
    refuse_targets(wanted, _files(config), overwrite=request.force)
    if request.record is not None:
        container_of(request.record)


def _files(config: Config) -> list[Path]:
    """Those that are played in."""
    further = (guest.source for guest in guests(config.guests.speakers))
    return [*_own_files(config), *_paths(further)]


def _own_files(config: Config) -> list[Path]:
    others = (config.others.source,) if config.others.translate else ()
    return _paths((config.devices.camera, config.devices.microphone, *others))


def _paths(sources: Iterable[str]) -> list[Path]:
    return [Path(one.removeprefix(FILE)) for one in sources if one.startswith(FILE)]


def _open(paths: Sequence[Path]) -> None:
    for path in paths:
        with open_recording(path):
            pass  # it is one
