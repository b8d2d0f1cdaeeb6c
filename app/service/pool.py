"""The jobs' way: waiting, at work in one of several worker processes, done, expired."""

import logging
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from app.service.card_turns import CardTurns
from app.service.fair import Turns
from app.service.job import Job, JobState
from app.service.meters import Meters
from app.service.options import ServiceOptions
from app.service.slot import Slot
from app.service.store import JobStore
from app.service.task import REPORT, RESULT, Task, begin, progress_of
from core.errors import CannotWrite, TranslatedCameraError
from core.process import WorkerDied

log = logging.getLogger(__name__)

TRIES = 2
"""How often a job is begun; the service may have ended while it was at work."""
_LOOK = 0.1
_SWEEP = 5.0
_FORGET = 10
"""An expired job is known for so many times as long as its result was kept."""
_FORGOTTEN = {"text": "", "settings": {}}
_OVER = tuple(state for state in JobState if state.over)


class Pool:
    """Any thread may call. `start` takes up what an earlier service left behind."""

    def __init__(self, options: ServiceOptions, meters: Meters, cards: CardTurns) -> None:
        self._options, self._meters = options, meters
        self._jobs = options.folder / "jobs"
        self._jobs.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.store = JobStore(options.folder / "jobs.sqlite")
        self._turns = Turns()
        self._changed = threading.Condition()
        self._ended = threading.Event()
        self._given_up: set[str] = set()
        """Cancelled, and the disk has not taken it yet."""
        self._slots = [Slot(cards.take()) for _ in range(options.workers)]
        works = [(self._work, slot) for slot in self._slots]
        self._threads = [
            threading.Thread(target=work, args=(slot,), name=f"job-{number}", daemon=True)
            for number, (work, slot) in enumerate(works)
        ]
        self._threads.append(threading.Thread(target=self._sweep, name="sweep", daemon=True))

    @property
    def ready(self) -> bool:
        """Whether a job that comes now could be begun."""
        return any(slot.ready for slot in self._slots) and not self._ended.is_set()

    @property
    def processes(self) -> dict[str, int]:
        """Process numbers by name."""
        found = {f"worker-{number}": slot.pid for number, slot in enumerate(self._slots)}
        return {name: pid for name, pid in found.items() if pid}

    def start(self) -> None:
        """A disk that is full keeps nothing from starting: what expires makes room on it."""
        try:
            self._take_up()
        except CannotWrite:
            with suppress(CannotWrite):
                self._expire(time.time())
                self._take_up()
        for thread in self._threads:
            thread.start()

    def folder(self, id: str) -> Path:
        return self._jobs / id

    def result(self, job: Job) -> Path:
        return self.folder(job.id) / RESULT

    def progress(self, job: Job) -> float:
        if job.state is JobState.DONE:
            return 1.0
        return progress_of(self.folder(job.id)) if job.state is JobState.RUNNING else 0.0

    def ahead_of(self, job: Job) -> int:
        """How many of the jobs that wait came before it."""
        waiting = self.store.all(JobState.QUEUED)
        return sum(1 for one in waiting if one.created < job.created)

    @property
    def full(self) -> bool:
        return self.store.count(JobState.QUEUED) >= self._options.waiting

    def add(self, job: Job) -> None:
        """Its video lies in its folder."""
        self.store.add(job)
        self._tell()

    def cancel(self, id: str) -> bool:
        """False when it was over already. After CannotWrite it is given up all the same."""
        found = self.store.get(id)
        if found is None or found.state.over:
            return False
        self._given_up.add(id)
        try:
            return self._finish(id, JobState.CANCELLED)
        finally:
            self._tell()

    def forget(self, id: str) -> None:
        """Its result, and that there was such a job. The files go first: on a full disk that is
        what makes room for writing it down."""
        _clear(self.folder(id))
        self.store.remove(id)

    def close(self) -> None:
        """Jobs at work are begun again by the next service."""
        self._ended.set()
        self._tell()
        for slot in self._slots:
            slot.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(3.0)
        self.store.close()

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()
        with suppress(CannotWrite):
            self._meters.waiting.set(self.store.count(JobState.QUEUED))

    def _take_up(self) -> None:
        for job in self.store.all(JobState.RUNNING, JobState.QUEUED):
            if not self.folder(job.id).is_dir():
                reason = "The service ended before it could write down how this ended."
                self._finish(job.id, JobState.FAILED, reason)
            elif job.state is JobState.QUEUED:
                continue
            elif job.tries < TRIES:
                begin(self.folder(job.id))
                self.store.update(job.id, state=JobState.QUEUED)
            else:
                reason = f"The service ended {job.tries} times while it was at work on this."
                self._finish(job.id, JobState.FAILED, reason)
        known = {job.id for job in self.store.all(*JobState)}
        for folder in self._jobs.iterdir():
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)

    def _work(self, slot: Slot) -> None:
        while not self._ended.is_set():
            try:
                slot.prepare()
                with self._next() as job:
                    if job is not None:
                        self._do(slot, job)
            except CannotWrite:
                self._ended.wait(_SWEEP)

    @contextmanager
    def _next(self) -> Iterator[Job | None]:
        """The job whose turn it is, marked as at work."""
        with self._changed:
            waiting = self.store.all(JobState.QUEUED)
            job = self._turns.choose(one for one in waiting if one.id not in self._given_up)
            if job is None:
                self._changed.wait(_SWEEP)
            elif self.store.update(job.id, _OVER, state=JobState.RUNNING, tries=job.tries + 1):
                self._turns.begin(job.owner)
            else:
                job = None
        if job is None:
            yield None
            return
        self._meters.running.inc()
        try:
            self._tell()
            yield job
        finally:
            self._meters.running.dec()
            with self._changed:
                self._turns.end(job.owner)

    def _do(self, slot: Slot, job: Job) -> None:
        begun, figures = time.monotonic(), None
        try:
            figures = self._await(slot.begin(self._task(job)), slot, job)
        except TranslatedCameraError as error:
            self._failed(job, error)
        except Exception:
            log.exception("Job %s broke", job.id)
            self._settle(job.id, JobState.FAILED, "Something broke that should not have.")
        else:
            if figures is not None:
                self._succeeded(job, figures)
        self._meters.job_seconds.observe(time.monotonic() - begun)
        slot.done(well=figures is not None)
        if job.id in self._given_up:
            self._settle(job.id, JobState.CANCELLED)

    def _await(self, future: "Future[Any]", slot: Slot, job: Job) -> dict[str, Any] | None:
        """The figures; None when the job is over for other reasons."""
        until = time.monotonic() + _patience(job)
        while not self._ended.is_set():
            try:
                figures: dict[str, Any] = future.result(_LOOK)
                return figures
            except TimeoutError:
                if future.done():
                    raise
            found = self.store.get(job.id)
            if found is None or found.state.over or job.id in self._given_up:
                return None
            if time.monotonic() > until:
                raise TranslatedCameraError("It took far too long and was given up.")
        return None

    def _task(self, job: Job) -> Task:
        folder, config = self.folder(job.id), self._options.config
        return Task(folder, job.video, job.language, job.text, job.settings, config)

    def _succeeded(self, job: Job, figures: Mapping[str, Any]) -> None:
        self._meters.stages(figures["stages"])
        self._meters.fps.labels("job").set(figures["fps"])
        kept = {name: value for name, value in figures.items() if name != "stages"}
        self._settle(job.id, JobState.DONE, figures=kept)

    def _failed(self, job: Job, error: TranslatedCameraError) -> None:
        if self._ended.is_set():
            return
        reason = str(error).replace(f"{self.folder(job.id)}/", "")
        if isinstance(error, WorkerDied):
            self._meters.restarts.inc()
            reason = "The process that worked on it crashed; other jobs are not affected."
        log.info("Job %s failed: %s", job.id, type(error).__name__)
        self._settle(job.id, JobState.FAILED, reason)

    def _settle(self, id: str, state: JobState, error: str = "", **more: Any) -> None:
        """As `_finish`, as soon as the disk takes it: a job whose end is not written down would
        be one at work."""
        while True:
            try:
                self._finish(id, state, error, **more)
                return
            except CannotWrite:
                if self._ended.wait(_SWEEP):
                    return

    def _finish(self, id: str, state: JobState, error: str = "", **more: Any) -> bool:
        """Written down, and what it needs no more removed: before that on a disk that is full."""
        if id in self._given_up:
            state, error, more = JobState.CANCELLED, "", {}
        told = {"state": state, "error": error, "finished": time.time(), **_FORGOTTEN, **more}
        try:
            changed = self.store.update(id, _OVER, **told)
        except CannotWrite:
            _clear(self.folder(id), keep=state is JobState.DONE)
            changed = self.store.update(id, _OVER, **told)
        self._given_up.discard(id)
        if changed:
            self._meters.jobs.labels(state.value).inc()
            _clear(self.folder(id), keep=state is JobState.DONE)
        return changed

    def _sweep(self) -> None:
        while not self._ended.wait(min(_SWEEP, max(0.1, self._options.keep / 4))):
            with suppress(CannotWrite):
                self._expire(time.time())
                for id in list(self._given_up):
                    self._finish(id, JobState.CANCELLED)

    def _expire(self, now: float) -> None:
        """All files first: the first word to a full disk would be refused for want of them."""
        keep, late = self._options.keep, []
        for job in self.store.all(*_OVER):
            kept = keep * _FORGET if job.state is JobState.EXPIRED else keep
            if now - job.finished > kept:
                _clear(self.folder(job.id))
                late.append(job)
        for job in late:
            if now - job.finished > keep * _FORGET:
                self.store.remove(job.id)
            else:
                self.store.update(job.id, state=JobState.EXPIRED)


def _patience(job: Job) -> float:
    """What the slowest machine that makes sense would need, and as much again."""
    return 120.0 + 60.0 * float(job.facts.get("duration", 0.0)) + 0.2 * len(job.text)


def _clear(folder: Path, *, keep: bool = False) -> None:
    """Of a job that is over: all, or all but its result."""
    if not keep:
        shutil.rmtree(folder, ignore_errors=True)
        return
    with suppress(FileNotFoundError):
        for file in folder.iterdir():
            if file.name not in (RESULT, REPORT):
                file.unlink(missing_ok=True)
