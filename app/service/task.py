"""What a job's process is told, and what it leaves in the job's folder: all that the service itself
knows of the work, for which it loads nothing."""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.config import Config

PROGRESS, RESULT, REPORT = "progress", "result.mp4", "report.json"


@dataclass(frozen=True)
class Task:
    """`text` is spoken when there is one; else what is said in the video is translated."""

    folder: Path
    video: str
    language: str
    text: str
    settings: dict[str, Any]
    config: Config


def progress_of(folder: Path) -> float:
    """How far the job in this folder is, 0 to 1."""
    with contextlib.suppress(OSError, ValueError):
        return float((folder / PROGRESS).read_text())
    return 0.0


def begin(folder: Path) -> None:
    """What was told of an earlier try at the job in this folder counts no more."""
    (folder / PROGRESS).unlink(missing_ok=True)
