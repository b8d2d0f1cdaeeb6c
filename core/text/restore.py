"""Capitals, final marks and figures for what a recogniser leaves bare."""

import re
from collections.abc import Collection

from core.text.casing import capitalised
from core.text.numbers import digits
from core.text.punctuation import ended, full_stop, question_mark

_PROPER = (
    "monday tuesday wednesday thursday friday saturday sunday january february april june july"
    " august september october november december english spanish french german italian turkish"
    " portuguese catalan chinese japanese korean russian arabic american british european london"
    " paris madrid berlin istanbul europe america africa asia spain france germany italy turkey"
    " portugal england britain china japan christmas easter"
)
_CAPITAL = {word: word.capitalize() for word in _PROPER.split()} | {
    word: word.upper()
    for word in ("usa", "uk", "eu", "un", "tv", "pdf", "gpu", "cpu", "api", "url", "ai", "hr")
}
_I = re.compile(r"\bi(?=$|\s|'(?:m|d|ll|ve)\b)")
_SPELT = re.compile(r"\b(?:[a-z]\.){2,}")
_WORD = re.compile(r"[a-z]+")

_LEAD = re.compile(r"^(?:(?:so|and|but|well|ok|okay|now|then|um|uh|er|or|hey|sorry|hi)\s+)+")
_BE = r"(?:is|are|was|were|am|isn't|aren't|wasn't|weren't)"
_MODAL = r"(?:can|could|will|would|should|shall|may|might|must|can't|couldn't|won't|wouldn't)"
_DO = r"(?:do|does|did|have|has|had|don't|doesn't|didn't|haven't|hasn't|shouldn't)"
_AUX = rf"(?:{_BE}|{_MODAL}|{_DO})"
_PRONOUN = r"(?:i|you|he|she|we|they|anyone|anybody|everyone|everybody|someone|somebody)"
_SUBJECT = (
    rf"(?:{_PRONOUN}|it|this|that|these|those|there|the|my|your|his|her|our|their|a|an|any|all)"
)
_HOW = r"how (?:long|far|often|old|big|fast|late|soon|good|well|hard|high)"
_QUESTION = re.compile(
    rf"(?:(?:what|where|when|why|how|which|who|whom)(?:'s|'re| {_AUX})\b"
    rf"|(?:who|whose)\b"
    rf"|how (?:much|many)\b|{_HOW}\b(?:.* {_AUX}\b|$)"
    rf"|(?:what|which)(?: [\w']+){{1,2}} {_AUX} {_SUBJECT}\b"
    r"|(?:what|how) about\b|how come\b|why not\b"
    rf"|(?:{_BE}|{_MODAL}) {_SUBJECT}\b"
    rf"|{_DO} {_PRONOUN}\b|(?:does|did|has|had) {_SUBJECT}\b)"
)
_TAG = re.compile(rf"\b(?:\w+n't) {_PRONOUN}$|\b\w+n't (?:it|there)$")


def restore(
    text: str,
    language: str,
    names: Collection[str] = (),
    *,
    begins: bool = True,
    ends: bool = True,
) -> str:
    """Sentence case and a final mark; for English also "I", days and countries, figures in
    digits, and a question mark where the words ask. `names` come out in the spelling they are
    given in. Text that has capitals or a final mark already is left as it is, names aside.

    A text that does not begin a sentence gets no capital for it, one that does not end one no
    mark."""
    text = " ".join(text.split())
    if text and text == text.lower() and not ended(text):
        mark = _mark(text, language) if ends else ""
        text = (_english(text) if language == "en" else text) + mark
        if begins:
            text = _turkish(text) if language == "tr" else capitalised(text)
    return _named(text, names)


def is_question(text: str) -> bool:
    """Whether bare, lower-case English words ask: a question word or an inversion at the start,
    or "isn't it" and the like at the end."""
    return bool(_QUESTION.match(_LEAD.sub("", text)) or _TAG.search(text))


def _mark(text: str, language: str) -> str:
    asks = language == "en" and is_question(text)
    return question_mark(language) if asks else full_stop(language)


def _english(text: str) -> str:
    text = digits(text)
    text = _SPELT.sub(lambda match: match[0].upper(), text)
    text = _WORD.sub(lambda match: _CAPITAL.get(match[0], match[0]), text)
    return _I.sub("I", text)


def _turkish(text: str) -> str:
    return ("İ" + text[1:]) if text.startswith("i") else capitalised(text)


def _named(text: str, names: Collection[str]) -> str:
    spelling = {" ".join(name.split()).casefold(): name for name in names if name.strip()}
    longest_first = sorted(spelling, key=len, reverse=True)
    if not longest_first:
        return text
    pattern = "|".join(re.escape(name) for name in longest_first)
    return re.sub(
        rf"(?<!\w)(?:{pattern})(?!\w)",
        lambda match: spelling.get(match[0].casefold(), match[0]),
        text,
        flags=re.IGNORECASE,
    )
