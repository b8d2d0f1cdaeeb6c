"""A connection as packets live it, simulated: rate, delay, jitter and bursts of loss, and a stream
that sends again what was lost and gives out nothing before what precedes it, as TCP does.

Time is simulated too: minutes take milliseconds, and the same seed gives the same times. The
sender's congestion window is taken to be open: it is a long-lived stream.
"""

import math
from dataclasses import dataclass

import numpy as np

PACKET = 1400
_HEAD = 66
"""Bytes that Ethernet, IP and TCP put around a packet."""
_AGAIN = 0.01
_LIKE_BEFORE = 0.8
"""How much a packet's jitter is like that of the packet before it."""


@dataclass(frozen=True)
class Way:
    """One direction. Delay and jitter in ms, rate in Mbit/s; `loss` is the share of packets, lost
    `burst` at a time in the mean."""

    delay_ms: float
    jitter_ms: float
    mbps: float
    loss: float = 0.0
    burst: float = 1.0


@dataclass(frozen=True)
class Profile:
    """How a client reaches its service, and where the figures come from."""

    up: Way
    down: Way
    source: str


_TYPICAL = "typical of its kind; not the paper's own, which are in a diagram (arXiv 2508.08468)"
PROFILES = {
    "ethernet": Profile(Way(0.3, 0.05, 940), Way(0.3, 0.05, 940), f"a local gigabit; {_TYPICAL}"),
    "wifi4": Profile(
        Way(3, 4, 45, 0.002, 3), Way(3, 4, 45, 0.002, 3), f"802.11n, one antenna; {_TYPICAL}"
    ),
    "wifi6": Profile(
        Way(2, 1.5, 400, 0.0005, 2), Way(2, 1.5, 400, 0.0005, 2), f"802.11ax; {_TYPICAL}"
    ),
    "4g": Profile(Way(25, 8, 12, 0.001, 3), Way(20, 6, 40, 0.001, 3), f"LTE in a city; {_TYPICAL}"),
    "5g": Profile(
        Way(7, 2, 80, 0.0003, 2), Way(6, 2, 400, 0.0003, 2), f"mid-band, a near edge; {_TYPICAL}"
    ),
    "cloud": Profile(
        Way(12, 3, 45, 0.002, 3),
        Way(12, 3, 45, 0.002, 3),
        f"Wi-Fi 4, 20 ms to a region; {_TYPICAL}",
    ),
}


def profiles() -> str:
    """As a table: up and down, each with its delay, jitter, rate and loss; and the source."""
    lines = [
        f"{'connection':10} {'':4} {'delay':>8} {'jitter':>8} {'rate':>11} {'loss':>7}  source"
    ]
    for name, profile in PROFILES.items():
        for label, way in (("up", profile.up), ("down", profile.down)):
            figures = f"{way.delay_ms:5g} ms {way.jitter_ms:5g} ms {way.mbps:4g} Mbit/s"
            told = (name, profile.source) if label == "up" else ("", "")
            lines.append(f"{told[0]:10} {label:4} {figures} {way.loss:7.2%}  {told[1]}".rstrip())
    return "\n".join(lines)


class Line:
    """One direction of one stream. Messages are sent in the order of their times."""

    def __init__(self, way: Way, back: Way, rng: np.random.Generator) -> None:
        self._way, self._rng = way, rng
        self._round = (way.delay_ms + way.jitter_ms + back.delay_ms + back.jitter_ms) / 1000
        self._free = self._last = self._jitter = 0.0
        self._losing = False
        self.packets = self.lost = 0

    def send(self, size: int, moment: float) -> float:
        """When the last byte of a message of `size` bytes has arrived, in order."""
        count = max(1, math.ceil(size / PACKET))
        for number in range(count):
            length = min(PACKET, size - number * PACKET)
            arrival = self._one(length, moment, tail=number >= count - 3)
            self._last = max(self._last, arrival)
        return self._last

    def _one(self, length: int, moment: float, *, tail: bool) -> float:
        """The packet, and if it is lost the same again: soon, when packets behind it arrive and
        tell; later, when nothing is behind it."""
        arrival = self._through(length, moment)
        while arrival is None:
            moment = max(moment, self._free) + self._round * (2 if tail else 1) + _AGAIN
            arrival = self._through(length, moment, again=True)
        return arrival

    def _through(self, length: int, moment: float, *, again: bool = False) -> float | None:
        way = self._way
        took = (length + _HEAD) * 8 / (way.mbps * 1e6)
        start = max(moment, self._free)
        if not again:  # what is sent again passes between the packets that follow
            self._free = start + took
        self.packets += 1
        if self._loses():
            self.lost += 1
            return None
        fresh = math.sqrt(1 - _LIKE_BEFORE**2) * self._rng.standard_normal()
        self._jitter = _LIKE_BEFORE * self._jitter + fresh
        return start + took + (way.delay_ms + abs(self._jitter) * way.jitter_ms) / 1000

    def _loses(self) -> bool:
        """In bursts: a line that loses goes on losing for a few packets."""
        way = self._way
        if not way.loss:
            return False
        stays = 1 - 1 / way.burst
        begins = way.loss / (way.burst * (1 - way.loss))
        self._losing = self._rng.random() < (stays if self._losing else begins)
        return self._losing
