"""What runs in a worker process: an engine as a stage without a memory, and what it is.

Somebody waits for a process that is started again: what it may not need it imports when it does.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from core.types import Segment, Speech
from core.work import STAGES
from engines.candidates import Candidate
from engines.registry import Choice, Judge, auto

if TYPE_CHECKING:
    from core.placed_lips import LipsDesk

Special = Mapping[str, Mapping[str, Any]]

_ALONE: Special = {"sphinx": {"alone": True}}
"""What engines are told that have the process to themselves."""
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
    special: Special | None = None,
    below: Candidate | None = None,
    budget: float = 0.0,
) -> Hosted | Mouths:
    """`below` as of `auto`; with a lag `budget`, what does not hold it is passed over.
    EngineUnavailable with every refusal when none can be built."""
    if kind == "lips":
        return Mouths()
    special = {**(special or {})}
    for name, own in _ALONE.items():
        special[name] = {**own, **special.get(name, {})}
    judge = _judge(kind, options or {}, special, budget) if budget and wanted == "auto" else None
    return Hosted(auto(kind, wanted, options, special, below=below, judge=judge))


def hosted_lips(
    wanted: str = "auto",
    live: bool = True,
    special: Special | None = None,
) -> "LipsDesk":
    """Lips by name, to be drawn with in a process of their own; `live`, what is too slow for a
    camera is passed over, and the others are waited for."""
    from core.placed_lips import LipsDesk

    judge = _lips_judge(special) if live and wanted == "auto" else None
    choice = auto("lips", wanted, {}, special, judge=judge)
    about = {
        "name": choice.name,
        "refusals": choice.refusals,
        "notice": choice.engine.notice,
    }
    if live:
        from engines.priority import PICTURE, hurry

        hurry(PICTURE)
    return LipsDesk(choice.engine, about)


def _judge(kind: str, options: Mapping[str, Any], special: Special, budget: float) -> Judge:
    from engines.measured import Measured

    return Measured(kind, options, special, budget)


def _lips_judge(special: Special | None) -> Judge:
    from engines.measured import lips_judge

    return lips_judge(special)
