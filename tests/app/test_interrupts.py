"""How a program is asked to end; each in a process of its own."""

import os
import pty
import subprocess
import sys
from contextlib import suppress

import pytest

BEGUN = """
import ctypes, os, signal, sys, time
from app.failures import guarded
from app.interrupts import listen, when_closed
listen()
def wait():
    print("ready", flush=True)
    time.sleep(60)
"""


def ended(code: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", BEGUN + code], capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stderr


def closed(code: str) -> int:
    """The status of a program whose terminal is closed once it is ready."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", f"import fcntl, os, termios\nos.setsid()\n"
         f"fcntl.ioctl(1, termios.TIOCSCTTY, 0)\n{BEGUN}{code}"],
        stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    with suppress(OSError):
        while b"ready" not in said:
            said += os.read(ours, 1000)
    os.close(ours)
    return process.wait(60)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_each_way_of_asking_ends_the_program_as_stopped(name):
    code = f"sys.exit(guarded(lambda: os.kill(os.getpid(), signal.{name}) or time.sleep(60)))"
    assert ended(code) == (130, "Stopped.\n")


def test_an_interrupt_in_the_midst_of_making_a_dataclass_does_not_change_the_exit_code(tmp_path):
    (tmp_path / "program.py").write_text(
        f"{BEGUN}from app.interrupts import leave\n"
        "dataclass = 'os.kill(os.getpid(), signal.SIGTERM)'\n"
        "leave(guarded(lambda: exec(dataclass)))"
    )
    done = subprocess.run(
        [sys.executable, "-m", "program"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "Stopped.\n")


def test_a_closed_terminal_ends_the_program_as_ctrl_c_does_though_nothing_can_be_said():
    assert closed("sys.exit(guarded(wait))") == 130


def test_a_closed_terminal_is_told_to_who_wants_to_end_in_a_way_of_their_own():
    code = "when_closed(lambda: (print('ending', flush=True), sys.exit(3)))\nwait()"
    assert closed(code) == 3


def test_who_is_to_outlast_the_terminal_does():
    """As nohup asks for it."""
    code = (
        "signal.signal(signal.SIGHUP, signal.SIG_IGN); listen(); when_closed(exit)\n"
        "os.kill(os.getpid(), signal.SIGHUP); sys.exit(7)"
    )
    assert ended(code) == (7, "")


def test_an_interrupt_that_meets_a_function_called_by_c_comes_again():
    code = """
@ctypes.CFUNCTYPE(None)
def called():
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0)
def work():
    called()
    time.sleep(60)
sys.exit(guarded(work))
"""
    assert ended(code) == (130, "Stopped.\n")


def test_an_interrupt_that_meets_the_import_of_a_native_module_comes_after_it():
    """Some of them make an ImportError of it, and another engine would be taken instead."""
    code = """
from importlib.machinery import ExtensionFileLoader
class Native(ExtensionFileLoader):
    def exec_module(self):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0)
        except KeyboardInterrupt:
            raise ImportError("initialization failed")
def work():
    Native("native", "native.so").exec_module()
    time.sleep(60)
sys.exit(guarded(work))
"""
    assert ended(code) == (130, "Stopped.\n")


def test_what_else_a_function_called_by_c_raises_is_told_as_ever():
    code = """
@ctypes.CFUNCTYPE(None)
def called():
    raise ValueError("odd")
called()
"""
    status, said = ended(code)
    assert status == 0 and "ValueError: odd" in said


def test_a_second_ctrl_c_does_not_disturb_the_ending():
    code = """
def work():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)
    finally:
        os.kill(os.getpid(), signal.SIGINT)
        print("closed", flush=True)
print(guarded(work))
"""
    done = subprocess.run(
        [sys.executable, "-c", BEGUN + code], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "closed\n130\n"
