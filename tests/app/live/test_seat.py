"""One session at a time feeds the virtual devices."""

import os
import subprocess
import sys

import pytest

from app.live.seat import Seat
from core.errors import DeviceUnavailable

# Its argument is the process that it says it belongs to; 0 for its real parent.
HOLDER = """
import json, os, sys, time
from pathlib import Path
from app.live.seat import Seat
seat = Seat(Path(sys.argv[1]))
note = Path(sys.argv[1], "live.json")
if int(sys.argv[2]):
    note.write_text(json.dumps({"process": os.getpid(), "program": int(sys.argv[2])}))
print("sits", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Starts processes that take the seat."""
    started = []

    def start(program=0):
        words = [sys.executable, "-c", HOLDER, str(tmp_path), str(program)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "sits\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def ended():
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_second_program_is_told_that_there_is_one(tmp_path, holder):
    holder()
    with pytest.raises(DeviceUnavailable, match=f"running already .process {os.getpid()}"):
        Seat(tmp_path)


def test_a_process_whose_program_is_gone_gives_way(tmp_path, holder):
    orphan = holder(ended())
    seat = Seat(tmp_path)
    assert orphan.wait(5) != 0
    seat.leave()


def test_a_process_that_was_killed_leaves_the_seat_free(tmp_path, holder):
    process = holder()
    process.kill()
    process.wait()
    Seat(tmp_path).leave()
