"""A virtual camera that pyvirtualcam feeds; the ways of each system differ only in the rest."""

from core.devices import FPS, SIZE, DeviceLost, Image
from core.errors import DeviceUnavailable


class FedCamera:
    """Open from construction to `close`; DeviceUnavailable with what pyvirtualcam says. Pictures
    are passed on as they are: never mirrored, always of SIZE."""

    def __init__(self, backend: str, device: str | None, name: str) -> None:
        self.backend, self.name = backend, name
        try:
            import pyvirtualcam
        except ImportError as exc:
            raise DeviceUnavailable(f"pyvirtualcam is not installed ({exc}).") from exc
        if backend not in pyvirtualcam.camera.BACKENDS:
            raise DeviceUnavailable(f"{backend} is not for this system.")
        try:
            self._camera = pyvirtualcam.Camera(*SIZE, FPS, backend=backend, device=device)
        except (RuntimeError, ValueError, OSError) as exc:
            said = str(exc).removeprefix(f"'{backend}' backend: ")
            raise DeviceUnavailable(said) from exc
        self.device = str(self._camera.device)

    def send(self, image: Image) -> None:
        try:
            self._camera.send(image)
        except (RuntimeError, OSError) as exc:
            raise DeviceLost(f"{self.name} takes no more pictures: {exc}") from exc

    @property
    def watched(self) -> bool | None:
        return None

    def close(self) -> None:
        self._camera.close()
