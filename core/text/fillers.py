"""What speakers say while they look for words, left out: um, uh, you know, the the."""

import re
from functools import cache

# Sounds that are never words of the language.
_SOUNDS = {
    "en": "um umm uh uhh uhm er erm hmm hm mm mmm mhm",
    "es": "eh ehh em emm ehm mmm hmm",
    "fr": "euh heu euhm hum mmm hmm",
    "de": "äh ähm öh öhm hm hmm mhm",
    "tr": "ııı ıı eee ee hmm hm ımm",  # noqa: RUF001
    "pt": "hum hã ahn ehm hmm mmm",
    "it": "ehm uhm mmm hmm ehmm",
    "ca": "eh ehm em mmm hmm",
    "nl": "eh ehm uh uhm hmm",
    "gl": "eh em mmm hmm",
}

# Words that fill only when commas, or the ends of the text, set them off.
_SET_OFF = {
    "en": ("you know", "i mean", "like", "you see"),
    "es": ("o sea", "este", "pues", "digamos"),
    "fr": ("tu sais", "vous savez", "ben", "hein", "bah", "quoi"),
    "de": ("weißt du", "wissen sie", "halt", "sozusagen", "na ja"),
    "tr": ("şey", "yani", "işte", "hani"),
    "pt": ("né", "tipo", "sabe", "quer dizer"),
    "it": ("cioè", "sai", "diciamo", "insomma"),
    "ca": ("o sigui", "doncs", "diguem", "saps"),
}

# Words that are said again only by a speaker who starts anew. English, which repeats few words
# on purpose, has the exceptions instead.
_RESTARTED = {
    "es": "el la los las un una de del en a al y o que se me te lo le mi su por con para como yo",
    "fr": "le la les un une de des du en à et ou que je tu il elle on mon ma son sa pour avec dans",
    "de": "ich du er es wir ein eine einen und oder in im mit von zu zum auf für wenn dass ist",
    "pt": "o a os as um uma de do da em no na e ou que se me eu ele ela meu por com para como",
    "it": "il lo la i gli le un una di del da in a al e o che mi ti io lui lei mio per con come",
    "ca": "el la els les un una de del en a al i o que em et jo ell ella meu per amb com",
    "nl": "de het een van in op en of dat ik je hij zij we mijn voor met als is",
    "gl": "o a os as un unha de do da en no na e ou que eu el ela por con para como",
}
_SAID_TWICE = "that had very no yes really bye ha so far many much more long again blah"
_SAID_TWICE += " one two three four five six seven eight nine zero knock now there well ok okay"

_KEEPS_YOU_KNOW = (
    "do|does|did|don't|didn't|doesn't|if|as|what|how|that|should|would|will|can|could|may|might"
    "|must|to|let|all|when|think|hope|because|everyone|everything|things|who|where|why|than|since"
)
_KNOWN = (
    "what|who|how|why|where|when|which|that|if|whether|the|a|an|this|these|those|it|him|her|them|me"
    "|us|my|your|his|our|their|about|of|any|some|anything|something|nothing|everything|more|better"
)
_YOU_KNOW = re.compile(
    rf"(?:(?<=^)|(?<![\w'])(?P<before>[\w']+)\s+)you know(?=\s+(?!(?:{_KNOWN})\b)\w)", re.IGNORECASE
)
_PHRASE_TWICE = re.compile(r"\b(\w[\w']*(?:\s+\w[\w']*){1,3})(?:,?\s+\1\b)+", re.IGNORECASE)
_WORD_TWICE = re.compile(r"\b(\w[\w']*)((?:,?\s+\1\b)+)(?!['\w])", re.IGNORECASE)


def without_fillers(text: str, language: str) -> str:
    """The text without hesitations and restarts; empty if there was nothing else. A language
    without a list loses nothing but repeated phrases."""
    shorter = _sounds(language).sub(_gap, text)
    shorter = _set_off(language).sub(lambda match: match["end"] or " ", shorter)
    if language == "en":
        shorter = _YOU_KNOW.sub(_without_you_know, shorter)
    if language != "tr":  # Turkish says words twice on purpose
        shorter = _PHRASE_TWICE.sub(r"\1", shorter)
        shorter = _WORD_TWICE.sub(lambda match: _once(match, language), shorter)
    return mended(shorter, text) if shorter != text else text


def mended(text: str, before: str) -> str:
    """A text that lost words: no stray commas or blanks, and the capital where it was."""
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"(?:\s*,)+(?=\s*[,.;:!?…]|\s*$)", "", text)
    text = re.sub(r"\s+([,.;:!?…])", r"\1", text)
    text = re.sub(r"(?<=[.!?…])\s*[,.;]+(?=\s|$)", "", text)
    text = re.sub(r"^[\s,.;:!?…]+", "", text).rstrip(" ,")
    if before[:1].isupper() and text[:1].islower():
        text = text[0].upper() + text[1:]
    return text if any(char.isalnum() for char in text) else ""


@cache
def _sounds(language: str) -> re.Pattern[str]:
    words = "|".join(_SOUNDS.get(language, "").split())
    one = rf"(,\s*)?(?<![\w'-])(?:{words})(?![\w'-])(\s*,)?"
    return re.compile(one if words else r"(?!)", re.IGNORECASE)


@cache
def _set_off(language: str) -> re.Pattern[str]:
    phrases = "|".join(_SET_OFF.get(language, ()))
    if not phrases:
        return re.compile(r"(?!)")
    return re.compile(rf"(?:^\s*|,\s*)(?:{phrases})\s*(?:,\s*|(?P<end>[.!?…]))", re.IGNORECASE)


def _gap(match: re.Match[str]) -> str:
    """A comma on one side belongs to the sentence; two of them set the sound off."""
    return ", " if bool(match[1]) != bool(match[2]) else " "


def _without_you_know(match: re.Match[str]) -> str:
    before = match["before"] or ""
    kept = re.fullmatch(_KEEPS_YOU_KNOW, before, re.IGNORECASE)
    return match[0] if kept else before


def _once(match: re.Match[str], language: str) -> str:
    word = match[1].casefold()
    if language == "en":
        return match[0] if word in _SAID_TWICE.split() or word.isdigit() else match[1]
    return match[1] if word in _RESTARTED.get(language, "").split() else match[0]
