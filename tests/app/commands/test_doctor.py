"""Who is asked before the administrator's rights are used."""

import io
import sys

import pytest
import typer

from app.commands.doctor import _ask


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_yes_is_an_answer_to_everything():
    assert _ask(yes=True)("anything")


@pytest.mark.parametrize("stdin", [None, io.StringIO("y\n")])
def test_without_a_terminal_nobody_can_say_yes(monkeypatch, stdin):
    monkeypatch.setattr(sys, "stdin", stdin)
    assert not _ask(yes=False)("anything")


@pytest.mark.parametrize("answer", [True, False])
def test_at_a_terminal_a_person_is_shown_the_command_and_decides(monkeypatch, answer):
    asked = []
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(typer, "confirm", lambda text, err: asked.append(text) or answer)
    assert _ask(yes=False)("sudo modprobe v4l2loopback") is answer
    assert "sudo modprobe v4l2loopback" in asked[0]
