"""One way to open whatever is wanted as a camera."""

from core.clock import Clock, MachineClock
from core.devices import Camera, CameraMode
from engines.camera.sources import WANTED, DemoCamera, FileCamera, PatternCamera
from engines.start import shared_start

FILE = "file:"


def is_source(wanted: str) -> bool:
    """Whether this is no device but something that stands in for one."""
    return wanted.startswith(FILE) or wanted in ("demo", "pattern")


def open_camera(
    wanted: str = "",
    *,
    mode: CameraMode = WANTED,
    epoch: float | None = None,
    clock: Clock | None = None,
) -> Camera:
    """`wanted`: "" for the first camera that is not ours, a camera's name or id, "file:PATH",
    "demo" or "pattern". `epoch`: when a source that is no camera begins; by default together
    with its sound if this process has just opened that, else at once. DeviceUnavailable with a
    sentence for people; UnreadableInput for a file."""
    clock = clock or MachineClock()
    if is_source(wanted):
        return _source(wanted, mode, epoch, clock)
    from engines.camera.listing import choose_camera, open_device

    return open_device(choose_camera(wanted), mode)


def _source(wanted: str, mode: CameraMode, epoch: float | None, clock: Clock) -> Camera:
    if epoch is None:
        epoch = shared_start(wanted, "camera", clock.now())
    if wanted == "demo":
        return DemoCamera(epoch, mode, clock)
    if wanted == "pattern":
        return PatternCamera(epoch, mode, clock)
    return FileCamera(wanted.removeprefix(FILE), epoch, clock)
