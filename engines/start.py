"""When a source that is no device begins: its picture and its sound begin together."""

import threading

_PATIENCE = 30.0
_lock = threading.Lock()
_begun: dict[str, tuple[float, set[str]]] = {}


def shared_start(source: str, half: str, now: float) -> float:
    """The start of `source` for its `half` ("camera", "microphone"): that of the other half if
    this process opened it within the last 30 s, and this half was not opened since; else `now`.
    Any thread."""
    with _lock:
        start, halves = _begun.get(source, (now, set[str]()))
        if half in halves or now - start > _PATIENCE:
            start, halves = now, set()
        _begun[source] = (start, halves | {half})
        return start
