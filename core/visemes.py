"""What each sound of speech asks of the lips.

Sounds are named in the International Phonetic Alphabet; ARPABET gives the IPA of the names that
American synthesisers use. A compound name ("aɪ", "tʃ", "ɑːɹ") is a sequence of sounds.
"""

# ruff: noqa: RUF001, RUF002  (IPA letters look like others by nature)

import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache


class Hold(Enum):
    """A contact that coarticulation may not blur."""

    LIPS = "lips"  # p b m: the lips touch
    NEAR = "near"  # β ɸ: the lips all but touch
    TEETH = "teeth"  # f v: the lower lip touches the upper teeth


@dataclass(frozen=True, slots=True)
class Viseme:
    """A mouth shape and how strongly the sound insists on it, 0 to 1.

    `jaw_pull` and `lip_pull` are the shares in the blend with the neighbours: a /t/ leaves the
    rounding of the lips to the vowels around it, a /ʃ/ does not.
    """

    jaw: float = 0.0
    width: float = 0.0
    round: float = 0.0
    upper: float = 0.0
    jaw_pull: float = 1.0
    lip_pull: float = 1.0
    hold: Hold | None = None


REST = Viseme()

_VOWELS = {  # jaw, width, round, upper
    "a": (0.92, 0.15, 0.0, 0.25),
    "ɑ": (1.00, 0.05, 0.0, 0.20),
    "æ": (0.88, 0.35, 0.0, 0.35),
    "ɐ": (0.75, 0.15, 0.0, 0.20),
    "ʌ": (0.70, 0.10, 0.0, 0.15),
    "ɒ": (0.85, 0.00, 0.35, 0.15),
    "ɔ": (0.72, 0.00, 0.60, 0.10),
    "o": (0.52, 0.00, 0.75, 0.10),
    "ɤ": (0.45, 0.15, 0.0, 0.15),
    "ʊ": (0.32, 0.00, 0.65, 0.08),
    "u": (0.26, 0.00, 1.00, 0.05),
    "ɯ": (0.26, 0.30, 0.0, 0.15),
    "ɨ": (0.26, 0.40, 0.0, 0.20),
    "ʉ": (0.26, 0.00, 0.80, 0.08),
    "ɵ": (0.42, 0.00, 0.60, 0.10),
    "ə": (0.42, 0.12, 0.0, 0.15),
    "ɚ": (0.38, 0.00, 0.30, 0.15),
    "ɜ": (0.50, 0.08, 0.10, 0.15),
    "ɝ": (0.42, 0.00, 0.35, 0.15),
    "ɛ": (0.62, 0.40, 0.0, 0.28),
    "œ": (0.58, 0.00, 0.55, 0.12),
    "e": (0.48, 0.55, 0.0, 0.30),
    "ø": (0.42, 0.00, 0.70, 0.10),
    "ɪ": (0.36, 0.50, 0.0, 0.28),
    "ʏ": (0.30, 0.00, 0.75, 0.08),
    "i": (0.28, 0.75, 0.0, 0.35),
    "y": (0.24, 0.00, 0.95, 0.05),
}
_CONSONANTS = {  # symbols: jaw, width, round, upper, jaw pull, lip pull
    "tdnɗʈɖɳ": (0.18, 0.15, 0.0, 0.15, 0.55, 0.15),
    "lɫɭɬɮʟ": (0.30, 0.15, 0.0, 0.15, 0.50, 0.15),
    "rɾɽ": (0.24, 0.15, 0.0, 0.15, 0.50, 0.15),
    "sz": (0.10, 0.35, 0.0, 0.30, 0.85, 0.35),
    "θð": (0.20, 0.20, 0.0, 0.25, 0.70, 0.25),
    "ʃʒʂʐɕʑ": (0.14, 0.00, 0.60, 0.35, 0.85, 0.70),
    "kɡgŋxɣqɢɴχʁcɟɲʎç": (0.30, 0.15, 0.0, 0.15, 0.35, 0.12),
    "jʝ": (0.22, 0.60, 0.0, 0.30, 0.60, 0.60),
    "ɹɻ": (0.22, 0.00, 0.40, 0.15, 0.60, 0.50),
    "wʍɥ": (0.16, 0.00, 0.95, 0.05, 0.90, 1.00),
    "hɦħʕʔʜʢ": (0.35, 0.10, 0.0, 0.10, 0.10, 0.05),
}
_HELD = {  # symbols: contact, jaw, upper, jaw pull, lip pull
    "pbmɓʙ": (Hold.LIPS, 0.0, 0.0, 0.3, 0.05),
    "βɸ": (Hold.NEAR, 0.10, 0.05, 0.3, 0.10),
    "fvɱʋ": (Hold.TEETH, 0.10, 0.30, 0.4, 0.20),
}
_UNKNOWN = Viseme(0.3, 0.1, 0.0, 0.15, 0.3, 0.1)

ARPABET = {
    **{"aa": "ɑ", "ae": "æ", "ah": "ʌ", "ao": "ɔ", "aw": "aʊ", "ax": "ə", "axr": "ɚ", "ay": "aɪ"},
    **{"b": "b", "ch": "tʃ", "d": "d", "dh": "ð", "dx": "ɾ", "eh": "ɛ", "el": "əl", "em": "m"},
    **{"en": "n", "er": "ɝ", "ey": "eɪ", "f": "f", "g": "ɡ", "hh": "h", "hv": "ɦ", "ih": "ɪ"},
    **{"ix": "ɨ", "iy": "i", "jh": "dʒ", "k": "k", "l": "l", "m": "m", "n": "n", "ng": "ŋ"},
    **{"nx": "ɾ", "ow": "oʊ", "oy": "ɔɪ", "p": "p", "r": "ɹ", "s": "s", "sh": "ʃ", "t": "t"},
    **{"th": "θ", "uh": "ʊ", "uw": "u", "v": "v", "w": "w", "y": "j", "z": "z", "zh": "ʒ"},
    **{"pau": "", "h#": "", "brth": ""},
}


def _table() -> dict[str, Viseme]:
    table = {symbol: Viseme(*shape) for symbol, shape in _VOWELS.items()}
    for symbols, values in _CONSONANTS.items():
        table |= dict.fromkeys(symbols, Viseme(*values))
    for symbols, (hold, jaw, upper, jaw_pull, lip_pull) in _HELD.items():
        held = Viseme(jaw, 0.0, 0.0, upper, jaw_pull, lip_pull, hold)
        table |= dict.fromkeys(symbols, held)
    return table


_VISEMES = _table()


@cache
def visemes(name: str) -> tuple[Viseme, ...]:
    """The mouth shapes of a sound in their order; none for a pause.

    Stress, length, tone and diacritics are passed over, as is the "(en)" with which espeak
    announces a foreign word. A letter that is not known gets a weak, half-open shape.
    """
    if name.startswith("("):
        return ()
    letters = [letter for letter in unicodedata.normalize("NFD", name) if letter.isalpha()]
    found = [_VISEMES.get(letter) for letter in letters if unicodedata.category(letter) != "Lm"]
    return tuple(viseme or _UNKNOWN for viseme in found)
