"""What NVIDIA's own tool says of the graphics cards: the service itself uses none of them."""

import logging
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

log = logging.getLogger(__name__)

_MIB = 1024 * 1024
_COMMAND = (
    "nvidia-smi",
    "--query-gpu=index,memory.used,memory.total,utilization.gpu",
    "--format=csv,noheader,nounits",
)
_PATIENCE = 5.0


@dataclass(frozen=True)
class Card:
    """Memory in bytes; `busy` is the share of time in which it computed, 0 to 1."""

    index: int
    used: int
    memory: int
    busy: float


def look() -> list[Card]:
    """At all of them; none where there is no such tool, or it does not answer."""
    if shutil.which(_COMMAND[0]) is None:
        return []
    try:
        done = subprocess.run(
            _COMMAND, capture_output=True, text=True, timeout=_PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.info("nvidia-smi does not tell: %s", error)
        return []
    return list(read(done.stdout))


def read(text: str) -> Iterator[Card]:
    """Its table; a card that does not tell (as a part of one does) is left out."""
    for line in text.splitlines():
        try:
            index, used, memory, busy = (int(word) for word in line.split(","))
        except ValueError:
            continue
        yield Card(index, used * _MIB, memory * _MIB, busy / 100)
