"""Where a network computes: on the graphics card when it is asked for or there, else here."""

import logging
import re
from dataclasses import dataclass

import ctranslate2

from core.errors import UsageError
from engines.cuda_libraries import lacking

log = logging.getLogger(__name__)

WISHES = ("auto", "cpu", "cuda")
_NUMBERED = re.compile(r"cuda:(\d{1,2})")


@dataclass(frozen=True)
class Device:
    """`name` is cpu or cuda, `precision` CTranslate2's name of what it computes in there; `absent`,
    that a card was asked for in vain; `card`, which of several it is."""

    name: str
    precision: str
    absent: bool = False
    card: int = 0

    @property
    def note(self) -> str:
        return f"{self.precision} {self.place}"

    @property
    def place(self) -> str:
        """Where, in words; why not where it was asked for."""
        where = "graphics card" if self.name == "cuda" else "processor"
        where = f"graphics card {self.card}" if self.card else f"the {where}"
        asked = "CUDA" if self.name == "cpu" else "another one"
        why = f" since {asked}, which was asked for, is not found" if self.absent else ""
        return f"on {where}{why}"


def device(wish: str = "auto") -> Device:
    """The graphics card in FP16, the processor in eight bits; that one, too, when a card is asked
    for and none can be used. `cuda:1` is the second card, or the first where there is one only."""
    number = _NUMBERED.fullmatch(wish)
    if wish not in WISHES and number is None:
        raise UsageError(f"There is no device {wish!r}; there are: {', '.join(WISHES)}, cuda:N.")
    here = _usable() if wish != "cpu" else 0
    if here:
        asked = int(number[1]) if number else 0
        precision = _first("cuda", ("float16", "int8_float16", "float32"))
        return Device("cuda", precision, asked >= here, asked if asked < here else 0)
    absent = wish.startswith("cuda")
    return Device("cpu", _first("cpu", ("int8", "int8_float32", "float32")), absent)


def cards() -> int:
    """How many graphics cards with CUDA there are."""
    try:
        return int(ctranslate2.get_cuda_device_count())
    # A driver that is too old, or half installed.
    except RuntimeError as exc:
        log.info("CUDA cannot be used: %s", exc)
        return 0


def _usable() -> int:
    """By CTranslate2."""
    here = cards()
    if here and (name := lacking()):
        log.warning("The graphics card cannot be used without %s.", name)
        return 0
    return here


def _first(name: str, precisions: tuple[str, ...]) -> str:
    supported = ctranslate2.get_supported_compute_types(name)
    return next((one for one in precisions if one in supported), "default")
