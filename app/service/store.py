"""The jobs, in a small database that outlives the service."""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from app.service.job import Job, JobState
from core.errors import CannotWrite

log = logging.getLogger(__name__)

_TABLE = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, video TEXT NOT NULL, language TEXT NOT NULL,
    text TEXT NOT NULL, settings TEXT NOT NULL, facts TEXT NOT NULL, figures TEXT NOT NULL,
    state TEXT NOT NULL, error TEXT NOT NULL, tries INTEGER NOT NULL,
    created REAL NOT NULL, finished REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS by_state ON jobs (state, created);
"""
_VERSION = 1
_NAMES = tuple(field.name for field in fields(Job))
_OBJECTS = ("settings", "facts", "figures")


class JobStore:
    """Any thread may call. Whatever returned has been written down. CannotWrite when the disk
    refuses, or the file is no database of ours."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._refused = False
        with self._said():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, check_same_thread=False)
            self._database.row_factory = sqlite3.Row
            self._prepare()

    def _prepare(self) -> None:
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA secure_delete = ON")  # words that were said
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise CannotWrite(
                f"{self._path} was written by another release of this program (version {version}); "
                "name another folder with --folder."
            )
        self._database.executescript(_TABLE)
        self._database.execute(f"PRAGMA user_version = {_VERSION}")

    def add(self, job: Job) -> None:
        marks = ", ".join("?" * len(_NAMES))
        values = [_stored(name, getattr(job, name)) for name in _NAMES]
        with self._changing() as database:
            database.execute(f"INSERT INTO jobs ({', '.join(_NAMES)}) VALUES ({marks})", values)

    def get(self, id: str) -> Job | None:
        return next(iter(self._select("WHERE id = ?", id)), None)

    def of(self, owner: str) -> list[Job]:
        """Newest first."""
        return self._select("WHERE owner = ? ORDER BY created DESC", owner)

    def all(self, *states: JobState) -> list[Job]:
        """In these states, oldest first."""
        marks = ", ".join("?" * len(states))
        return self._select(f"WHERE state IN ({marks}) ORDER BY created, rowid", *states)

    def count(self, *states: JobState) -> int:
        marks = ", ".join("?" * len(states))
        with self._said(), self._lock:
            row = self._database.execute(
                f"SELECT count(*) FROM jobs WHERE state IN ({marks})", states
            ).fetchone()
        return int(row[0])

    def update(self, id: str, unless: tuple[JobState, ...] = (), **changed: Any) -> bool:
        """False, and nothing changed, when the job is gone or in one of the states of `unless`."""
        sets = ", ".join(f"{name} = ?" for name in changed)
        marks = ", ".join("?" * len(unless))
        values = [_stored(name, value) for name, value in changed.items()]
        with self._changing() as database:
            found = database.execute(
                f"UPDATE jobs SET {sets} WHERE id = ? AND state NOT IN ({marks})",
                (*values, id, *unless),
            )
        return found.rowcount == 1

    def remove(self, id: str) -> None:
        with self._changing() as database:
            database.execute("DELETE FROM jobs WHERE id = ?", (id,))

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def _select(self, where: str, *values: Any) -> list[Job]:
        with self._said(), self._lock:
            rows = self._database.execute(f"SELECT * FROM jobs {where}", values).fetchall()
        return [_job(row) for row in rows]

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """What the disk refuses is told once, until it takes something again."""
        try:
            with self._said(), self._lock, self._database:
                yield self._database
        except CannotWrite as error:
            if not self._refused:
                log.error("%s", error)
            self._refused = True
            raise
        self._refused = False

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise CannotWrite(f"The jobs cannot be kept in {self._path}: {error}.") from error


def _stored(name: str, value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if name in _OBJECTS else value


def _job(row: sqlite3.Row) -> Job:
    values = {name: row[name] for name in _NAMES}
    values |= {name: json.loads(values[name]) for name in _OBJECTS}
    values["state"] = JobState(values["state"])
    return Job(**values)
