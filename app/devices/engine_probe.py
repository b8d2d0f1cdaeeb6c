"""Runs in a process of its own: builds engines, so that one that crashes takes nothing along."""

from collections.abc import Mapping
from typing import Any

from engines.registry import auto


class EngineProbe:
    def about(
        self,
        kind: str,
        wanted: str,
        options: Mapping[str, Any],
        special: Mapping[str, Mapping[str, Any]] | None,
    ) -> dict[str, Any]:
        """What the session would take. EngineUnavailable with every refusal."""
        choice = auto(kind, wanted, options, special)
        choice.engine.close()
        return {
            "name": choice.name,
            "reason": choice.reason,
            "refusals": choice.refusals,
            "basic": choice.basic,
        }

    def close(self) -> None:
        """Nothing is held."""
