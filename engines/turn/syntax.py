"""Whether words can be a whole sentence, from closed word classes; no parser.

The grammars of `core.segmentation` say what cannot end a sentence and what is a finite verb.
Here stands what else tells an end in a running transcript, for the languages that have it.
"""

from dataclasses import dataclass

from core.segmentation.grammar import Grammar, grammar
from core.types import Word


@dataclass(frozen=True)
class _Ends:
    alone: frozenset[str]
    """Words that are a whole utterance by themselves or together."""

    fillers: frozenset[str]
    """What is said while looking for the next word."""

    wanting: frozenset[str]
    """Verbs that leave everything open without what follows."""

    conditions: frozenset[str]
    """Words that, at the beginning, promise a second clause."""

    phrases: frozenset[str] = frozenset()
    """Whole utterances of several words that need no verb."""

    pointing: frozenset[str] = frozenset()
    """Dangling words that are an object after one of `holders`."""

    holders: frozenset[str] = frozenset()
    """Few: an ear that hears the speaker stop after "the" takes it for "that"."""

    stranded: frozenset[str] = frozenset()
    """Dangling words that end a sentence after a pronoun or a verb ("yes i do", "come in")."""

    late: frozenset[str] = frozenset()
    """Words that open a clause, or end one as an adverb ("never before")."""

    verbs: frozenset[str] = frozenset()
    verb_endings: tuple[str, ...] = ()
    """Finite verbs where the grammar lists none."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = _Ends(
    alone=_set(
        "yes yeah no okay ok right sure thanks thank you hello hi hey bye goodbye sorry please "
        "well exactly absolutely great good morning evening afternoon night everybody everyone "
        "all welcome indeed maybe very much nothing never what why again"
    ),
    fillers=_set("um uh er erm hmm mm ah eh like"),
    wanting=_set(
        "want wants wanted need needs give gives gave tell tells told make makes made take takes "
        "took bring brings brought put puts get gets got let lets call called mean means find "
        "found said says keep kept seem seems become became"
    ),
    conditions=_set("if when whenever while although though since unless until after before once"),
    stranded=_set(
        "is are was were am has have had do does did will would should can could may might must "
        "in on for with about under over not more no some any each him her all"
    ),
    late=_set("before after since once though"),
    phrases=frozenset(
        (
            *("not yet", "not really", "not at all", "of course", "no problem", "me too"),
            *("of course not", "why not", "what else", "how much", "how many", "not now"),
            *("not today", "not here"),
        )
    ),
    pointing=_set("that this"),
    holders=_set("do does did done doing about after before"),
)

_SPANISH = _Ends(
    alone=_set(
        "sí no vale bueno gracias muchas hola adiós perdón buenos días buenas tardes noches claro "
        "exacto perfecto bien muy nada nunca qué todos bienvenidos luego hasta mañana"
    ),
    fillers=_set("eh este em mmm pues o-sea"),
    wanting=_set(
        "quiero quiere quieren quería necesito necesita necesitamos tengo tiene tenemos dijo dice "
        "digo hizo hacer dar decir puedo puede podemos debe debemos voy va vamos parece encontré"
    ),
    conditions=_set("si cuando mientras aunque como"),
    stranded=_set("está están son es era con más nos te me sí"),
    verbs=_set(
        "es son era eran está están estaba soy eres somos estoy fue fueron hay había ha han he "
        "hemos tienes quieres puedes vas haces sabes necesitas dices crees vienes "
        "tiene tengo tenemos tienen va voy vamos van puede puedo podemos pueden quiere quiero "
        "queremos quieren dice digo dijo hace hago hizo sabe sé creo cree viene vengo vino sale "
        "llega llegó empieza termina gusta necesito necesita necesitamos parece vive vivo trabaja "
        "trabajo como come pienso piensa espero espera hablo habla debe debemos llama llamo costó "
        "cuesta vemos veo ve cerró abrió compró perdió"
    ),
    verb_endings=(
        *("amos", "emos", "imos", "aba", "aban", "ábamos", "ían", "íamos", "aron", "ieron"),
        *("aré", "ará", "eré", "erá", "iré", "irá", "arán", "erán", "irán", "aste", "iste", "ió"),
    ),
)

_ENDS = {"en": _ENGLISH, "es": _SPANISH}
_PRONOUNS = _set("i you he she it we they who what that there yes yo tú él ella eso")
_ADVERBIAL = _set("never ever this that day days week weeks month months year years night long")
_PERFECT = _set("have has had")
_QUESTIONS = _set("what who which where whose")


def plain(words: tuple[Word, ...]) -> list[str]:
    """The texts as the tables have them: lower case, no punctuation."""
    return [word.text.lower().strip(".,;:?!¿¡") for word in words]


def dangles(words: list[str], language: str) -> bool:
    """Whether the last word binds to what has not been said yet."""
    rules, ends = grammar(language), _ENDS.get(language)
    if not words:
        return False
    last = words[-1]
    if ends is not None:
        if last in ends.fillers or (len(words) > 1 and last in ends.wanting):
            return True
        if last in ends.late:
            return len(words) == 1 or words[-2] not in _ADVERBIAL
    if rules is None or last not in rules.dangling:
        return False
    if ends is not None and last in ends.pointing and words[-2:-1] and words[-2] in ends.holders:
        return False
    return not (ends is not None and last in ends.stranded and _holds(words, rules))


def completeness(words: list[str], language: str) -> float | None:
    """0 to 1 by the (lower-case) words alone, None when they tell nothing: no words, or a
    language that is not listed."""
    rules, ends = grammar(language), _ENDS.get(language)
    if not words or rules is None:
        return None
    if ends is not None and _stands_alone(words, ends):
        return 0.9
    if dangles(words, language):
        return 0.05
    verbs = _finite(words, rules, ends)
    if ends is not None and words[0] in ends.conditions and verbs < 2:
        return 0.15
    if words[-1] in rules.dangling:
        return 0.6
    if not verbs or len(words) < 3:
        greets = ends is not None and len(words) > 2 and words[0] in ends.alone
        return 0.7 if greets else 0.4
    return 0.79


def _stands_alone(words: list[str], ends: _Ends) -> bool:
    return all(word in ends.alone for word in words) or " ".join(words) in ends.phrases


def _holds(words: list[str], rules: Grammar) -> bool:
    """A stranded word is held by a pronoun or a verb before it, or by a question."""
    before = words[-2:-1]
    if words[-1] in _PERFECT and not any(word in _PRONOUNS for word in before):
        return words[0] in _QUESTIONS
    held = any(word in _PRONOUNS or word in rules.verbs for word in before)
    return held or (words[0] in _QUESTIONS and len(words) > 3)


def _finite(words: list[str], rules: Grammar, ends: _Ends | None) -> int:
    """How many finite verbs there are (1 for some, where the language's are not listed)."""
    if ends is not None and ends.verbs:
        return sum(word in ends.verbs or word.endswith(ends.verb_endings) for word in words)
    if not rules.verbs:
        return int(rules.finite(words))
    return sum(rules.finite([word]) for word in words)
