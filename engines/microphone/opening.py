"""One way to open whatever is wanted as a microphone."""

from core.clock import Clock, MachineClock
from core.devices import Microphone
from engines.microphone.sources import DemoMicrophone, FileMicrophone, ToneMicrophone
from engines.start import shared_start

FILE = "file:"


def is_source(wanted: str) -> bool:
    """Whether this is no device but something that stands in for one."""
    return wanted.startswith(FILE) or wanted in ("demo", "tone", "silence")


def open_microphone(
    wanted: str = "", *, epoch: float | None = None, clock: Clock | None = None
) -> Microphone:
    """`wanted`: "" for the system's default unless that is ours, a microphone's name or id,
    "file:PATH", "demo", "tone" or "silence". `epoch`: when a source that is no microphone
    begins; by default together with its picture if this process has just opened that, else at
    once. DeviceUnavailable with a sentence for people; UnreadableInput or NothingToTranslate
    for a file."""
    clock = clock or MachineClock()
    if is_source(wanted):
        return _source(wanted, epoch, clock)
    from engines.microphone.listing import choose_microphone, open_device

    return open_device(choose_microphone(wanted))


def _source(wanted: str, epoch: float | None, clock: Clock) -> Microphone:
    if epoch is None:
        epoch = shared_start(wanted, "microphone", clock.now())
    if wanted == "demo":
        return DemoMicrophone(epoch, clock)
    if wanted.startswith(FILE):
        return FileMicrophone(wanted.removeprefix(FILE), epoch, clock)
    return ToneMicrophone(epoch, clock, level=0.1 if wanted == "tone" else 0.0)
