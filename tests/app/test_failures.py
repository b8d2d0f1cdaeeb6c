import errno
import os
import subprocess
import sys

import pytest
from typer import Abort, BadParameter

from app.failures import guarded
from core.errors import CannotWrite, Interrupted


def raising(error):
    def fail():
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (CannotWrite("out.mp4 exists already."), 7, "out.mp4 exists already."),
        (
            BadParameter("Value error, 'x' is no choice."),
            2,
            "'x' is no choice. (--help tells more.)",
        ),
        (BadParameter("No such file."), 2, "No such file. (--help tells more.)"),
        (KeyboardInterrupt(), 130, "Stopped."),
        (Abort(), 130, "Stopped."),
    ],
)
def test_what_stops_a_command_is_a_sentence_and_an_exit_code(capsys, error, code, sentence):
    assert guarded(raising(error)) == code
    said = capsys.readouterr()
    assert said.err.strip().endswith(sentence)
    assert not said.out


def test_a_fault_of_ours_is_reported_in_a_file_not_on_the_terminal(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: tmp_path / "logs")
    assert guarded(raising(ZeroDivisionError("by nothing"))) == 1
    (report,) = (tmp_path / "logs").iterdir()
    assert str(report) in capsys.readouterr().err
    assert "ZeroDivisionError: by nothing" in report.read_text()


def test_where_no_report_can_be_written_it_is_said(capsys, tmp_path, monkeypatch):
    (tmp_path / "logs").write_text("a file")
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: tmp_path / "logs" / "x")
    assert guarded(raising(ZeroDivisionError("by nothing"))) == 1
    assert "ZeroDivisionError: by nothing" in capsys.readouterr().err


def test_a_code_that_a_command_ends_with_is_the_program_s(capsys):
    assert guarded(lambda: 6) == 6
    assert guarded(lambda: None) == 0
    assert guarded(lambda: Interrupted.exit_code) == 130
    assert "Stopped." in capsys.readouterr().err


PRINTS = """
from app.failures import guarded
raise SystemExit(guarded(lambda: print("word " * 100_000)))
"""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no disk is always full here")
def test_an_output_that_is_full_is_said_and_is_no_fault_of_ours():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            (sys.executable, "-c", PRINTS), stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (done.returncode, done.stderr) == (7, "The disk is full.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe ends otherwise there")
def test_nobody_is_told_that_who_read_the_output_has_gone():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        (sys.executable, "-c", PRINTS), stdout=write, stderr=subprocess.PIPE, text=True
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (7, "")


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe ends otherwise there")
def test_another_pipe_that_breaks_is_our_fault(capfd, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def write() -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    assert guarded(write) == 1
    assert "Something broke" in capfd.readouterr().err
