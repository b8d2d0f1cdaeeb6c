"""Which virtual microphone this machine can have."""

import logging
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

from core.devices import VirtualMicrophone
from core.errors import DeviceUnavailable
from engines.virtual_microphone.absent import NoMicrophone

log = logging.getLogger(__name__)


class Opened(NamedTuple):
    """`reason` tells the user what is heard where, or why nothing is; `refusals` what was tried
    before it."""

    microphone: VirtualMicrophone
    reason: str
    refusals: tuple[str, ...] = ()


def open_virtual_microphone(wanted: str = "auto") -> Opened:
    """`wanted` is "auto", "off", or the name of a device that plays into another program, such as
    a virtual cable. Never raises: where there is none, a NoMicrophone keeps the pace."""
    wanted = wanted or "auto"
    if wanted == "off":
        return _without("the virtual microphone is off", ())
    refusals: list[str] = []
    for name, build in _candidates(wanted):
        try:
            microphone = build()
        except (DeviceUnavailable, ImportError, OSError) as exc:
            log.info("virtual microphone %s refused: %s", name, exc)
            refusals.append(f"{name}: {exc}")
        else:
            reason = f"programs hear the microphone “{microphone.name}”"
            return Opened(microphone, reason, tuple(refusals))
    return _without(" ".join(refusals), tuple(refusals))


def _without(reason: str, refusals: tuple[str, ...]) -> Opened:
    return Opened(NoMicrophone(reason), f"no program hears the voice: {reason}", refusals)


def _candidates(wanted: str) -> Iterator[tuple[str, Callable[[], VirtualMicrophone]]]:
    """Best first; each imports what it needs when it is built."""
    name = "" if wanted == "auto" else wanted
    if sys.platform.startswith("linux"):
        yield name or "sound server", lambda: _pulse(name)
    else:
        yield name or "virtual cable", lambda: _cable(name)


def _pulse(sink: str) -> VirtualMicrophone:
    from engines.virtual_microphone.pulse import PulseMicrophone

    return PulseMicrophone(sink)


def _cable(device: str) -> VirtualMicrophone:
    from engines.virtual_microphone.cable import CableMicrophone

    return CableMicrophone(device)
