"""What a worker gives piece by piece."""

import threading

import psutil
import pytest

from core.errors import EngineFailed, EngineUnavailable
from core.process import Remote, WorkerDied
from core.wire import AHEAD
from tests.workshop import until


@pytest.fixture
def bench():
    remote = Remote("tests.workshop:Bench", timeout=20.0)
    yield remote
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


def test_the_rest_of_a_stream_may_be_asked_of_new_workers(tmp_path):
    remote = Remote("tests.workshop:Bench", tries=3)

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


def test_a_worker_that_hangs_in_mid_stream_is_ended():
    remote = Remote("tests.workshop:Bench", tries=1)
    first = remote.pid
    with pytest.raises(WorkerDied, match=r"no answer for 0\.5 s"):
        list(remote.stream("sleeps_behind", 2, 60, timeout=0.5))
    assert not psutil.pid_exists(first)
    remote.close()


def test_close_lets_go_of_a_stream_that_waits_for_its_taker(tmp_path):
    remote = Remote("tests.workshop:Bench", {"grave": str(tmp_path / "grave")})
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
