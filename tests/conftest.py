"""Qt draws into memory in all tests, whatever display the machine has; one broker for those that
need one; and those that hear or see in real time are tried again on a machine that was too busy."""

import os

import pytest

from tests.brokers import broker, link

__all__ = ["broker", "link"]

os.environ["QT_QPA_PLATFORM"] = "offscreen"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A real sound server, browser or camera goes on while this machine is kept busy by others."""
    real_time = ("audio_server", "desktop_session", "chromium", "LiveSession")
    for item in items:
        if any(hasattr(getattr(item, "module", None), name) for name in real_time):
            item.add_marker(pytest.mark.flaky(reruns=2))
