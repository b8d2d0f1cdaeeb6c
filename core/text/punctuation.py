"""Marks at the beginning and the end of sentences, as the language wants them."""

import re

_STOPS = {"zh": "。", "ja": "。", "hi": "।", "bn": "।", "hy": "։", "am": "።", "th": "", "lo": ""}  # noqa: RUF001
_QUESTIONS = {"ar": "؟", "fa": "؟", "ur": "؟", "zh": "\uff1f", "ja": "\uff1f", "el": ";"}
_ENDS = ".!?…。！？।։።؟;"  # noqa: RUF001
_OPENED = {"?": "¿", "!": "¡"}
_OPENING = frozenset({"es", "gl", "ast"})
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*\s*")


def full_stop(language: str) -> str:
    return _STOPS.get(language, ".")


def question_mark(language: str) -> str:
    return _QUESTIONS.get(language, "?")


def ended(text: str) -> bool:
    """Whether the text ends with a mark that closes a sentence, quotes and brackets aside."""
    return text.rstrip("\"'»”’)] ")[-1:] in tuple(_ENDS)  # noqa: RUF001


def same_end(source: str, translated: str, language: str) -> str:
    """`translated` ended as `source` is, if the translator dropped the mark."""
    if not translated or not ended(source) or ended(translated):
        return translated
    asked = source.rstrip("\"'»”’)] ")[-1:] in tuple("?؟？")  # noqa: RUF001
    return translated + (question_mark(language) if asked else full_stop(language))


def opened(text: str, language: str) -> str:
    """Spanish and its neighbours: "¿" and "¡" before what ends with "?" and "!"."""
    if language not in _OPENING:
        return text
    return _SENTENCE.sub(lambda match: _open(match[0]), text)


def _open(sentence: str) -> str:
    opening = _OPENED.get(sentence.rstrip()[-1:])
    if opening is None or opening in sentence:
        return sentence
    lead = len(sentence) - len(sentence.lstrip())
    return sentence[:lead] + opening + sentence[lead:]
