"""`bench NAME`: run a measurement and print what it gives."""

from collections.abc import Sequence
from pathlib import Path

from app.bench import names
from app.bench import run as measure
from core.errors import UsageError

WITH_CLIPS = ("visual", "enhance")
WITH_DEVICE = ("lips",)


def run(name: str, json: Path | None, clips: Sequence[Path], device: str = "") -> None:
    if name == "list":
        print("\n".join(names()))
        return
    if clips and name not in WITH_CLIPS:
        raise UsageError(f"The bench {name} takes no clips.")
    if device and name not in WITH_DEVICE:
        raise UsageError(f"The bench {name} has no choice of device.")
    measure(name, json, clips, device)
