"""A shorter text with the same core: for a speaker whom the translation cannot keep up with."""

import re
from dataclasses import dataclass
from functools import cache

from core.text.fillers import mended, without_fillers


@dataclass(frozen=True)
class _Phrases:
    """What a language can do without. `openers` only begin a sentence, `asides` stand anywhere,
    `intensifiers` stay after a negation, where they carry the meaning ("not quite")."""

    openers: str = ""
    asides: str = ""
    intensifiers: str = ""
    negations: str = ""
    brief: tuple[tuple[str, str], ...] = ()


_PHRASES = {
    "en": _Phrases(
        openers=(
            "well|so|okay|ok|now|right|anyway|actually|basically|honestly|frankly|look|listen|and"
            "|to be honest|to tell you the truth|the thing is(?: that)?|the fact is(?: that)?"
            "|as you know|as i said(?: before)?|as i was saying|i think(?: that)?"
            "|i believe(?: that)?|i guess(?: that)?|i suppose(?: that)?|i would say(?: that)?"
            "|i mean|in my opinion|it seems to me that|i just want to say that"
            "|what i mean is(?: that)?|first of all|at the end of the day|as a matter of fact"
            "|needless to say"
        ),
        asides=(
            "kind of|sort of|more or less|a little bit|in fact|of course|by the way|so to speak"
            "|if you will|as it were|at the end of the day|basically|actually|obviously|essentially"
            "|literally|honestly|in a way|in a sense|or something like that|and so on"
        ),
        intensifiers=(
            "very|really|quite|extremely|absolutely|totally|completely|definitely|certainly|truly"
            "|highly|incredibly|just"
        ),
        negations="not|n't|never|hardly|the|this|that",
        brief=(
            ("in order to", "to"),
            ("due to the fact that", "because"),
            ("at this point in time", "now"),
            ("at the moment", "now"),
            ("in the near future", "soon"),
            ("a large number of", "many"),
            ("is able to", "can"),
            ("are able to", "can"),
            ("in spite of the fact that", "although"),
            ("with regard to", "about"),
            ("would like to", "want to"),
            ("for the purpose of", "for"),
        ),
    ),
    "es": _Phrases(
        openers=(
            "bueno|pues|entonces|bien|mira|oye|a ver|la verdad es que|lo cierto es que|creo que"
            "|yo creo que|pienso que|me parece que|en mi opinión|como ya he dicho|como sabéis"
            "|como saben|en realidad|de hecho|o sea|y"
        ),
        asides=(
            "un poco|más o menos|por supuesto|en realidad|de hecho|por cierto|digamos|básicamente"
            "|obviamente|en cierto modo|por así decirlo|realmente|la verdad"
        ),
        intensifiers="muy|bastante|realmente|totalmente|absolutamente|completamente|sumamente",
        negations="no|nunca|ni|el|la",
        brief=(
            ("con el fin de", "para"),
            ("debido a que", "porque"),
            ("en este momento", "ahora"),
            ("a pesar de que", "aunque"),
        ),
    ),
    "fr": _Phrases(
        openers=(
            "alors|donc|bon|ben|eh bien|enfin|en fait|je pense que|je crois que|je trouve que"
            "|à mon avis|comme je l'ai dit|comme vous le savez|il me semble que|et"
        ),
        asides=(
            "un peu|plus ou moins|bien sûr|en fait|en quelque sorte|d'ailleurs|évidemment|en gros"
            "|pour ainsi dire|franchement"
        ),
        intensifiers="très|vraiment|assez|absolument|totalement|complètement|extrêmement",
        negations="pas|jamais|plus",
        brief=(("afin de", "pour"), ("en raison du fait que", "parce que")),
    ),
    "de": _Phrases(
        openers="also|nun|na ja|ja|gut|naja|so|und",
        asides=(
            "ein bisschen|mehr oder weniger|sozusagen|im Grunde|natürlich|eigentlich|übrigens"
            "|gewissermaßen|irgendwie|grundsätzlich|ehrlich gesagt|halt|eben"
        ),
        intensifiers="sehr|wirklich|ziemlich|absolut|total|völlig|äußerst",
        negations="nicht|kein|keine|nie",
    ),
    "tr": _Phrases(
        openers="yani|şimdi|işte|peki|tamam|bence|aslında|açıkçası|ve",  # noqa: RUF001
        asides="aslında|yani|bir bakıma|tabii ki|bu arada|açıkçası|az çok|şey",  # noqa: RUF001
        intensifiers="çok|gerçekten|oldukça|kesinlikle|tamamen|son derece",
    ),
    "pt": _Phrases(
        openers="bem|bom|então|olha|pois|na verdade|acho que|eu acho que|penso que|a meu ver|e",
        asides=(
            "um pouco|mais ou menos|claro|na verdade|de facto|de fato|aliás|basicamente"
            "|de certa forma|por assim dizer|obviamente"
        ),
        intensifiers="muito|realmente|bastante|totalmente|absolutamente|completamente",
        negations="não|nunca|nem|o|a",
    ),
    "it": _Phrases(
        openers="beh|allora|dunque|ecco|insomma|cioè|penso che|credo che|secondo me|in realtà|e",
        asides=(
            "un po'|più o meno|ovviamente|in realtà|in effetti|tra l'altro|praticamente"
            "|diciamo|in un certo senso|per così dire"
        ),
        intensifiers="molto|davvero|abbastanza|assolutamente|totalmente|completamente|veramente",
        negations="non|mai|né|il|la",
    ),
    "ca": _Phrases(
        openers="bé|doncs|bueno|a veure|mira|la veritat és que|crec que|penso que|al meu parer|i",
        asides=(
            "una mica|més o menys|per descomptat|en realitat|de fet|per cert|bàsicament"
            "|en certa manera|per dir-ho així"
        ),
        intensifiers="molt|realment|força|totalment|absolutament|completament",
        negations="no|mai|ni|el|la",
    ),
}
_PHRASES["gl"] = _PHRASES["es"]

_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_DASHES = re.compile(r"\s+[\u2013\u2014-]\s+[^\u2013\u2014]{1,80}?\s+[\u2013\u2014-]\s+")
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*\s*|[.!?…]+\s*")


def shorten(text: str, language: str) -> str:
    """The text without fillers, parentheses, openers such as "well" and "I think", hedges and
    intensifiers; long-winded phrases become brief ones. Never empty where `text` is not, never
    longer, and a sentence that is nothing but such words stays."""
    brief = without_fillers(_DASHES.sub(" ", _BRACKETS.sub("", text)), language) or text
    done = "".join(_sentence(match[0], language) for match in _SENTENCE.finditer(brief)).strip()
    return done if done and len(done) <= len(text) else text


def _sentence(sentence: str, language: str) -> str:
    space = sentence[len(sentence.rstrip()) :]
    before = sentence.strip()
    shorter = before
    for pattern, replacement in _steps(language):
        candidate = mended(pattern.sub(replacement, shorter), before)
        if _has_body(candidate):
            shorter = candidate
    return shorter + space


def _has_body(sentence: str) -> bool:
    words = re.findall(r"\w+", sentence)
    return len(words) >= 2 or any(len(word) > 4 for word in words)


@cache
def _steps(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    phrases = _PHRASES.get(language)
    if phrases is None:
        return ()
    # Capitals inside a sentence belong to names, so only the beginning ignores case.
    before = "".join(f"(?<!(?i:{word}) )" for word in phrases.negations.split("|") if word)
    steps = [
        # "I think so", "so that", "now that" and questions say something of their own.
        (rf"^(?:(?i:{phrases.openers})(?:,\s*|\s+)(?!(?:so|of|about|that|much|many|it\?)\b))+", ""),
        (rf"(?:,\s*)?\b(?:{phrases.asides})(?!\w)(?:\s*,)?(?!\?)", " "),
        (rf"{before}(?<![\w'])(?:{phrases.intensifiers})\s+(?=\w)", ""),
        *((rf"\b{long}\b", short) for long, short in phrases.brief),
    ]
    return tuple((re.compile(pattern), short) for pattern, short in steps)
