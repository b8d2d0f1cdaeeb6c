"""Which of the devices that are there is meant by a name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Info(Protocol):
    """What a camera and a microphone have in common."""

    @property
    def name(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def ours(self) -> bool: ...


I = TypeVar("I", bound=Info)  # noqa: E741


@dataclass(frozen=True)
class Found(Generic[I]):
    """`remark` is for the user; empty when there was nothing to choose from."""

    info: I
    remark: str = ""


def choose(wanted: str, infos: Sequence[I], noun: str) -> Found[I] | None:
    """The device that has this id, else this name, else a name that contains it; capitals and
    blanks around it do not matter. None when there is none. `infos` is in order of preference; ""
    takes the first that is not ours."""
    if not wanted:
        return next((Found(info) for info in infos if not info.ours), None)
    for info in infos:
        if info.id == wanted:
            return Found(info)
    low = wanted.strip().casefold()
    alike = [info for info in infos if info.name.casefold() == low]
    alike = alike or [info for info in infos if low in info.name.casefold()]
    if not alike:
        return None
    first, *others = alike
    if not others:
        return Found(first)
    ids = ", ".join(info.id for info in alike)
    return Found(
        first, f"{len(alike)} {noun}s fit {wanted}; the first is used. Choose one by its id: {ids}."
    )


def told_apart(names: Iterable[str]) -> list[str]:
    """The same names in the same order, no two alike: the second “Webcam” is “Webcam (2)”."""
    told: list[str] = []
    for name in names:
        number, one = 1, name
        while one in told:
            number += 1
            one = f"{name} ({number})"
        told.append(one)
    return told


def own(name: str, noun: str) -> str:
    """Why a device of ours is refused."""
    return (
        f"{name} is what this program itself sends; as its {noun} it would only go round in "
        f"circles. Choose another {noun}."
    )


def absent(wanted: str, infos: Sequence[Info], noun: str) -> str:
    """That it is not there, and what is."""
    there = ", ".join(info.name for info in infos if not info.ours)
    others = f"There are: {there}." if there else f"There is no {noun} at all."
    return f"There is no {noun} called {wanted}. {others}" if wanted else f"There is no {noun}."
