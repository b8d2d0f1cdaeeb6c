"""Questions that are asked beside the window."""

import threading

import pytest
import shiboken6
from PySide6.QtCore import QLocale, QObject, Qt, QThread

from core.errors import UsageError
from core.pipeline import thread_host
from ui import translation
from ui.work import Work


@pytest.fixture
def parent(qapp):
    return QObject()


def test_the_answer_comes_on_the_windows_thread(qtbot, parent):
    work = Work(thread_host, parent)
    came = []
    work.ask(
        parent, "sum", lambda: 1 + 1, lambda answer: came.append((answer, QThread.currentThread()))
    )
    qtbot.waitUntil(lambda: not work.busy)
    assert came == [(2, parent.thread())]


def test_what_fails_is_a_sentence(qtbot, parent):
    work = Work(thread_host, parent)
    says = []

    def refuse():
        raise UsageError("Not so.")

    work.ask(parent, "no", refuse, lambda answer: says.append("answered"), says.append)
    qtbot.waitUntil(lambda: not work.busy)
    assert says == ["Not so."]


def test_what_fails_is_told_in_the_language_of_the_window(qtbot, qapp, parent):
    work, says = Work(thread_host, parent), []

    def refuse():
        raise UsageError("No voice model is here.")

    before = QLocale()
    translation.install(qapp, "de")
    work.ask(parent, "no", refuse, lambda answer: None, says.append)
    qtbot.waitUntil(lambda: not work.busy)
    translation.install(qapp, "en")
    QLocale.setDefault(before)
    assert len(says) == 1 and "voice model" not in says[0]


def test_what_is_answered_after_the_asker_is_gone_is_dropped(qtbot, parent):
    gate, called = threading.Event(), []
    work = Work(thread_host, parent)
    work.ask(parent, "late", lambda: gate.wait(10), called.append)
    shiboken6.delete(parent)
    gate.set()
    later = QObject()
    other = Work(thread_host, later)
    other.ask(later, "after", lambda: None, lambda answer: None)
    qtbot.waitUntil(lambda: not other.busy)
    qtbot.wait(50)
    assert called == []


class Taker(QObject):
    def __init__(self):
        super().__init__()
        self.taken = []

    def take(self, answer):
        self.taken.append(answer)


def test_an_answer_to_one_that_is_gone_is_dropped_while_others_get_theirs(qtbot, parent):
    work, gone, there = Work(thread_host, parent), Taker(), Taker()
    for taker in (gone, there):
        work.ask(parent, "late", lambda: 1, taker.take)
    shiboken6.delete(gone)
    qtbot.waitUntil(lambda: not work.busy)
    assert (gone.taken, there.taken) == ([], [1])


def test_what_is_answered_while_the_asker_goes_is_dropped(qtbot, parent):
    """The answer is on its way already."""
    sent, called = threading.Event(), []
    work = Work(thread_host, parent)
    work._post.came.connect(lambda outcome: sent.set(), Qt.ConnectionType.DirectConnection)
    work.ask(parent, "late", lambda: 1, called.append)
    assert sent.wait(10)
    shiboken6.delete(parent)
    qtbot.wait(50)
    assert called == []


@pytest.mark.parametrize("fails", [False, True])
def test_a_page_that_is_gone_gets_no_call_from_whatever_function_takes_its_answer(
    qtbot, parent, fails
):
    work, page, gate, called = Work(thread_host, parent), QObject(), threading.Event(), []

    def question():
        gate.wait(10)
        if fails:
            raise UsageError("Not so.")

    work.ask(page, "late", question, lambda _: called.append(page), lambda _: called.append(page))
    shiboken6.delete(page)
    gate.set()
    qtbot.waitUntil(lambda: not work.busy)
    assert called == []
