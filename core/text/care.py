"""What the translate stage does to a text around any translator."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.text import figures, terms
from core.text.casing import capitalised
from core.text.fillers import without_fillers
from core.text.languages import language_code
from core.text.punctuation import opened, same_end
from core.text.terms import Hidden


@dataclass(frozen=True)
class Prepared:
    """`text` is for the translator; it is empty when nothing is left to translate."""

    source: str
    hidden: Hidden

    @property
    def text(self) -> str:
        return self.hidden.text


class TextCare:
    """Keeps the user's terms, addresses and numbers whole through a translation.

    `glossary` gives fixed translations of words and phrases; `keep` names what is never
    translated and comes out in the spelling given there. Both match whole words in any case, the
    longest first. May be shared between threads.
    """

    def __init__(
        self,
        source: str,
        target: str,
        *,
        glossary: Mapping[str, str] | None = None,
        keep: Collection[str] = (),
        drop_fillers: bool = True,
    ) -> None:
        self._source, self._target = language_code(source), language_code(target)
        self._terms = dict(glossary or {}) | {term: term for term in keep}
        self._kept = frozenset(keep)
        self._drop_fillers = drop_fillers

    def prepare(self, text: str, *, drop_fillers: bool | None = None) -> Prepared:
        """The text as the translator shall see it. `drop_fillers` overrides the setting."""
        drop = self._drop_fillers if drop_fillers is None else drop_fillers
        spoken = without_fillers(text, self._source) if drop else text.strip()
        found = [
            *terms.find(spoken, self._terms),
            *figures.kept(spoken, self._source, self._target),
        ]
        return Prepared(spoken, terms.hide(spoken, found))

    def finish(self, prepared: Prepared, translated: str) -> str:
        """The translation with its terms in place, beginning and ending as its source does. A
        term that the translator lost is still delivered, at the end."""
        text = same_end(prepared.source, translated.strip(), self._target)
        text = opened(text, self._target)
        shown = terms.show(prepared.hidden, text)
        begins_with_kept = any(shown.startswith(term) for term in self._kept)
        if prepared.source[:1].isupper() and not begins_with_kept:
            shown = capitalised(shown)
        return shown
