"""What runs in a worker process: an engine as a stage without a memory, and what it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.placed_lips import LipsDesk
from core.types import Segment, Speech
from core.work import STAGES
from engines.candidates import Candidate
from engines.measured import Measured, lips_judge
from engines.registry import Choice, auto

_PATIENCE_S, _PER_SECOND_S = 20.0, 4.0


def patience(item: object) -> float:
    """Seconds after which an engine that has not done with an item hangs: ten times what the
    slowest takes."""
    sound = item.audio.duration if isinstance(item, Segment) else 0.0
    return _PATIENCE_S + _PER_SECOND_S * sound


class Hosted:
    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self._stage = STAGES[choice.kind](choice.engine)

    def about(self) -> dict[str, Any]:
        """The engine's name, what was refused before it and for how long, what it notes about
        itself, and the rate of its voice."""
        return {
            "name": self._choice.name,
            "model": self._choice.model,
            "remark": self._choice.remark,
            "refusals": self._choice.refusals,
            "doubtful": self._choice.doubtful,
            "note": getattr(self._choice.engine, "note", ""),
            "rate": getattr(self._choice.engine, "rate", 0),
        }

    def process(self, item: Any) -> Iterable[Any]:
        return self._stage.process(item)

    def flush(self) -> Iterable[Any]:
        return self._stage.flush()

    def close(self) -> None:
        self._stage.close()


class Mouths:
    """Finds the mouth of a voice that comes without one. Pictures do not travel."""

    def about(self) -> dict[str, Any]:
        return {
            "name": "network",
            "model": "",
            "remark": "",
            "refusals": (),
            "doubtful": (),
            "note": "",
            "rate": 0,
        }

    def process(self, speech: Speech) -> Iterable[Speech]:
        from engines.mouth.network import with_mouth

        yield with_mouth(speech)

    def flush(self) -> Iterable[Speech]:
        return ()

    def close(self) -> None:
        pass


def hosted(
    kind: str,
    wanted: str = "auto",
    options: Mapping[str, Any] | None = None,
    special: Mapping[str, Mapping[str, Any]] | None = None,
    below: Candidate | None = None,
    budget: float = 0.0,
) -> Hosted | Mouths:
    """`below` as of `auto`; with a lag `budget`, what does not hold it is passed over.
    EngineUnavailable with every refusal when none can be built."""
    if kind == "lips":
        return Mouths()
    judge = Measured(kind, options or {}, special or {}, budget) if budget else None
    return Hosted(auto(kind, wanted, options, special, below=below, judge=judge))


def hosted_lips(
    wanted: str = "auto",
    live: bool = True,
    special: Mapping[str, Mapping[str, Any]] | None = None,
) -> LipsDesk:
    """Lips by name, to be drawn with in a process of their own; `live`, what is too slow for a
    camera is passed over."""
    choice = auto("lips", wanted, {}, special, judge=lips_judge(special) if live else None)
    about = {
        "name": choice.name,
        "refusals": choice.refusals,
        "notice": choice.engine.notice,
    }
    return LipsDesk(choice.engine, about)
