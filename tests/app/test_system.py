"""What is asked of the real operating system, whichever it is."""

import os
import socket
import stat
import sys
from pathlib import Path

import pytest

from app import system as module
from app.system import NO_SUCH_PROGRAM, TOO_LATE, System
from core.errors import TranslatedCameraError

SYSTEM = System()


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def programs(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_a_program_that_is_not_there_is_an_answer():
    assert SYSTEM.run("no-such-program-at-all").code == NO_SUCH_PROGRAM
    assert SYSTEM.which("no-such-program-at-all") == ""


def test_what_a_program_says_and_how_it_ends_is_told(programs):
    program(programs, "teller", "echo out; echo err >&2; exit 3")
    answer = SYSTEM.run("teller")
    assert (answer.code, answer.out, answer.err, answer.good) == (3, "out\n", "err\n", False)


def test_a_program_that_does_not_end_is_ended():
    assert (
        SYSTEM.run(sys.executable, "-c", "import time; time.sleep(60)", timeout=0.2).code
        == TOO_LATE
    )


def test_a_file_that_cannot_be_run_is_an_answer(programs):
    path = programs / "broken"
    path.write_bytes(b"\x7fELF nothing")
    path.chmod(0o755)
    assert SYSTEM.run("broken").code == NO_SUCH_PROGRAM


def test_a_command_that_fails_before_the_users_eyes_is_an_error(programs):
    with pytest.raises(TranslatedCameraError, match="exit code 4"):
        SYSTEM.perform(str(program(programs, "fails", "exit 4")))
    with pytest.raises(TranslatedCameraError, match="cannot be run"):
        SYSTEM.perform("no-such-program-at-all")


class Person(System):
    """Somebody who is not the administrator."""

    @property
    def root(self):
        return False

    def _administrators(self, program):
        return ""


def test_the_administrators_rights_come_by_sudo_where_it_needs_no_password(programs):
    log = programs / "log"
    program(programs, "sudo", f'printf "%s\\n" "$*" >> {log}')
    Person().perform("modprobe", "v4l2loopback", root=True)
    assert log.read_text().splitlines() == ["-n true", "modprobe v4l2loopback"]


def test_without_a_terminal_the_desktop_is_asked(programs, monkeypatch):
    monkeypatch.setattr(module.sys, "stdin", None)
    log = programs / "log"
    program(programs, "sudo", "exit 1")
    program(programs, "pkexec", f'echo "$@" >> {log}')
    Person().perform("modprobe", "v4l2loopback", root=True)
    assert log.read_text() == "modprobe v4l2loopback\n"


def test_who_cannot_become_the_administrator_is_told_the_command(programs):
    with pytest.raises(TranslatedCameraError, match="sudo modprobe v4l2loopback"):
        Person().perform("modprobe", "v4l2loopback", root=True)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no Unix sockets")
def test_a_socket_listens_only_while_somebody_answers(tmp_path):
    path = tmp_path / "s"
    assert not SYSTEM.listens(path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
        one.bind(str(path))
        one.listen()
        assert SYSTEM.listens(path)
    assert not SYSTEM.listens(path)


def test_files_that_are_not_there_are_empty(tmp_path):
    assert SYSTEM.text(tmp_path / "nothing") == ""
    assert SYSTEM.files(str(tmp_path), "*") == []
    assert SYSTEM.group_of(str(tmp_path / "nothing")) == ""
    assert not SYSTEM.allowed(tmp_path / "nothing")


def test_the_folder_above_that_is_there_is_found(tmp_path):
    assert SYSTEM.nearest(tmp_path / "a/b/c") == tmp_path
    assert SYSTEM.free_bytes(tmp_path / "a/b/c") > 0


def test_packages_are_told_by_their_versions():
    assert SYSTEM.package("numpy")
    assert SYSTEM.package("no-such-package-at-all") == ""
    assert SYSTEM.requirements("no-such-package-at-all") == []


def test_memory_and_cores_are_those_of_this_machine():
    whole, free = SYSTEM.memory()
    assert whole >= free >= 0
    assert 1 <= SYSTEM.cores <= (os.cpu_count() or 1)
