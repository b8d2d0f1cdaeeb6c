"""Qt draws into memory in all tests, whatever display the machine has; signals are as before after
each; one broker for those that need one; and those that hear or see in real time are tried again
on a machine that was too busy, and skipped with the reason, which the run ends with, on one that
cannot keep up."""

import os
import signal
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.brokers import broker, link
from tests.real_time import RERUNS, TRIED_AGAIN, excuse, sum_up

__all__ = ["broker", "link"]

os.environ["QT_QPA_PLATFORM"] = "offscreen"
_REAL_TIME = ("audio_server", "desktop_session", "chromium", "LiveSession", "StreamClient")
_PATIENCE_MS = 60_000


class PatientBot(QtBot):
    """Waits as long as a busy machine may need."""

    def waitUntil(
        self, callback: Callable[[], bool | None], *, timeout: int = _PATIENCE_MS
    ) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitExposed(self, widget: QWidget, *, timeout: int = _PATIENCE_MS) -> Any:
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """A program that was run in this process leaves them ignored, as processes started later would
    then too."""
    numbers = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A real sound server, browser or camera goes on while this machine is kept busy by others."""
    for item in items:
        if any(hasattr(getattr(item, "module", None), name) for name in _REAL_TIME):
            item.add_marker(pytest.mark.real_time)
            item.add_marker(pytest.mark.flaky(reruns=RERUNS, only_rerun=TRIED_AGAIN))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    tried = getattr(item, "execution_count", 1)
    if report.failed and report.when != "teardown" and item.get_closest_marker("flaky"):
        assert call.excinfo is not None
        excuse(item, report, call.excinfo.value, last=tried > RERUNS)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    sum_up(terminalreporter)
