"""Which licences were accepted."""

import threading
from concurrent.futures import ThreadPoolExecutor

from engines.models import licences

TOGETHER = 8


def test_of_licences_accepted_at_the_same_moment_none_is_lost(hub, tmp_path):
    entries = [hub.entry(f"model{number}", licence=f"L{number}") for number in range(TOGETHER)]
    start = threading.Barrier(TOGETHER)

    def accept(entry):
        start.wait(10)
        licences.require(entry, True, tmp_path / "models")

    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(accept, entries))
    assert all(licences.accepted(entry, tmp_path / "models") for entry in entries)
