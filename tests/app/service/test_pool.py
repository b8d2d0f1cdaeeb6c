"""The jobs' way while the disk takes nothing. No process."""

import threading
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


def job(id):
    return Job(id, "ada", "clip.mp4", "es", text="hola")


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
