"""Opus-MT: neural translation, one small model a pair of languages or a group of them, through
English where no model goes directly. Models are not part of this program (see `engines.models`)."""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from core.errors import EngineUnavailable, UsageError
from core.text.languages import language_code, language_name
from core.text.terms import labels
from engines.device import device
from engines.models.store import Installed, chosen, installed
from engines.mt.opus_network import Model
from engines.mt.search import Search
from engines.tts.text import sentences

BRIDGE = "en"
_HYPOTHESES = 4
_NO_BLANK_BEFORE = re.compile(r"\s+([,.;:!?…])")


class OpusTranslator:
    """Translates sentence by sentence, one at a time.

    A term that is hidden (`core.text.terms`) comes out as it went in: of several translations the
    first that has them all is taken; has none of them, what stands around the terms is translated
    by itself. `route` names the languages it goes through, `models` what is asked on the way.
    EngineUnavailable when no model that is here does it.
    """

    def __init__(
        self,
        source: str,
        target: str,
        *,
        model: str | Path = "",
        device_name: str = "auto",
        backend: str = "auto",
        search: Search | None = None,
    ) -> None:
        """`model` is a name of the catalogue or a folder; without it those that fit are found."""
        self.source, self.target = language_code(source), language_code(target)
        if self.source == self.target:
            raise UsageError(f"From {language_name(source)} to itself: nothing to translate.")
        where = device(device_name)
        legs = _legs(self.source, self.target, model)
        self.models = tuple(one.name for _, one in legs)
        self.route = (self.source, *(to for to, _ in legs))
        self._search = search or Search()
        self._legs: list[Model] = []
        try:
            for to, one in legs:
                self._legs.append(Model(one.folder, to, where, backend))
        except EngineUnavailable:
            self.close()
            raise

    @property
    def note(self) -> str:
        between = [language_name(code) for code in self.route[1:-1]]
        through = f", through {' and '.join(between)}" if between else ""
        return f"{' and '.join(self.models)}{through}, {self._legs[0].note}"

    def translate(self, text: str) -> str:
        """Line by line; a sentence without a word in it comes out as it went in."""
        return "\n".join(self._line(line) for line in text.splitlines())

    def close(self) -> None:
        for leg in self._legs:
            leg.close()
        self._legs = []

    def _line(self, line: str) -> str:
        return " ".join(self._sentence(one) for one in sentences(line))

    def _sentence(self, text: str) -> str:
        for leg in self._legs:
            text = self._kept(leg, text) if _worded(text) else text
        return text

    def _kept(self, leg: Model, text: str) -> str:
        """The translation with all hidden terms of the text, each once."""
        hidden = labels(text)
        if not hidden:
            return leg.translate(text, self._search)[0]
        if {text.strip(" .!?")} == set(hidden):
            return text
        found = leg.translate(text, self._search, _HYPOTHESES)
        whole = (one for one in found if sorted(labels(one)) == sorted(hidden))
        return next(whole, None) or self._around(leg, text, hidden)

    def _around(self, leg: Model, text: str, hidden: Sequence[str]) -> str:
        """What stands between the terms, each part translated by itself."""
        parts: list[str] = []
        for term in hidden:
            before, _, text = text.partition(term)
            parts += [self._part(leg, before, last=False), term]
        parts.append(self._part(leg, text, last=True))
        return _NO_BLANK_BEFORE.sub(r"\1", " ".join(part for part in parts if part))

    def _part(self, leg: Model, text: str, *, last: bool) -> str:
        if not _worded(text):
            return text.strip()
        done = leg.translate(text.strip(), self._search)[0]
        return done if last or text.rstrip().endswith((".", "!", "?")) else done.rstrip(".!?")


def _worded(text: str) -> bool:
    return any(map(str.isalpha, text))


def _legs(source: str, target: str, model: str | Path) -> list[tuple[str, Installed]]:
    """Where each model leads, and the model."""
    if model:
        return [(target, chosen("mt", model, ""))]
    for way in ((source, target), (source, BRIDGE, target)):
        pairs = list(pairwise(way))
        legs = [(to, one) for start, to in pairs if (one := _best(f"{start}-{to}"))]
        if len(legs) == len(pairs):
            return legs
    here = sorted({pair for one in installed("mt") for pair in one.languages})
    known = f" Here are: {', '.join(here)}." if here else ""
    raise EngineUnavailable(
        f"No translation model from {language_name(source)} to {language_name(target)} is here, "
        f"directly or through English.{known} Get one with `translated-camera models pull "
        f"opus-mt-{source}-{target}`."
    )


def _best(pair: str) -> Installed | None:
    """The best for this pair; one for this pair alone before one for many."""
    fit = [one for one in installed("mt") if pair in one.languages]
    return max(fit, key=lambda one: (one.rank, -len(one.languages)), default=None)
