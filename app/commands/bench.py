"""`bench NAME`: run a measurement and print what it gives."""

from collections.abc import Sequence
from pathlib import Path

from app.bench import names
from app.bench import run as measure
from core.errors import UsageError

WITH_CLIPS = ("visual",)


def run(name: str, json: Path | None, clips: Sequence[Path]) -> None:
    if name == "list":
        print("\n".join(names()))
        return
    if clips and name not in WITH_CLIPS:
        raise UsageError(f"The bench {name} takes no clips.")
    measure(name, json, clips)
