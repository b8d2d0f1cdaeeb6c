"""Which words open a clause, which cannot end one, and which are finite verbs, per language.

Only closed word classes and the most frequent verbs: enough to find clause ends in a running
transcript, no parser. A language that is not here is cut by gaps and dips alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Grammar:
    openers: frozenset[str]
    """Conjunctions, relative and adverbial words that begin a clause."""

    dangling: frozenset[str]
    """Words that bind to what follows: nothing ends with them."""

    attached: frozenset[str]
    """Words that bind to what precedes: a cut before them parts what belongs together."""

    subjects: frozenset[str]
    """Words that often begin a clause after "and" or "or"."""

    verbs: frozenset[str]
    """Finite verb forms; empty when the language's are not listed."""

    verb_endings: tuple[str, ...] = ()

    def finite(self, words: list[str]) -> bool:
        """Whether there is a verb that makes these words a clause."""
        if not self.verbs:
            return len(words) >= 4
        return any(
            word in self.verbs
            or "'" in word[1:]
            or (len(word) > 4 and word.endswith(self.verb_endings))
            for word in words
        )


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = Grammar(
    openers=_set(
        "and but or so because since although though while whereas if unless until when whenever "
        "where wherever which who whom whose that then however therefore moreover besides "
        "otherwise meanwhile after before as once yet nor"
    ),
    dangling=_set(
        "a an the my your his her its our their this these some any no every each of to in on at "
        "by for with from into onto over under about between through during without within and "
        "but or so because if when while that which who than as is are was were be been am will "
        "would shall should can could may might must have has had very more most almost nearly "
        "quite only even just another such both whether not i'm you're we're they're i've i he she "
        "we they mister mr mrs miss doctor"
    ),
    attached=_set("to of for with in on at by from into than too enough"),
    subjects=_set(
        "i you he she it we they this that these those there the a an my your his her our their "
        "then so now what who nobody somebody everyone everybody"
    ),
    verbs=_set(
        "is are was were am be has have had do does did will would shall should can could may "
        "might must say says said tell told think thinks thought know knows knew go goes went "
        "come comes came get gets got make makes made take takes took see sees saw want wants "
        "give gives gave find finds found feel feels felt leave leaves left put puts keep keeps "
        "kept let lets begin begins began seem seems show shows need needs mean means meant "
        "become becomes became run runs ran bring brings brought write writes wrote read reads "
        "sit sits sat stand stands stood lose loses lost pay pays paid meet meets met set sets "
        "learn learns speak speaks spoke spend spends spent grow grows grew open opens walk "
        "walks win wins won offer offers remember remembers love loves hope hopes believe "
        "believes like likes work works live lives ask asks use uses try tries call calls hear "
        "hears heard hold holds held turn turns start starts stay stays understand understood "
        "follow follows change changes send sends sent build builds built fall falls fell cut "
        "reach reaches buy bought sell sold wait waits help helps happen happens look looks play "
        "plays move moves plan plans agree agrees cost costs"
    ),
    verb_endings=("ed",),
)

_SPANISH = Grammar(
    openers=_set(
        "y e o u pero sino porque pues aunque mientras si cuando donde que quien cual como "
        "entonces luego además así después antes"
    ),
    dangling=_set(
        "el la los las un una unos unas de del a al en con por para sin sobre entre mi tu su mis "
        "tus sus nuestro nuestra y e o u pero que si porque cuando como muy más es son era está "
        "están ha han he había ser estar no se me te le lo les nos"
    ),
    attached=_set("de del a al en con por para que"),
    subjects=_set("yo tú él ella ello nosotros ellos ellas usted ustedes esto eso el la los las"),
    verbs=frozenset(),
)

_FRENCH = Grammar(
    openers=_set(
        "et ou mais donc car ni or parce puisque quoique alors si quand lorsque où que qui dont "
        "comme ensuite puis pendant après avant"
    ),
    dangling=_set(
        "le la les l' un une des du de d' à au aux en dans avec par pour sans sur sous entre mon "
        "ma mes ton ta tes son sa ses notre votre leur et ou mais que qui si est sont était ai as "
        "a ont ne je tu il elle nous vous ils elles très plus"
    ),
    attached=_set("de du des à au aux en dans avec par pour"),
    subjects=_set("je tu il elle on nous vous ils elles ce cela ça le la les un une"),
    verbs=frozenset(),
)

_GERMAN = Grammar(
    openers=_set(
        "und oder aber denn sondern weil dass da obwohl während wenn als wo wer der die das "
        "welche dann deshalb danach bevor nachdem bis damit ob"
    ),
    dangling=_set(
        "der die das den dem des ein eine einen einem einer eines mein dein sein ihr unser euer "
        "in im an am auf aus bei mit nach von vom zu zum zur für ohne um über unter und oder aber "
        "dass weil wenn ist sind war hat haben ich du er wir sehr nicht"
    ),
    attached=_set("zu in im an am auf aus bei mit von vom als"),
    subjects=_set("ich du er sie es wir ihr das dies der die ein eine"),
    verbs=frozenset(),
)

_GRAMMARS = {"en": _ENGLISH, "es": _SPANISH, "fr": _FRENCH, "de": _GERMAN}


def grammar(language: str) -> Grammar | None:
    """The words of a language (ISO 639-1), or None when they are not listed."""
    return _GRAMMARS.get(language)
