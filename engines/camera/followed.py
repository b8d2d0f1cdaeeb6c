"""The camera that was chosen, whatever happens to it: the picture goes on."""

from collections.abc import Callable

from core.devices import Camera, CameraInfo, CameraMode, Shot
from core.errors import TranslatedCameraError
from core.following import Follower, Kind, Known
from core.live import Device
from engines.camera.listing import cameras, find_camera, open_device
from engines.camera.opening import is_source, open_camera
from engines.camera.sources import WANTED

_NOTHING = Known()


class FollowedCamera:
    """Opens the camera (or source) `wanted` as `open_camera` would; while it is not there,
    another one is shown, and it returns by itself. Everything happens on a thread of its own;
    `read` and `close` are for one other thread, the rest for any.

    `on_change` is called on that thread of its own with each new `device`. What is `known` comes
    from who followed the same one before, in another process.
    """

    def __init__(
        self,
        wanted: str = "",
        *,
        epoch: float | None = None,
        mode: CameraMode = WANTED,
        on_change: Callable[[Device], None] | None = None,
        known: Known = _NOTHING,
    ) -> None:
        kind = camera_kind(mode, epoch)
        self._follower: Follower[CameraInfo, Camera] = Follower(
            wanted, kind, on_change=on_change, known=known
        )
        self._follower.watch()

    @property
    def device(self) -> Device:
        """What is in use, and what the user should know of it."""
        return self._follower.status

    @property
    def known(self) -> Known:
        return self._follower.known

    @property
    def status(self) -> str:
        return self._follower.status.says

    def choose(self, wanted: str) -> None:
        """Another camera from here on."""
        self._follower.choose(wanted)

    def read(self, timeout: float = 1.0) -> Shot | None:
        """The newest picture, each once; None when there is none in time. Never raises."""
        camera = self._follower.device(timeout)
        if camera is None:
            return None
        try:
            return camera.read(timeout)
        except (TranslatedCameraError, OSError) as exc:
            self._follower.lost(exc)
            return None

    def close(self) -> None:
        self._follower.close()


def camera_kind(mode: CameraMode, epoch: float | None) -> Kind[CameraInfo, Camera]:
    return Kind(
        noun="camera",
        shown="shown",
        listing=cameras,
        find=find_camera,
        open=lambda info: open_device(info, mode),
        is_source=is_source,
        open_source=lambda wanted: open_camera(wanted, mode=mode, epoch=epoch),
        remark=lambda camera: str(getattr(camera, "remark", "")),
    )
