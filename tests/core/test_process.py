import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import wait
from queue import SimpleQueue

import numpy as np
import psutil
import pytest

from core.errors import EngineFailed, EngineUnavailable
from core.process import Remote, RemoteStage, WorkerDied
from core.types import AudioChunk
from core.wire import Kind, receive, send
from tests.workshop import until


@pytest.fixture
def bench():
    remote = Remote("tests.workshop:Bench", timeout=20.0)
    yield remote
    remote.close()


def kill(remote):
    pid = remote.pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: remote.pid != pid)


def test_the_work_is_done_in_another_process(bench):
    assert bench.call("pid") == bench.pid != os.getpid()


def test_large_arrays_arrive_whole_and_writable(bench):
    samples = np.random.default_rng(0).standard_normal(2_000_000).astype(np.float32)
    doubled = bench.call("double", samples)
    np.testing.assert_array_equal(doubled, samples * 2)
    assert doubled.flags.writeable
    chunk = bench.call("echo", AudioChunk(samples[::2], 16000, 3.5))
    np.testing.assert_array_equal(chunk.samples, samples[::2])
    assert (chunk.rate, chunk.pts) == (16000, 3.5)


def test_an_iterator_arrives_as_a_list(bench):
    assert bench.call("numbers", 4) == [0, 1, 2, 3]


def test_what_the_object_prints_does_not_disturb_its_answers(bench):
    assert bench.call("loud") == "done"
    assert bench.call("echo", 5) == 5


def test_an_error_arrives_as_itself_with_its_traceback(bench):
    from core.errors import UsageError

    with pytest.raises(UsageError, match=r"That makes no sense\.") as caught:
        bench.call("usage")
    assert "in usage" in caught.value.__notes__[0]
    assert bench.restarts == 0


def test_a_timeout_that_the_object_raised_is_not_a_hang(bench):
    with pytest.raises(TimeoutError, match="its own"):
        bench.call("timeout")
    assert bench.restarts == 0


def test_an_error_that_cannot_travel_is_told_in_words(bench):
    with pytest.raises(EngineFailed, match="Odd: this and that"):
        bench.call("odd")


def test_a_result_that_cannot_travel_is_an_error_and_not_the_end(bench):
    with pytest.raises(EngineFailed, match="cannot leave its process"):
        bench.call("unsendable")
    assert bench.call("echo", 1) == 1


def test_what_cannot_be_unpacked_on_either_side_is_an_error_and_not_the_end(bench):
    from tests.workshop import Vanishing

    with pytest.raises(EngineFailed, match="not at home"):
        bench.call("vanish")
    with pytest.raises(RuntimeError, match="not at home"):
        bench.call("echo", Vanishing(os.getpid()))
    assert (bench.call("echo", 1), bench.restarts) == (1, 0)


def test_requests_may_be_sent_before_the_object_is_built(bench):
    """Its module imports numpy while arrays are already arriving."""
    bench.call("count")
    for _ in range(3):
        kill(bench)
        samples = np.ones(1000, np.float32)
        answers = [bench.submit("double", samples) for _ in range(20)]
        assert all(answer.result(20)[0] == 2 for answer in answers)


def test_an_argument_that_cannot_travel_is_an_error_and_not_the_end(bench):
    with pytest.raises(TypeError, match="cannot be sent"):
        bench.call("echo", threading.Lock())
    assert bench.call("echo", 1) == 1


def test_what_the_building_raises_arrives_and_leaves_no_process():
    before = len(psutil.Process().children())
    with pytest.raises(EngineUnavailable, match="no model"):
        Remote("tests.workshop:Bench", {"refuse": "There is no model."})
    assert len(psutil.Process().children()) == before


def test_a_module_that_is_not_there_is_an_import_error():
    with pytest.raises(ImportError, match="no_such_module"):
        Remote("no_such_module:Thing")


@pytest.fixture
def sometimes_busy(tmp_path):
    busy = tmp_path / "busy"
    remote = Remote("tests.workshop:Bench", {"busy": str(busy)})
    yield remote, busy
    remote.close()


def test_what_could_not_be_built_again_is_built_at_the_next_call(sometimes_busy):
    remote, busy = sometimes_busy
    busy.touch()
    for ask in (remote.call, lambda *what: list(remote.stream(*what))):
        with pytest.raises(EngineFailed, match=r"built again: The device is busy") as told:
            ask("die")
        assert not isinstance(told.value, WorkerDied), "it is not tried again and again"
        assert isinstance(told.value.__cause__, OSError)
    busy.unlink()
    assert remote.call("echo", "back") == "back"
    assert list(remote.stream("numbers", 2)) == [0, 1]


def test_why_it_cannot_be_built_again_is_told_in_the_words_of_the_building(bench):
    bench.hereafter(refuse="There is no model.")
    with pytest.raises(EngineFailed, match=r"^There is no model\.$"):
        bench.call("die")


def test_a_building_that_fails_counts_as_a_failure_and_leaves_no_process(sometimes_busy):
    remote, busy = sometimes_busy
    busy.touch()
    before = remote.pid
    with pytest.raises(EngineFailed):
        remote.call("die")
    assert remote.pid != before
    assert not psutil.pid_exists(remote.pid)
    until(lambda: remote._not_before)


def test_what_is_asked_of_a_worker_that_cannot_be_built_hears_why(sometimes_busy):
    remote, busy = sometimes_busy
    busy.write_text("soon")
    kill(remote)
    asked = remote.submit("echo", 1)
    busy.write_text("")
    with pytest.raises(WorkerDied, match=r"cannot be built again: The device is busy"):
        asked.result(20)
    busy.unlink()
    assert remote.call("echo", "back") == "back"


def test_a_worker_that_cannot_be_started_again_is_one_that_died(bench, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("Cannot allocate memory")

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", full)
        with pytest.raises(WorkerDied, match="cannot be started again: Cannot allocate memory"):
            bench.call("die")
    assert bench.call("echo", "back") == "back"


def test_a_first_worker_that_cannot_be_started_is_an_engine_that_failed(monkeypatch):
    def full(*args, **kwargs):
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", full)
    with pytest.raises(EngineFailed, match="cannot be started: Resource temporarily"):
        Remote("tests.workshop:Bench")


def test_a_building_that_nobody_wants_any_more_is_not_waited_for(tmp_path):
    (tmp_path / "busy").write_text("soon")
    given_up = threading.Event()
    given_up.set()
    with pytest.raises(WorkerDied, match="is closed"):
        Remote("tests.workshop:Bench", {"busy": str(tmp_path / "busy")}, given_up=given_up)


def test_a_worker_killed_while_idle_is_replaced_before_anybody_asks(bench):
    heard = []
    bench._on_restart = lambda: heard.append(True)
    bench.call("count")
    kill(bench)
    assert bench.call("count") == 1
    assert (bench.restarts, heard) == (1, [True])


def test_a_crash_during_a_call_costs_one_restart_and_the_call_is_tried_again(bench, tmp_path):
    lives = tmp_path / "lives"
    lives.write_text("1")
    assert bench.call("die_until", str(lives)) == "survived"
    assert bench.restarts == 1


def test_a_call_that_crashes_twice_fails_and_the_next_one_works(bench):
    with pytest.raises(EngineFailed, match="crashed"):
        bench.call("die")
    assert bench.call("echo", "back") == "back"
    assert bench.restarts == 2


def test_a_hang_costs_one_restart_a_try(bench):
    first = bench.pid
    with pytest.raises(EngineFailed, match=r"no answer for 0\.2 s"):
        bench.call("sleep", 60, timeout=0.2)
    assert bench.call("echo", "back", timeout=20.0) == "back"
    assert not psutil.pid_exists(first)
    assert bench.restarts == 2


def test_workers_that_keep_failing_start_after_growing_pauses(bench):
    pauses = []
    for _ in range(2):
        with pytest.raises(EngineFailed):
            bench.call("die")
        pauses.append(bench._not_before - time.monotonic())
    assert 0 < pauses[0] < pauses[1] <= 2.0
    with pytest.raises(WorkerDied, match="keeps crashing"):
        bench.submit("echo", 1)


def test_asking_without_waiting_answers_in_order(bench):
    answers = [bench.submit("echo", number) for number in range(50)]
    assert [answer.result(20) for answer in answers] == list(range(50))


def test_requests_lost_with_a_worker_say_so(bench):
    lost = bench.submit("sleep", 60)
    kill(bench)
    assert isinstance(lost.exception(20), WorkerDied)
    assert bench.submit("echo", 1).result(20) == 1


def test_who_waits_for_a_worker_that_died_does_not_wait_for_the_next_to_start(bench):
    lost = bench.submit("sleep", 60)
    told: SimpleQueue[bool] = SimpleQueue()
    bench._on_restart = lambda: told.put(lost.done())
    kill(bench)
    assert told.get(timeout=20)


def test_a_backlog_has_an_end():
    remote = Remote("tests.workshop:Bench", backlog=3)
    asked = [remote.submit("sleep", 60) for _ in range(3)]
    with pytest.raises(EngineFailed, match="keep up"):
        remote.submit("echo", 1)
    remote.close()
    assert all(wait(asked, 20).done)


def test_a_worker_that_hangs_on_submitted_work_is_replaced():
    remote = Remote("tests.workshop:Bench", timeout=0.2)
    hung = remote.submit("sleep", 60)
    time.sleep(0.3)
    assert remote.submit("echo", 1).result(20) == 1
    assert isinstance(hung.exception(), WorkerDied)
    remote.close()


def test_close_lets_the_object_close(tmp_path):
    remote = Remote("tests.workshop:Bench", {"grave": str(tmp_path / "grave")})
    pid = remote.pid
    remote.close()
    remote.close()
    assert (tmp_path / "grave").read_text() == "closed"
    assert not psutil.pid_exists(pid)
    with pytest.raises(EngineFailed, match="closed"):
        remote.call("echo", 1)


def test_close_does_not_wait_for_a_busy_worker(bench):
    failure = []

    def busy():
        try:
            bench.call("sleep", 60)
        except EngineFailed as exc:
            failure.append(exc)

    caller = threading.Thread(target=busy)
    caller.start()
    until(lambda: bench._child.waiting)
    pid = bench.pid
    bench.close()
    caller.join(20)
    assert failure
    assert not psutil.pid_exists(pid)
    assert bench.restarts == 0


def test_close_does_not_wait_for_a_stopped_worker(bench):
    stopped = psutil.Process(bench.pid)
    stopped.suspend()
    bench.submit("echo", np.zeros(5_000_000, np.float32))
    bench.close()
    assert not stopped.is_running()


@pytest.mark.skipif(sys.platform == "win32", reason="no POSIX signals")
def test_the_worker_leaves_interrupts_to_its_parent(bench):
    os.kill(bench.pid, signal.SIGINT)
    assert bench.call("echo", 1) == 1
    assert bench.restarts == 0


def test_a_worker_outlives_the_thread_that_started_it():
    made = []
    thread = threading.Thread(target=lambda: made.append(Remote("tests.workshop:Bench")))
    thread.start()
    thread.join()
    (remote,) = made
    assert remote.call("sleep", 0.1) == "slept"
    assert remote.restarts == 0
    remote.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("busy", [False, True])
def test_the_worker_dies_with_its_parent(tmp_path, busy):
    work = "remote.submit('sleep', 600)" if busy else "pass"
    script = f"""
        import sys, time
        sys.path[:0] = {sys.path!r}
        from core.process import Remote
        remote = Remote("tests.workshop:Bench")
        {work}
        print(remote.pid, flush=True)
        time.sleep(600)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=-1)
    with parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie")


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_an_object_that_outlives_its_parent_hears_of_it_after_the_work_at_hand(tmp_path):
    go_on, grave = tmp_path / "go on", tmp_path / "grave"
    script = f"""
        import sys, time
        sys.path[:0] = {sys.path!r}
        from core.process import Remote
        remote = Remote("tests.workshop:Bench", {{"grave": {str(grave)!r}}}, outlive=True)
        print(next(remote.stream("waiting", {str(go_on)!r})), flush=True)
        time.sleep(600)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=-1)
    with parent:
        assert parent.stdout.readline() == b"first\n"
        parent.kill()
    go_on.touch()
    until(grave.exists)


def test_a_whole_stage_can_live_in_a_worker():
    stage = RemoteStage("tests.workshop:Doubler")
    assert list(stage.process(3)) == [3, 3]
    assert list(stage.flush()) == ["rest"]
    stage.close()


def test_a_message_cut_short_is_the_end_of_the_stream(tmp_path):
    path = tmp_path / "wire"
    with path.open("wb") as stream:
        send(stream, 1, Kind.ASK, np.arange(1000))
    path.write_bytes(path.read_bytes()[:-1])
    with path.open("rb") as stream, pytest.raises(EOFError):
        receive(stream)


def test_workers_to_come_may_be_built_otherwise(tmp_path):
    graves = [tmp_path / name for name in ("first", "second")]
    remote = Remote("tests.workshop:Bench", {"grave": str(graves[0])})
    remote.hereafter(grave=str(graves[1]))
    kill(remote)
    remote.call("pid")
    remote.close()
    assert [grave.exists() for grave in graves] == [False, True]


def test_with_one_try_a_crash_is_reported_at_once():
    remote = Remote("tests.workshop:Bench", tries=1)
    with pytest.raises(WorkerDied, match="crashed"):
        remote.call("die")
    assert remote.call("echo", "back") == "back"
    assert remote.restarts == 1
    remote.close()
