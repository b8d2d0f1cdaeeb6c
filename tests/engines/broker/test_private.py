import psutil
import pytest

from engines.broker.private import PrivateBroker
from tests.brokers import needs_broker

pytestmark = [pytest.mark.broker, needs_broker]


def test_a_private_broker_leaves_neither_processes_nor_files():
    with PrivateBroker() as broker:
        folder, names = broker._folder, str(broker._names)
        assert folder.is_dir()
    assert not folder.exists()
    left = [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if str(folder) in (line := " ".join(process.info["cmdline"] or ()))
        or ("epmd" in line and names in line)
    ]
    assert not left
