"""The graphics cards that the settings ask for, and what is said where they are not."""

from collections.abc import Iterator
from dataclasses import fields

from core.config import AS_FOR_ALL, Config

ABSENT = (
    "CUDA was asked for (models.device), but no graphics card that has it is found; the processor "
    "works instead. Install NVIDIA's driver with cuBLAS and cuDNN, or set models.device to auto."
)


def device_of(kind: str, config: Config) -> str:
    """What the settings say of where this kind's networks compute."""
    own = str(getattr(config.cards, kind, AS_FOR_ALL))
    return config.models.device if own == AS_FOR_ALL else own


def wanted(config: Config) -> bool:
    return config.models.device == "cuda" or named(config)


def named(config: Config) -> bool:
    """Whether the settings say of a stage which card it has."""
    return any(_asked(config))


def absence(config: Config) -> str:
    """For the user, when the settings ask for cards that cannot be computed on; else empty."""
    return lacking(config, _cards()) if wanted(config) else ""


def lacking(config: Config, here: int) -> str:
    """The same on a machine with so many cards."""
    told = [ABSENT] if config.models.device == "cuda" and not here else []
    for kind, card in _asked(config):
        if not here:
            told.append(
                f"{card} was asked for (cards.{kind}), but no graphics card is found; the "
                "processor works instead."
            )
        elif int(card.removeprefix("cuda:")) >= here:
            told.append(
                f"{card} was asked for (cards.{kind}), but it is not among the graphics cards that "
                "are found; the first one works instead."
            )
    return " ".join(told)


def _asked(config: Config) -> Iterator[tuple[str, str]]:
    """Stages that a card is named for, and which."""
    for one in fields(config.cards):
        value = getattr(config.cards, one.name)
        if isinstance(value, str) and value.startswith("cuda:"):
            yield one.name, value


def _cards() -> int:
    try:
        from engines.device import cards
    except (ImportError, OSError):
        return 0
    return cards()
