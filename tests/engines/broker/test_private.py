import socket

import psutil
import pytest

from engines.broker.private import PrivateBroker
from tests.brokers import needs_broker

pytestmark = [pytest.mark.broker, needs_broker]


def left(broker: PrivateBroker) -> list[int]:
    """Processes that belong to it."""
    folder, names = str(broker._folder), str(broker._names)
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if folder in (line := " ".join(process.info["cmdline"] or ()))
        or ("epmd" in line and names in line)
    ]


def test_a_private_broker_leaves_neither_processes_nor_files():
    with PrivateBroker() as broker:
        assert broker._folder.is_dir()
        assert left(broker)
    assert not broker._folder.exists()
    assert not left(broker)


def test_a_broker_that_is_closed_while_it_is_away_does_not_come_back():
    with PrivateBroker() as broker:
        broker.vanish(0.2)
        with pytest.raises(OSError), socket.create_connection(("127.0.0.1", broker._port), 0.2):
            pass
    assert not broker._folder.exists()
    assert not left(broker)
