"""Pictures, sound and numbers between processes."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.errors import CannotWrite
from core.shared.board import Board
from core.shared.frames import SharedFrames
from core.shared.left import hold, own_name, remove_left
from core.shared.memory import Block
from core.shared.sound import SharedSound


def other_process(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_another_process_sees_the_newest_picture_and_its_moment():
    frames = SharedFrames((4, 6, 3))
    frames.put(np.full((4, 6, 3), 7, np.uint8), 1.5, 3)
    frames.put(np.full((4, 6, 3), 9, np.uint8), 2.5, 4)
    code = (
        "import sys; from core.shared.frames import SharedFrames\n"
        "frames = SharedFrames((4, 6, 3), sys.argv[1]); version, frame = frames.get()\n"
        "print(version, int(frame.image.min()), frame.pts, frame.number); frames.close()"
    )
    assert other_process(code, frames.name) == "2 9 2.5 4"
    assert frames.get() is not None  # the other's end took nothing away
    frames.close()


def test_a_picture_is_given_once_to_a_reader_that_says_what_it_has():
    frames = SharedFrames((2, 2, 3))
    assert frames.get() is None
    assert frames.age(5.0) == float("inf")
    frames.put(np.zeros((2, 2, 3), np.uint8), 4.0)
    held = frames.get()
    assert held is not None
    assert frames.get(held[0]) is None
    assert frames.age(5.0) == 1.0
    frames.close()


def test_moment_and_number_are_told_of_the_pictures_that_are_still_there():
    frames = SharedFrames((2, 2, 3))
    assert frames.told(0) is None
    for number in range(1, 6):
        frames.put(np.zeros((2, 2, 3), np.uint8), number / 4, 10 * number)
    assert [frames.told(version) for version in range(7)] == [
        None,
        None,
        (0.5, 20),
        (0.75, 30),
        (1.0, 40),
        (1.25, 50),
        None,
    ]
    frames.close()


def test_pictures_that_another_process_puts_are_never_torn():
    frames = SharedFrames((64, 64, 3))
    code = (
        "import sys, numpy as np; from core.shared.frames import SharedFrames\n"
        "frames = SharedFrames((64, 64, 3), sys.argv[1])\n"
        "for n in range(3000): frames.put(np.full((64, 64, 3), n % 251, np.uint8), n, n)\n"
        "frames.close()"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, frames.name])
    seen = 0
    while writer.poll() is None:
        held = frames.get(seen)
        if held is not None:
            seen, frame = held
            assert frame.image.min() == frame.image.max() == frame.number % 251
    assert frames.version == 3000
    frames.close()


def test_a_row_of_the_board_is_read_as_it_was_written():
    board = Board(2)
    assert board.read(1) == (0.0,) * 5
    board.write(1, 1.0, 2.0)
    code = (
        "import sys; from core.shared.board import Board\n"
        "board = Board(2, sys.argv[1]); print(*board.read(1)); board.write(0, 8.0); board.close()"
    )
    assert other_process(code, board.name) == "1.0 2.0 0.0 0.0 0.0"
    assert board.read(0)[0] == 8.0
    board.close()


def test_a_row_left_half_written_by_a_killed_process_does_not_hang_the_reader():
    board = Board(1)
    board.write(0, 5.0)
    board._cells[0, 0] += 1  # as if killed before its values
    assert board.read(0)[0] == 5.0
    board.close()


def test_sound_is_found_by_its_position_across_the_end_of_the_memory():
    sound = SharedSound(10)
    sound.append(np.arange(7, dtype=np.float32))
    assert sound.append(np.arange(7, 13, dtype=np.float32)) == 13
    np.testing.assert_array_equal(sound.read(4, 9), np.arange(4, 13, dtype=np.float32))
    sound.close()


def test_what_is_taken_leaves_silence_behind():
    sound = SharedSound(10)
    sound.write(8, np.ones(4, np.float32))
    assert not sound.silent(6, 4)
    np.testing.assert_array_equal(sound.take(6, 7), [0, 0, 1, 1, 1, 1, 0])
    assert sound.silent(0, 10)
    sound.close()


def test_the_memory_is_gone_when_its_maker_has_closed_it():
    board = Board(1)
    name = board.name
    board.close()
    with pytest.raises(FileNotFoundError):
        Board(1, name)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such process")
def test_a_terminal_that_is_closed_does_not_end_what_removes_the_memory_of_the_killed():
    code = (
        "import os, signal; from core.shared.board import Board\n"
        "Board(1).close(); from multiprocessing.resource_tracker import _resource_tracker\n"
        "pid = _resource_tracker._pid\n"
        "os.kill(pid, signal.SIGHUP); os.kill(pid, signal.SIGKILL)\n"
        "print(signal.Signals(os.WTERMSIG(os.waitpid(pid, 0)[1])).name)"
    )
    assert other_process(code) == "SIGKILL"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such process")
def test_who_finds_memory_leaves_its_removal_to_the_maker_even_if_killed_at_once():
    board = Board(1)
    code = (
        "import os, signal, sys; from multiprocessing import resource_tracker as tracker\n"
        "def killed(*_): os.kill(os.getpid(), signal.SIGKILL)\n"
        "tracker.register = tracker.unregister = killed\n"
        "from core.shared.board import Board\n"
        "board = Board(1, sys.argv[1]); board.write(0, 8.0)\n"
        "assert tracker._resource_tracker._pid is None; board.close()"
    )
    assert other_process(code, board.name) == ""
    assert board.read(0)[0] == 8.0
    board.close()


def test_it_is_told_when_each_picture_was_put():
    pictures = SharedFrames((2, 3, 3))
    before = time.perf_counter()
    for grey in range(2):
        pictures.put(np.full((2, 3, 3), grey, np.uint8), moment=-5.0)
    moments = [pictures.came(version) for version in (1, 2)]
    pictures.close()
    assert before <= moments[0] <= moments[1] <= time.perf_counter()


@pytest.mark.parametrize("end", ["pass", "sys.exit()", "board.close()", "del board"])
def test_memory_that_its_maker_has_not_closed_is_removed_without_a_word(end):
    code = f"import sys; from core.shared.board import Board\nboard = Board(1)\n{end}"
    assert other_process(code) == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")
def test_memory_whose_views_outlive_it_goes_with_them():
    block = Block(size=4096)
    view, name = block.array(np.uint8, 4096), block.name

    def open_files():
        there = [os.readlink(one) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
        return sum(name in one for one in there)

    before = open_files()
    block.close()
    assert not view.any()
    assert open_files() == before - 1
    del block, view
    assert open_files() == 0
    assert name not in Path("/proc/self/maps").read_text()


KILLED = """
import os, signal, sys
from core.shared.board import Board
board = Board(1)
print(board.name, flush=True)
from multiprocessing.resource_tracker import _resource_tracker
os.kill(_resource_tracker._pid, signal.SIGKILL)  # else it removes the board
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def left():
    """The name of a board whose maker was killed with all that belongs to it."""
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True)
    name = done.stdout.strip()
    Board(1, name).close()  # it is there
    return name


only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what there is")


@only_linux
def test_what_a_killed_program_left_is_removed_by_who_makes_memory_next(left):
    Board(1).close()
    with pytest.raises(FileNotFoundError):
        Board(1, left)


@only_linux
def test_who_uses_what_a_killed_program_left_keeps_it(left):
    orphan = Board(1, left)
    Board(1).close()
    orphan.write(0, 8.0)
    assert orphan.read(0)[0] == 8.0
    orphan.close()


@only_linux
def test_memory_of_the_living_is_not_taken_for_left():
    board = Board(1)
    other_process("from core.shared.board import Board; Board(1).close()")
    Board(1, board.name).close()
    board.close()


@only_linux
def test_memory_that_is_tidied_away_while_it_is_made_is_made_again(monkeypatch):
    tries = []

    def tidied(descriptor):
        """By a program that looks before the new memory is locked."""
        if not tries:
            remove_left()
        tries.append(descriptor)
        return hold(descriptor)

    monkeypatch.setattr("core.shared.memory.hold", tidied)
    board = Board(1)
    Board(1, board.name).close()
    board.close()
    assert len(tries) == 2


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="memory cannot be asked for here")
def test_where_there_is_no_shared_memory_left_a_sentence_says_so_and_nothing_stays(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    names = []
    monkeypatch.setattr("core.shared.memory.own_name", lambda: names.append(own_name()) or names[0])
    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(CannotWrite, match="is full: 3 MB more"):
        Block(size=3_000_000)
    with pytest.raises(FileNotFoundError):
        Block(names[0])
