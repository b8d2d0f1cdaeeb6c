"""What `auto` may choose from: the engines of a kind, and of those that run models of several
sizes the models that are here, the best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engines.models.store import Installed, installed

_FORMS = {"whisper": "whisper", "piper": "piper"}
"""The engines of which a smaller model is a cheaper rung, and the form of their models."""


@dataclass(frozen=True)
class Candidate:
    """An engine by name and, of one with several models, which of them."""

    name: str
    model: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.model})" if self.model else self.name


def candidates(
    kind: str,
    names: Sequence[str],
    options: Mapping[str, Any],
    special: Mapping[str, Mapping[str, Any]],
) -> tuple[Candidate, ...]:
    """Each engine of `names` once, or once for each model that is smaller than those before it;
    a model that the user has named is the only one."""
    found: list[Candidate] = []
    for name in names:
        own = special.get(name, {})
        models = () if name not in _FORMS or own.get("model") else _models(kind, name, options, own)
        found += [Candidate(name, one.name) for one in models] or [Candidate(name)]
    return tuple(found)


def below(found: Sequence[Candidate], at: Candidate) -> tuple[Candidate, ...]:
    """Those after a candidate; when its model is gone, those of the engines after its own."""
    if at in found:
        return tuple(found[found.index(at) + 1 :])
    names = [one.name for one in found]
    last = len(names) - names[::-1].index(at.name) if at.name in names else 0
    return tuple(found[last:])


def with_model(options: Mapping[str, Any], candidate: Candidate) -> Mapping[str, Any]:
    return {**options, "model": candidate.model} if candidate.model else options


def exactly(
    special: Mapping[str, Mapping[str, Any]], candidate: Candidate
) -> Mapping[str, Mapping[str, Any]]:
    """What engines are given when this model, too, is wanted by name."""
    return {**special, candidate.name: with_model(special.get(candidate.name, {}), candidate)}


def _models(
    kind: str, name: str, options: Mapping[str, Any], own: Mapping[str, Any]
) -> list[Installed]:
    language = str(options.get("language", ""))
    here = [one for one in installed(kind) if one.form == _FORMS[name] and one.knows(language)]
    if any(one.card for one in here) and not _card(str(own.get("device_name", "auto"))):
        here = [one for one in here if not one.card]
    smaller: list[Installed] = []
    for one in sorted(here, key=lambda one: (one.commercial, one.rank), reverse=True):
        if not smaller or one.size < smaller[-1].size:
            smaller.append(one)
    return smaller


def _card(wish: str) -> bool:
    from engines.device import cards

    return wish != "cpu" and cards() > 0
