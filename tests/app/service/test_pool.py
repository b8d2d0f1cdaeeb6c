"""The jobs' way while the disk takes nothing. No process."""

import logging
import sqlite3
import threading
import time
from concurrent.futures import Future
from dataclasses import replace

import pytest

from app.service import pool as module
from app.service.card_turns import CardTurns
from app.service.job import Job, JobState
from app.service.meters import Meters
from app.service.options import ServiceOptions
from app.service.pool import Pool
from core.config import Config
from core.errors import CannotWrite
from tests.services import until


class Slot:
    """Every job is done at once."""

    ready, pid = True, 0

    def __init__(self, card=""):
        pass

    def prepare(self):
        pass

    def begin(self, task):
        done = Future()
        done.set_result({"stages": {}, "fps": 25.0})
        return done

    def done(self, *, well=False):
        pass

    def close(self):
        pass


@pytest.fixture
def pool(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "Slot", Slot)
    monkeypatch.setattr(module, "_SWEEP", 0.01)
    options = ServiceOptions(Config(), "127.0.0.1", 0, open_to_all=True)
    pool = Pool(replace(options, folder=tmp_path, workers=1), Meters(), CardTurns())
    yield pool
    pool.close()


def job(id, **more):
    return Job(id, "ada", "clip.mp4", "es", text="hola", **more)


class Full:
    """A database that takes nothing as long as there is a file in the folder."""

    def __init__(self, database, folder):
        self._database, self._folder = database, folder
        self.refused = 0

    def __getattr__(self, name):
        return getattr(self._database, name)

    def __enter__(self):
        if any(self._folder.rglob("*.mp4")):
            self.refused += 1
            raise sqlite3.OperationalError("database or disk is full")
        return self._database.__enter__()

    def __exit__(self, *error):
        return self._database.__exit__(*error)


def filled(pool, tmp_path, id="one", **more):
    """A job with its files, on a disk that they have filled."""
    pool.store.add(job(id, **more))
    pool.folder(id).mkdir()
    for name in ("clip.mp4", "result.mp4"):
        (pool.folder(id) / name).write_bytes(b"files")
    full = pool.store._database = Full(pool.store._database, tmp_path)
    return full


def test_on_a_full_disk_what_expires_makes_room_for_writing_it_down(pool, tmp_path):
    filled(pool, tmp_path, state=JobState.DONE, finished=time.time() - 1e5)
    pool._expire(time.time())
    assert pool.store.get("one").state is JobState.EXPIRED
    assert not pool.folder("one").exists()
    pool._expire(time.time() + 1e7)
    assert pool.store.get("one") is None


def test_on_a_full_disk_what_is_forgotten_makes_room_for_writing_it_down(pool, tmp_path):
    filled(pool, tmp_path, state=JobState.DONE)
    pool.forget("one")
    assert pool.store.get("one") is None
    assert not pool.folder("one").exists()


def test_on_a_full_disk_the_end_of_a_job_is_written_when_what_it_needed_is_gone(pool, tmp_path):
    full = filled(pool, tmp_path)
    assert pool.cancel("one")
    assert full.refused == 1
    assert pool.store.get("one").state is JobState.CANCELLED
    assert not pool.folder("one").exists()


def test_a_job_that_is_cancelled_is_never_begun_though_the_disk_has_not_taken_it(
    pool, tmp_path, caplog
):
    filled(pool, tmp_path, "two", created=1.0)
    (tmp_path / "others.mp4").write_bytes(b"what fills the disk")
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            with pytest.raises(CannotWrite):
                pool.cancel("two")
    assert [one.levelname for one in caplog.records] == ["ERROR"]
    assert not pool.folder("two").exists()
    with pool._next() as chosen:
        assert chosen is None
    (tmp_path / "others.mp4").unlink()
    pool.start()
    until(lambda: pool.store.get("two").state is JobState.CANCELLED)


def test_a_job_at_work_is_ended_though_the_disk_does_not_take_that_it_is_cancelled(
    pool, tmp_path, monkeypatch
):
    ended = threading.Event()
    monkeypatch.setattr(Slot, "begin", lambda self, task: Future())
    monkeypatch.setattr(Slot, "done", lambda self, *, well=False: ended.set())
    full = pool.store._database = Full(pool.store._database, tmp_path)
    pool.folder("one").mkdir()
    pool.add(job("one"))
    pool.start()
    until(lambda: pool.store.get("one").state is JobState.RUNNING)
    (tmp_path / "others.mp4").write_bytes(b"what fills the disk")
    with pytest.raises(CannotWrite):
        pool.cancel("one")
    assert ended.wait(60)
    assert full.refused >= 2
    (tmp_path / "others.mp4").unlink()
    until(lambda: pool.store.get("one").state is JobState.CANCELLED)


def test_a_job_whose_files_are_gone_is_not_begun_by_the_next_service(pool):
    pool.store.add(job("one"))
    pool.start()
    assert pool.store.get("one").state is JobState.FAILED


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.DONE])
def test_a_disk_that_is_full_for_a_moment_costs_no_job(pool, monkeypatch, state):
    refused, update = threading.Event(), pool.store.update

    def full(id, *others, **changed):
        if changed["state"] is state and not refused.is_set():
            refused.set()
            raise CannotWrite("The disk is full.")
        return update(id, *others, **changed)

    monkeypatch.setattr(pool.store, "update", full)
    pool.start()
    for id in ("one", "two"):
        pool.folder(id).mkdir()
        pool.add(job(id))
    until(lambda: [one.state for one in pool.store.all(JobState.DONE)] == [JobState.DONE] * 2)
    assert refused.is_set()
