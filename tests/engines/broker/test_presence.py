"""Who watches over the workers, at a broker that does not answer."""

import asyncio
import time
from types import SimpleNamespace

import pytest

from engines.broker import presence
from engines.broker.presence import Attendance, Worker


async def cancelled():
    """As aiormq ends what waits on a connection whose heartbeat fails."""
    raise asyncio.CancelledError


async def silent():
    await asyncio.Event().wait()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(presence, "BEAT_S", 0.02)
    monkeypatch.setattr(presence, "_ANSWERING_S", 0.02)


def link(connection) -> SimpleNamespace:
    async def attach(opener) -> None:
        pass

    line = SimpleNamespace(attach=attach, detach=lambda opener: None, connection=connection)
    return SimpleNamespace(
        up=True,
        outward=line,
        inward=line,
        do=lambda work: work.close(),
        start=asyncio.ensure_future,
    )


@pytest.mark.parametrize("connection", [cancelled, silent])
def test_a_broker_that_does_not_answer_ends_no_watch(connection):
    workers = [Worker("mt", ("en", "es"), "here") for _ in range(3)]
    told = []

    async def watched() -> None:
        attendance = Attendance(link(connection), lambda who, heard: told.append((who, heard)))
        for worker in workers:
            heard = time.monotonic() - 10.0
            attendance._heard[worker.id] = worker, heard
            async with asyncio.timeout(20):
                while (worker, heard) not in told:
                    await asyncio.sleep(0.01)
        assert not attendance.workers
        attendance.close()
        with pytest.raises(asyncio.CancelledError):
            await attendance._watching

    asyncio.run(watched())
    assert [who for who, _ in told] == workers
