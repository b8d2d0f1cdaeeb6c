"""One job, in a process of its own: what breaks here costs the job and nothing else."""

import os
import sys
import time
from pathlib import Path
from typing import Any

from app.clip import ClipResult, ClipTranslation
from app.clip_output import ClipJob
from app.clip_report import report
from app.clip_text import ClipSpeech
from app.service.card_turns import use
from app.service.task import PROGRESS, REPORT, RESULT, Task
from app.service.wishes import Wishes, configured
from core.errors import EngineFailed
from core.events import Fate
from engines.device import cards
from engines.media.reader import probe

_LARGEST_FILE = 8 << 30
_OF_MEMORY, _MEMORY = 0.75, 3 << 30
"""What a job may take of the machine's memory, and in any case: it is counted by what is set apart,
most of which is never used."""
_TOLD_EVERY = 0.2
_WRITTEN = 0.98
"""How much is done when all is written: the file is still to be closed and looked at."""


class Work:
    """The object in the worker process. `card` is the graphics card that it may use, if not all."""

    def __init__(self, card: str = "") -> None:
        use(card)
        if hasattr(os, "nice"):
            os.nice(5)  # what is live goes first
        if sys.platform == "linux":
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            # CUDA sets far more apart than it takes, so there is no limit beside it.
            if not cards():
                there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
                most = max(_MEMORY, round(_OF_MEMORY * there))
                resource.setrlimit(resource.RLIMIT_DATA, (most, most))

    def run(self, task: Task) -> dict[str, Any]:
        """The result lies in the folder when this returns the figures of it."""
        try:
            return self._run(task)
        except MemoryError as error:
            raise EngineFailed("It needs more memory than a job may have here.") from error

    def _run(self, task: Task) -> dict[str, Any]:
        clock, cpu = time.perf_counter(), time.process_time()
        text = bool(task.text)
        config = configured(task.config, Wishes(**task.settings), task.language, text=text)
        job = ClipJob(task.folder / task.video, task.folder / RESULT, overwrite=True, hold=True)
        told = _Progress(task.folder / PROGRESS)
        clip: ClipSpeech | ClipTranslation
        if text:
            clip = ClipSpeech(job, config, task.text, told)
        else:
            clip = ClipTranslation(job, config, told)
        result = clip.run()
        _write_report(task.folder, result)
        took = time.perf_counter() - clock
        frames = round(probe(job.target).duration * (result.info.fps or 25.0))
        return {
            "seconds": round(took, 3),
            "cpu_seconds": round(time.process_time() - cpu, 3),
            "frames": frames,
            "fps": round(frames / took, 1),
            "engines": [reason.partition(";")[0] for reason in result.engines],
            "segments": _counted(result),
            "warnings": _plain(result.warnings, task.folder),
            "stages": clip.metrics.newest(),
        }

    def ready(self) -> int:
        """For whoever waits for the process to be up: its number."""
        return os.getpid()


class _Progress:
    """Told how far the work is; writes it where the service looks. It never goes back, though the
    whole may turn out to be more than was thought."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = 0.0
        self._share = 0.0

    def __call__(self, done: float, whole: float) -> None:
        now = time.monotonic()
        if now < self._next or whole <= 0:
            return
        self._next = now + _TOLD_EVERY
        self._share = max(self._share, _WRITTEN * min(1.0, done / whole))
        part = self._path.with_suffix(".part")
        part.write_text(f"{self._share:.4f}")
        part.replace(self._path)


def _counted(result: ClipResult) -> dict[str, int]:
    counts = {fate.name.lower(): result.count(fate) for fate in Fate}
    return {name: count for name, count in counts.items() if count}


def _write_report(folder: Path, result: ClipResult) -> None:
    (folder / REPORT).write_text(_unplaced(report(result), folder), encoding="utf-8")


def _plain(sentences: list[str], folder: Path) -> list[str]:
    return [_unplaced(sentence, folder) for sentence in sentences]


def _unplaced(text: str, folder: Path) -> str:
    """Without the place of our files, which is nobody's business."""
    return text.replace(f"{folder}{os.sep}", "")
