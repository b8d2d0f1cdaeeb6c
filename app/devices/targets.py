"""Which languages can be translated here, and into which of those that can be spoken."""

from collections.abc import Mapping

from core.errors import TranslatedCameraError, UsageError
from core.text.languages import language_code


def targets() -> Mapping[str, frozenset[str]]:
    """By the language that is translated from. Directly or through others."""
    from engines.models.store import installed
    from engines.mt import modes

    pairs = modes.installed()
    found = {source: set(modes.reachable(source, pairs)) for source, _ in pairs}
    for model in installed("mt"):
        for pair in model.languages:
            source, _, target = pair.partition("-")
            found.setdefault(source, set()).add(target)
    spoken = _spoken()
    return {source: frozenset(reached & spoken) for source, reached in found.items()}


def _spoken() -> set[str]:
    try:
        from engines.tts.espeak_library import library

        tags = list(library().languages)
    except (TranslatedCameraError, ImportError, OSError):
        tags = ["en"]  # flite's
    codes = set()
    for tag in tags:
        try:
            codes.add(language_code(tag))
        except UsageError:
            continue
    return codes
