"""What this machine has to choose from: languages, devices, engines, voices."""

import logging
from collections.abc import Iterable

from core.config import Config
from core.errors import TranslatedCameraError
from core.text.languages import DETECT, language_code, language_name
from engines.registry import BASIC, DETECTING
from engines.registry import names as engine_names
from ui.services import Offer, Option

log = logging.getLogger(__name__)

AUTO = Option("auto", "Automatic")
SYSTEM = Option("", "The system's")
KINDS = ("vad", "turn", "stt", "mt", "tts", "face", "lips")
SPHINX = "en"
"""The one language that can be recognised without a model."""
BROKER = "broker"
NO_DETECTION = (
    "Finding out which language is spoken needs a Whisper model for many languages. Get one under "
    "Models."
)


def offer(config: Config) -> Offer:
    """Looks at devices, installed languages and models: a second or two."""
    from engines.models.store import ANY_LANGUAGE, installed

    recognised = {code for model in installed("stt") for code in model.languages}
    targets = _targets()
    everything = set(targets) if ANY_LANGUAGE in recognised else set()
    sources = ({SPHINX} | recognised | everything) - {ANY_LANGUAGE}
    # A source that no text is translated from would only disappoint.
    sources = {code for code in sources if code in targets} or {SPHINX}
    detect = _detects(config, ANY_LANGUAGE in recognised)
    reached = {code: targets.get(code, ()) for code in sources}
    if detect:
        reached[DETECT] = tuple(sorted({one for known in targets.values() for one in known}))
    return Offer(
        sources=tuple(sorted(sources)),
        targets=reached,
        detect=detect,
        no_detection="" if detect else NO_DETECTION,
        options={**_engines(), **_devices(config), **_models(), "voice.name": _voices(config)},
    )


def _detects(config: Config, many: bool) -> bool:
    """Whether the recogniser of the settings would find out which language is spoken."""
    wanted = config.engines.stt
    return many and wanted in ("auto", *DETECTING) and config.placement.stt != BROKER


def _targets() -> dict[str, tuple[str, ...]]:
    """What can be translated into what and then be spoken."""
    from engines.models.store import installed
    from engines.mt import modes

    pairs = modes.installed()
    spoken = _spoken()
    found = {source: set(modes.reachable(source, pairs)) for source, _ in pairs}
    for model in installed("mt"):
        for pair in model.languages:
            source, _, target = pair.partition("-")
            found.setdefault(source, set()).add(target)
    good = {source: {one for one in reached if one in spoken} for source, reached in found.items()}
    return {source: tuple(sorted(reached)) for source, reached in good.items() if reached}


def _spoken() -> set[str]:
    from engines.tts.espeak_library import library

    codes = set()
    for tag in library().languages:
        try:
            codes.add(language_code(tag))
        except TranslatedCameraError:
            continue
    return codes


def _engines() -> dict[str, tuple[Option, ...]]:
    found = {}
    for kind in KINDS:
        options = [Option(name, _engine_title(kind, name)) for name in engine_names(kind)]
        off = (Option("off", "Off"),) if kind == "lips" else ()
        found[f"engines.{kind}"] = (AUTO, *options, *off)
    return found


def _models() -> dict[str, tuple[Option, ...]]:
    from engines.models.store import installed

    best = Option("", "The best that is here")
    here = {kind: [one.folder.name for one in installed(kind)] for kind in ("stt", "mt", "tts")}
    return {
        f"models.{kind}": (best, *(Option(name, name) for name in names))
        for kind, names in here.items()
    }


def _engine_title(kind: str, name: str) -> str:
    return f"{name} (basic)" if name in BASIC.get(kind, ()) else name


def _devices(config: Config) -> dict[str, tuple[Option, ...]]:
    off = Option("off", "Off")
    return {
        "devices.camera": (SYSTEM, *_cameras()),
        "devices.microphone": (SYSTEM, *_microphones()),
        "devices.virtual_camera": (AUTO, *_ways(), off),
        "devices.virtual_microphone": (AUTO, off),
        "others.output": (SYSTEM, *_outputs(config)),
        "others.source": (Option("", "Automatic"), *_programs(), *_outputs(config)),
    }


def _cameras() -> Iterable[Option]:
    try:
        from engines.camera.listing import cameras

        return [Option(one.name, one.name, one.trouble) for one in cameras() if not one.ours]
    except (TranslatedCameraError, ImportError) as error:
        log.warning("cameras cannot be listed: %s", error)
        return []


def _microphones() -> Iterable[Option]:
    try:
        from engines.microphone.listing import microphones

        return [Option(one.name, one.name) for one in microphones() if not one.ours]
    except (TranslatedCameraError, ImportError) as error:
        log.warning("microphones cannot be listed: %s", error)
        return []


def _outputs(config: Config) -> list[Option]:
    """Where the meeting does not hear what is played."""
    try:
        from engines.headphones.listing import outputs

        found = outputs(config.devices.microphone)
        return [Option(one.name, one.name) for one in found if not one.ours]
    except (TranslatedCameraError, ImportError) as error:
        log.warning("outputs cannot be listed: %s", error)
        return []


def _programs() -> list[Option]:
    """What plays at the moment, on systems that tell."""
    try:
        from engines.programs.playing import playing

        return [Option(name, name) for name in playing()]
    except (TranslatedCameraError, ImportError) as error:
        log.info("programs cannot be listed: %s", error)
        return []


def _ways() -> Iterable[Option]:
    try:
        from engines.virtual_camera.opening import ways

        return [Option(one, one) for one in ways()]
    except ImportError as error:
        log.warning("virtual cameras cannot be listed: %s", error)
        return []


def _voices(config: Config) -> tuple[Option, ...]:
    """The voices of the built-in synthesiser for the language that is heard, and its own choice."""
    from engines.tts.espeak_library import library

    own = Option("", "Its own choice")
    target = config.languages.target
    tags = {tag: voice for tag, voice in library().languages.items() if tag.split("-")[0] == target}
    title = language_name(target)
    return (own, *(Option(voice, f"{title}: {tag}") for tag, voice in sorted(tags.items())))
