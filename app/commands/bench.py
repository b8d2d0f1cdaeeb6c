"""`bench NAME`: run a measurement and print what it gives."""

from pathlib import Path

from app.bench import names
from app.bench import run as measure


def run(name: str, json: Path | None) -> None:
    if name == "list":
        print("\n".join(names()))
        return
    measure(name, json)
