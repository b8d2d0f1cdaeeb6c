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
from core.wire import AHEAD, Kind, receive, send

WORKSHOP = """
import os, signal, sys, threading, time
import numpy
from pathlib import Path
from core.errors import EngineFailed, EngineUnavailable, UsageError

class Odd(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")

class Bench:
    def __init__(self, refuse="", grave=None, busy=None):
        while busy and Path(busy).exists():
            if Path(busy).read_text() == "soon":
                continue
            raise OSError("The device is busy.")
        if refuse:
            raise EngineUnavailable(refuse)
        self.grave, self.told = grave, 0
    def pid(self): return os.getpid()
    def echo(self, value): return value
    def double(self, samples): return samples * 2
    def count(self): self.told += 1; return self.told
    def numbers(self, n): yield from range(n)
    def loud(self): print("noise from a library"); os.write(1, b"raw noise"); return "done"
    def usage(self): raise UsageError("That makes no sense.")
    def odd(self): raise Odd("this", "that")
    def unsendable(self): return threading.Lock()
    def sleep(self, seconds): time.sleep(seconds); return "slept"
    def vanish(self): return Vanishing(os.getpid())
    def die(self): os.kill(os.getpid(), signal.SIGKILL)
    def timeout(self): raise TimeoutError("its own")
    def die_until(self, path):
        lives = Path(path)
        left = int(lives.read_text())
        lives.write_text(str(left - 1))
        if left > 0:
            os._exit(3)
        return "survived"
    def waiting(self, path, at_hand=None):
        yield "first"
        if at_hand:
            at_hand.touch()
        while not Path(path).exists():
            time.sleep(0.001)
        yield "second"
    def stops(self, n, error=None):
        try:
            yield from range(n)
            if error:
                raise error
        finally:
            self.told = "let go"
    def what(self): return self.told
    def dies_at(self, life, path, start, stop):
        lives = Path(path)
        for number in range(start, stop):
            if number in life and not (lives / str(number)).exists():
                (lives / str(number)).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield number
    def sleeps_behind(self, n, seconds):
        yield from range(n)
        time.sleep(seconds)
    def pieces_with(self, kind):
        yield 1
        yield threading.Lock() if kind == "unsendable" else Vanishing(os.getpid())
        yield 3
    def close(self):
        if self.grave:
            Path(self.grave).write_text("closed")
    def orphaned(self): self.close()

class Vanishing:
    # Can be packed everywhere and unpacked nowhere else than at home.
    def __init__(self, home): self.home = home
    def __reduce__(self): return (at_home, (self.home,))

def at_home(home):
    if os.getpid() != home:
        raise RuntimeError("not at home")
    return Vanishing(home)

class Doubler:
    def process(self, item): return [item, item]
    def flush(self): yield "rest"
    def close(self): pass
"""


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    (tmp_path / "workshop.py").write_text(WORKSHOP)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "workshop", raising=False)


@pytest.fixture
def bench(workshop):
    remote = Remote("workshop:Bench", timeout=20.0)
    yield remote
    remote.close()


def kill(remote):
    pid = remote.pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: remote.pid != pid)


def until(condition, patience=20.0):
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


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
    from workshop import Vanishing

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


def test_what_the_building_raises_arrives_and_leaves_no_process(workshop):
    before = len(psutil.Process().children())
    with pytest.raises(EngineUnavailable, match="no model"):
        Remote("workshop:Bench", {"refuse": "There is no model."})
    assert len(psutil.Process().children()) == before


def test_a_module_that_is_not_there_is_an_import_error(workshop):
    with pytest.raises(ImportError, match="no_such_module"):
        Remote("no_such_module:Thing")


@pytest.fixture
def sometimes_busy(workshop, tmp_path):
    busy = tmp_path / "busy"
    remote = Remote("workshop:Bench", {"busy": str(busy)})
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


def test_a_building_that_fails_counts_as_a_failure_and_leaves_no_process(sometimes_busy):
    remote, busy = sometimes_busy
    busy.touch()
    before = remote.pid
    with pytest.raises(EngineFailed):
        remote.call("die")
    assert remote.pid != before
    assert not psutil.pid_exists(remote.pid)
    until(lambda: remote._failures == 2)
    with pytest.raises(WorkerDied, match="keeps crashing"):
        remote.submit("echo", 1)


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


def test_a_backlog_has_an_end(workshop):
    remote = Remote("workshop:Bench", backlog=3)
    asked = [remote.submit("sleep", 60) for _ in range(3)]
    with pytest.raises(EngineFailed, match="keep up"):
        remote.submit("echo", 1)
    remote.close()
    assert all(wait(asked, 20).done)


def test_a_worker_that_hangs_on_submitted_work_is_replaced(workshop):
    remote = Remote("workshop:Bench", timeout=0.2)
    hung = remote.submit("sleep", 60)
    time.sleep(0.3)
    assert remote.submit("echo", 1).result(20) == 1
    assert isinstance(hung.exception(), WorkerDied)
    remote.close()


def test_close_lets_the_object_close(workshop, tmp_path):
    remote = Remote("workshop:Bench", {"grave": str(tmp_path / "grave")})
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


def test_a_worker_outlives_the_thread_that_started_it(workshop):
    made = []
    thread = threading.Thread(target=lambda: made.append(Remote("workshop:Bench")))
    thread.start()
    thread.join()
    (remote,) = made
    assert remote.call("sleep", 0.1) == "slept"
    assert remote.restarts == 0
    remote.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("busy", [False, True])
def test_the_worker_dies_with_its_parent(workshop, tmp_path, busy):
    work = "remote.submit('sleep', 600)" if busy else "pass"
    script = f"""
        import sys, time
        sys.path[:0] = {sys.path!r}
        from core.process import Remote
        remote = Remote("workshop:Bench")
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
def test_an_object_that_outlives_its_parent_hears_of_it_after_the_work_at_hand(workshop, tmp_path):
    go_on, grave = tmp_path / "go on", tmp_path / "grave"
    script = f"""
        import sys, time
        sys.path[:0] = {sys.path!r}
        from core.process import Remote
        remote = Remote("workshop:Bench", {{"grave": {str(grave)!r}}}, outlive=True)
        print(next(remote.stream("waiting", {str(go_on)!r})), flush=True)
        time.sleep(600)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=-1)
    with parent:
        assert parent.stdout.readline() == b"first\n"
        parent.kill()
    go_on.touch()
    until(grave.exists)


def test_a_whole_stage_can_live_in_a_worker(workshop):
    stage = RemoteStage("workshop:Doubler")
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


def test_workers_to_come_may_be_built_otherwise(workshop, tmp_path):
    graves = [tmp_path / name for name in ("first", "second")]
    remote = Remote("workshop:Bench", {"grave": str(graves[0])})
    remote.hereafter(grave=str(graves[1]))
    kill(remote)
    remote.call("pid")
    remote.close()
    assert [grave.exists() for grave in graves] == [False, True]


def test_with_one_try_a_crash_is_reported_at_once(workshop):
    remote = Remote("workshop:Bench", tries=1)
    with pytest.raises(WorkerDied, match="crashed"):
        remote.call("die")
    assert remote.call("echo", "back") == "back"
    assert remote.restarts == 1
    remote.close()


def test_each_piece_of_a_stream_comes_when_it_is_made(bench, tmp_path):
    pieces = bench.stream("waiting", tmp_path / "go on")
    assert next(pieces) == "first"
    (tmp_path / "go on").touch()
    assert list(pieces) == ["second"]


def test_a_stream_that_is_longer_than_what_is_made_ahead_comes_whole_and_in_order(bench):
    assert list(bench.stream("numbers", 20 * AHEAD)) == list(range(20 * AHEAD))
    assert list(bench.stream("numbers", 0)) == []


def test_an_error_in_mid_stream_comes_behind_the_pieces(bench):
    pieces = bench.stream("stops", 2, EngineUnavailable("no breath"))
    assert [next(pieces), next(pieces)] == [0, 1]
    with pytest.raises(EngineUnavailable, match="no breath"):
        next(pieces)
    assert bench.restarts == 0


@pytest.mark.parametrize("kind", ["unsendable", "unreadable"])
def test_a_piece_that_cannot_travel_ends_its_stream_and_nothing_else(bench, kind):
    pieces = bench.stream("pieces_with", kind)
    assert next(pieces) == 1
    with pytest.raises(EngineFailed, match=r"cannot leave its process|not at home"):
        next(pieces)
    assert (bench.call("echo", 1), bench.restarts) == (1, 0)


def test_a_stream_that_is_closed_early_lets_its_iterator_go_and_leaves_no_piece_behind(bench):
    pieces = bench.stream("stops", 1000)
    assert next(pieces) == 0
    pieces.close()
    assert list(bench.stream("numbers", 2)) == [0, 1]
    assert bench.call("what") == "let go"
    assert bench.restarts == 0


@pytest.mark.parametrize("what", ["stream", "call"])
def test_the_piece_at_hand_of_a_closed_stream_is_no_hang_of_the_next(bench, tmp_path, what):
    at_hand, go_on, taken = tmp_path / "at hand", tmp_path / "go on", []
    closed = bench.stream("waiting", go_on, at_hand, timeout=20.0)
    next(closed)
    until(at_hand.exists)
    closed.close()
    assert 0 < bench._child.busy() <= 20.0, "as long as a piece that is wanted"
    asked = getattr(bench, what)
    asking = threading.Thread(
        target=lambda: taken.append(next(iter(asked("numbers", 2, timeout=0.05))))
    )
    asking.start()
    until(lambda: bench._child.waiting)
    asking.join(0.2)
    assert asking.is_alive(), "for longer than its own limit"
    go_on.touch()
    asking.join(20)
    assert (taken, bench.restarts) == ([0], 0)
    until(lambda: not bench._child.busy())


def test_what_is_asked_in_the_middle_of_a_stream_does_not_wait_for_its_taker(bench):
    pieces = bench.stream("numbers", 10 * AHEAD)
    assert next(pieces) == 0
    assert bench.call("echo", "between") == "between"
    assert list(pieces) == list(range(1, 10 * AHEAD))


def test_a_worker_that_dies_before_the_first_piece_is_replaced_and_asked_again(bench, tmp_path):
    assert list(bench.stream("dies_at", [0], tmp_path, 0, 3)) == [0, 1, 2]
    assert bench.restarts == 1


def test_a_worker_that_dies_in_mid_stream_ends_it_and_nothing_comes_twice(bench, tmp_path):
    came = []
    with pytest.raises(WorkerDied, match="crashed"):
        iter_into(came, bench.stream("dies_at", [2], tmp_path, 0, 5))
    assert came == [0, 1]
    assert bench.call("echo", "back") == "back"


def test_the_rest_of_a_stream_may_be_asked_of_new_workers(workshop, tmp_path):
    remote = Remote("workshop:Bench", tries=3)

    def rest(asked, given):
        life, path, _, stop = asked
        return life, path, given[-1] + 1, stop

    pieces = remote.stream("dies_at", [2, 7], tmp_path, 0, 20, rest=rest)
    assert list(pieces) == list(range(20))
    assert remote.restarts == 2
    remote.close()


def test_a_worker_that_dies_when_all_was_given_has_done_what_it_should(bench, tmp_path, caplog):
    pieces = bench.stream("dies_at", [2], tmp_path, 0, 5, rest=lambda asked, given: None)
    assert list(pieces) == [0, 1]
    assert "asked of a new worker" not in caplog.text


def test_the_tries_of_a_stream_are_counted_over_all_of_it(bench, tmp_path):
    def rest(asked, given):
        life, path, _, stop = asked
        return life, path, given[-1] + 1, stop

    came = []
    with pytest.raises(WorkerDied):
        iter_into(came, bench.stream("dies_at", [2, 4], tmp_path, 0, 5, rest=rest))
    assert came == [0, 1, 2, 3]


def test_a_worker_that_hangs_in_mid_stream_is_ended(workshop):
    remote = Remote("workshop:Bench", tries=1)
    first = remote.pid
    with pytest.raises(WorkerDied, match=r"no answer for 0\.5 s"):
        list(remote.stream("sleeps_behind", 2, 60, timeout=0.5))
    assert not psutil.pid_exists(first)
    remote.close()


def test_close_lets_go_of_a_stream_that_waits_for_its_taker(workshop, tmp_path):
    remote = Remote("workshop:Bench", {"grave": str(tmp_path / "grave")})
    pieces = remote.stream("stops", 1000)
    next(pieces)
    remote.close()
    with pytest.raises(WorkerDied):
        list(pieces)
    assert (tmp_path / "grave").read_text() == "closed"
    assert remote.restarts == 0


def test_close_ends_the_waiting_of_another_thread(bench):
    failure = []

    def take():
        try:
            list(bench.stream("sleeps_behind", 1, 60))
        except EngineFailed as exc:
            failure.append(exc)

    taker = threading.Thread(target=take)
    taker.start()
    until(lambda: bench._child.waiting)
    bench.close()
    taker.join(20)
    assert failure
    assert bench.restarts == 0


def iter_into(came, pieces):
    for piece in pieces:
        came.append(piece)
