"""A job in its process."""

import subprocess
import sys

import pytest

from app.service.task import PROGRESS, begin, progress_of
from app.service.work import _Progress


@pytest.fixture
def progress(tmp_path, monkeypatch):
    monkeypatch.setattr("app.service.work._TOLD_EVERY", 0.0)
    return _Progress(tmp_path / PROGRESS)


def test_a_job_is_not_done_when_all_is_written(progress, tmp_path):
    assert progress_of(tmp_path) == 0.0
    progress(5.0, 10.0)
    assert progress_of(tmp_path) == pytest.approx(0.49)
    progress(10.0, 10.0)
    assert 0.9 < progress_of(tmp_path) < 1.0


def test_progress_does_not_go_back_when_there_is_more_to_do_than_was_thought(progress, tmp_path):
    progress(5.0, 10.0)
    progress(6.0, 20.0)
    assert progress_of(tmp_path) == pytest.approx(0.49)


def test_of_a_job_that_is_begun_again_nothing_is_done(progress, tmp_path):
    progress(9.0, 10.0)
    begin(tmp_path)
    assert progress_of(tmp_path) == 0.0
    begin(tmp_path)  # nor was anything told yet
    assert progress_of(tmp_path) == 0.0


LIMITED = """
import resource
import app.service.work as work

work.cards = lambda: 0
one = work.Work()
limit, _ = resource.getrlimit(resource.RLIMIT_DATA)
one._run = lambda task: bytearray(limit)
one.run(None)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
def test_a_job_that_wants_all_memory_fails_with_a_sentence():
    done = subprocess.run((sys.executable, "-c", LIMITED), capture_output=True, text=True)
    assert "EngineFailed: It needs more memory than a job may have here." in done.stderr
