"""Apertium: rule-based translation that needs no model, for every pair that is installed."""

import logging
import re
from collections.abc import Sequence
from pathlib import Path

from core.errors import EngineFailed, EngineUnavailable, UsageError
from core.text.casing import capitalised, match_case
from core.text.languages import language_code, language_name
from core.text.terms import find, hide, show
from engines.mt import stream
from engines.mt.chain import Chain
from engines.mt.modes import MODES, Pair, installed, programs, route
from engines.mt.phrases import PHRASES

log = logging.getLogger(__name__)

# With the comma it takes what follows for an order, not for a noun.
_PLEASE = re.compile(r"^(please) (?=\w)", re.IGNORECASE)

_STARTING = 20.0
"""Seconds the programs may take to load their dictionaries; 0.3 on an idle machine."""


class ApertiumTranslator:
    """Translates between two languages, through others where there is no direct pair.

    Its programs (about 100 MB a pair) keep running between texts: a sentence takes a few
    milliseconds. One that dies or gives no answer within `timeout` seconds is started again
    with the rest of its chain, and the text is tried once more before EngineFailed.

    `route` names the languages it goes through, both ends included. Languages are codes or
    English names (UsageError for others). EngineUnavailable when there is no way between them.
    """

    def __init__(
        self, source: str, target: str, *, modes: Path | str = MODES, timeout: float = 5.0
    ) -> None:
        self.source, self.target = language_code(source), language_code(target)
        if self.source == self.target:
            raise UsageError(f"From {language_name(source)} to itself: nothing to translate.")
        pairs = installed(Path(modes))
        self.route = route(self.source, self.target, pairs)
        ways = zip(self.route, self.route[1:], strict=False)
        self._legs = [_Leg(pair, programs(pairs[pair])) for pair in ways]
        self._timeout = timeout
        self._start()

    @property
    def note(self) -> str:
        """Which languages it goes through, if any."""
        between = [language_name(code) for code in self.route[1:-1]]
        return f"through {' and '.join(between)}" if between else ""

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run for this translator."""
        return tuple(pid for leg in self._legs for pid in leg.pids)

    def translate(self, text: str) -> str:
        """Line by line; what is not a word of the source language comes out as it went in."""
        return "\n".join(self._line(stream.tidy(line)) for line in text.splitlines())

    def close(self) -> None:
        for leg in self._legs:
            leg.close()

    def _line(self, line: str) -> str:
        return " ".join(self._piece(piece) for piece in stream.pieces(line)) if line else ""

    def _piece(self, text: str) -> str:
        for leg in self._legs:
            text = " ".join(leg.translate(part, self._timeout) for part in stream.pieces(text))
        return text

    def _start(self) -> None:
        try:
            for leg in self._legs:
                leg.start()
        except EngineUnavailable:
            self.close()
            raise


class _Leg:
    """One direct pair of the route."""

    def __init__(self, pair: Pair, commands: Sequence[Sequence[str]]) -> None:
        self._commands = commands
        self._phrases = PHRASES.get(pair, {})
        self._target = pair[1]
        self._chain: Chain | None = None
        self._closed = False

    @property
    def pids(self) -> tuple[int, ...]:
        return self._chain.pids if self._chain else ()

    def start(self) -> Chain:
        """Programs that have answered once, so that their dictionaries are loaded."""
        if self._closed:
            raise EngineFailed("Apertium was closed.")
        if self._chain is None:
            self._chain = Chain(self._commands)
            self._ask(self._chain, "1", _STARTING)
        return self._chain

    def translate(self, text: str, timeout: float) -> str:
        polite = _PLEASE.sub(r"\1, ", text)
        hidden = hide(polite, find(polite, self._phrases))
        answer = stream.cleaned(self._retried(hidden.text, timeout), hidden.text)
        done = show(hidden, match_case(hidden.text, answer, self._target))
        return capitalised(done) if text[:1].isupper() else done

    def close(self) -> None:
        self._closed = True
        self._drop()

    def _retried(self, text: str, timeout: float) -> str:
        try:
            return self._ask(self.start(), text, timeout)
        except EngineFailed as exc:
            if self._closed:
                raise
            log.warning("%s It is started again.", exc)
        try:
            return self._ask(self.start(), text, timeout)
        except EngineUnavailable as exc:
            raise EngineFailed(f"{exc} Starting it again did not help.") from exc

    def _ask(self, chain: Chain, text: str, timeout: float) -> str:
        try:
            return stream.decode(chain.ask(stream.encode(text), timeout))
        except EngineFailed:
            self._drop()
            raise

    def _drop(self) -> None:
        if self._chain:
            self._chain.close()
            self._chain = None
