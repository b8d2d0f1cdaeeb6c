"""The engines that a user may name, checked before anything is opened or built."""

from dataclasses import fields

from core.config import Engines
from core.errors import UsageError
from engines.registry import names

_WITHOUT = ("lips",)
"""Kinds that can be switched off."""


def refuse_unknown(engines: Engines) -> None:
    """UsageError, naming those that there are, for an engine that is none of its kind."""
    for kind in (field.name for field in fields(engines)):
        name = getattr(engines, kind)
        known = ("auto", *names(kind), *(("off",) if kind in _WITHOUT else ()))
        if name not in (*known, "fake"):
            raise UsageError(
                f"There is no {kind} engine named {name!r}; there are: {', '.join(known)}."
            )
