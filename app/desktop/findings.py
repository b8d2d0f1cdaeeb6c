"""What the doctor says about this machine."""

from collections.abc import Callable, Iterator

from core.errors import TranslatedCameraError
from core.findings import Finding, State


def findings() -> tuple[Finding, ...]:
    """Each check on its own: one that breaks says so and costs nothing else."""
    return tuple(_findings())


def fix(name: str) -> str:
    """What came of it, as a sentence."""
    return f"{name}: nothing can be done about it from here."


def _findings() -> Iterator[Finding]:
    checks: dict[str, Callable[[], str]] = {
        "Camera": _cameras,
        "Microphone": _microphones,
        "Recognition": _recognition,
        "Translation": _translation,
        "Voice": _voice,
    }
    for name, check in checks.items():
        try:
            yield Finding(name, State.OK, check())
        except (TranslatedCameraError, ImportError, OSError) as error:
            yield Finding(name, State.TROUBLE, str(error))


def _cameras() -> str:
    from engines.camera.listing import cameras

    found = [one for one in cameras() if not one.ours]
    if not found:
        raise TranslatedCameraError("No camera is plugged in, or this user may not see it.")
    return ", ".join(f"{one.name} ({one.trouble})" if one.trouble else one.name for one in found)


def _microphones() -> str:
    from engines.microphone.listing import microphones

    found = [one for one in microphones() if not one.ours]
    if not found:
        raise TranslatedCameraError("No microphone is plugged in.")
    return ", ".join(one.name for one in found)


def _recognition() -> str:
    from engines.models.store import installed

    models = [one.name for one in installed("stt")]
    return ", ".join(models) or "English, basic: no better model is installed."


def _translation() -> str:
    from engines.models.store import installed
    from engines.mt import modes

    models = [one.name for one in installed("mt")]
    pairs = len(modes.installed())
    if not models and not pairs:
        raise TranslatedCameraError("No pair of languages: install apertium's, or a model.")
    basic = f"{pairs} pairs of languages (basic)" if pairs else ""
    return ", ".join(filter(None, [*models, basic]))


def _voice() -> str:
    from engines.tts.espeak_library import library

    return f"espeak-ng, {len(library().languages)} languages (basic)."
