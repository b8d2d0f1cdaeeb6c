"""Runs in a process of its own: builds engines, so that one that crashes takes nothing along."""

from collections.abc import Mapping
from typing import Any

from engines.measured import Measured
from engines.registry import auto


class EngineProbe:
    def about(
        self,
        kind: str,
        wanted: str,
        options: Mapping[str, Any],
        special: Mapping[str, Mapping[str, Any]] | None,
        budget: float,
    ) -> dict[str, Any]:
        """What a live session with this lag budget would take; what was not measured on this
        machine is measured. EngineUnavailable with every refusal."""
        judge = Measured(kind, options, special or {}, budget)
        choice = auto(kind, wanted, options, special, judge=judge)
        choice.engine.close()
        return {
            "name": choice.name,
            "reason": choice.reason,
            "refusals": choice.refusals,
            "basic": choice.basic,
        }

    def cuda(self) -> dict[str, Any]:
        return {"ctranslate2": _ctranslate2(), "torch": _torch()}

    def close(self) -> None:
        """Nothing is held."""


def _ctranslate2() -> int:
    try:
        from engines.device import cards
    except (ImportError, OSError):
        return 0
    return cards()


def _torch() -> str:
    try:
        import torch
    except (ImportError, OSError):
        return ""
    return str(torch.version.cuda) if torch.cuda.is_available() else ""
