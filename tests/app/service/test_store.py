"""The jobs' database."""

import sqlite3
import threading

import pytest

from app.service.job import Job, JobState
from app.service.store import JobStore
from core.errors import CannotWrite


def job(id: str, owner: str = "ada", created: float = 0.0, **more: object) -> Job:
    return Job(id, owner, "video.mp4", "es", created=created, **more)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path):
    store = JobStore(tmp_path / "deep" / "jobs.sqlite")
    yield store
    store.close()


def test_a_job_is_there_as_it_was_after_the_service_has_gone(tmp_path):
    kept = job("1", text="¿Qué?", settings={"keep": ["Ada"]}, facts={"fps": 25.0}, tries=1)
    store = JobStore(tmp_path / "jobs.sqlite")
    store.add(kept)
    store.close()
    again = JobStore(tmp_path / "jobs.sqlite")
    assert again.get("1") == kept
    again.close()


def test_jobs_come_oldest_first_and_their_owners_newest_first(store):
    for number, owner in enumerate(("ada", "bob", "ada")):
        store.add(job(str(number), owner, created=number))
    assert [one.id for one in store.all(JobState.QUEUED)] == ["0", "1", "2"]
    assert [one.id for one in store.of("ada")] == ["2", "0"]
    assert store.count(JobState.QUEUED, JobState.RUNNING) == 3
    assert store.get("9") is None


def test_what_is_over_stays_as_it_ended(store):
    store.add(job("1", text="secret words"))
    over = (JobState.CANCELLED,)
    assert store.update("1", over, state=JobState.CANCELLED, text="")
    assert not store.update("1", over, state=JobState.DONE)
    assert not store.update("9", state=JobState.DONE)
    found = store.get("1")
    assert (found.state, found.text) == (JobState.CANCELLED, "")


def test_words_that_are_forgotten_are_not_on_the_disk_either(tmp_path):
    path = tmp_path / "jobs.sqlite"
    store = JobStore(path)
    store.add(job("1", text="very secret words"))
    store.update("1", state=JobState.DONE, text="")
    store.close()
    assert b"very secret words" not in path.read_bytes()


def test_many_threads_at_once_lose_nothing(store):
    store.add(job("1"))

    def count() -> None:
        for _ in range(20):
            store.update("1", state=JobState.RUNNING)
            store.add(job(f"{threading.get_ident()}-{store.count(*JobState)}-{_}"))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.count(*JobState) == 81


def test_a_file_that_is_no_database_is_said(tmp_path):
    (tmp_path / "jobs.sqlite").write_text("this is no database, and it is long enough to tell")
    with pytest.raises(CannotWrite, match="cannot be kept"):
        JobStore(tmp_path / "jobs.sqlite")


def test_one_of_another_release_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "jobs.sqlite") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(CannotWrite, match="another release"):
        JobStore(tmp_path / "jobs.sqlite")
