"""Which model of the catalogue would serve this machine better than the basic engines do."""

from app.devices.machine import Machine
from core.text.languages import DETECT, language_code, spoken_code

_SHARE = 4
"""A model may want so much of the memory at most: a quarter."""
_BRIDGE = "en"


def advised(machine: Machine, kind: str) -> str:
    """Its name; empty when there is none, or it is here already and something else is amiss."""
    from engines.models.catalogue import Entry, entries
    from engines.models.store import ANY_LANGUAGE, installed

    here = {one.name for one in installed(kind)}
    room = machine.system.memory()[0] / 1e6 / _SHARE
    fit = [
        one
        for one in entries()
        if one.kind == kind and one.commercial and not one.card and one.needs_mb <= room
    ]

    def best(language: str) -> Entry | None:
        knows = [one for one in fit if {language, ANY_LANGUAGE} & set(one.languages)]
        return max(knows, key=lambda one: one.rank, default=None)

    found = (best(language) for language in _wanted(machine, kind))
    return next((one.name for one in found if one is not None and one.name not in here), "")


def _wanted(machine: Machine, kind: str) -> tuple[str, ...]:
    """The languages that a model must know; for a translation the pairs, directly or in two."""
    from engines.models.store import ANY_LANGUAGE

    languages = machine.config.languages
    source, target = spoken_code(languages.source), language_code(languages.target)
    if kind == "stt":
        return (ANY_LANGUAGE if source == DETECT or languages.pass_theirs else source,)
    if kind == "tts":
        return (target,)
    if source == DETECT:
        return (f"{_BRIDGE}-{target}",)
    return f"{source}-{target}", f"{source}-{_BRIDGE}", f"{_BRIDGE}-{target}"
