"""How long a client may take to say what it wants. uvicorn itself waits for ever: whoever opens
connections and says nothing, or half a line, holds them all, and needs no token for it."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class _Patient(H11Protocol):
    """Closes a connection on which no whole head of a request has come in time. What follows the
    head is its reader's to wait for."""

    seconds: float
    _ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait() if self.conn.their_state is h11.IDLE else self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._ending is None:
            self._ending = self.loop.call_later(self.seconds, self.transport.close)

    def _stop(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None


def patient(seconds: float) -> type[H11Protocol]:
    """uvicorn's way of speaking HTTP, with an end to its patience."""
    return type("Patient", (_Patient,), {"seconds": seconds})
