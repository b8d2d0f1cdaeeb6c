"""The cameras that can be chosen."""

import errno
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from core.chosen import Found, absent, choose, own, told_apart
from core.devices import CAMERA_NAME, Camera, CameraInfo, CameraMode
from core.errors import DeviceUnavailable
from engines.camera import v4l2

Query = Callable[[str], v4l2.Node | None]
_SYSTEMS = {"win32": "dshow", "darwin": "avfoundation"}
"""What FFmpeg calls the cameras' interface."""
_OUTLETS = (CAMERA_NAME, "OBS Virtual Camera")
"""Through these meeting programs see us where no camera of our own can be made."""


def cameras() -> list[CameraInfo]:
    """Real cameras before such that programs make; ours are among them and say so."""
    if sys.platform.startswith("linux"):
        return linux_cameras()
    return other_cameras(_SYSTEMS.get(sys.platform, ""))


def choose_camera(wanted: str, infos: Sequence[CameraInfo] | None = None) -> CameraInfo:
    """DeviceUnavailable when it is not there, or is ours."""
    infos = cameras() if infos is None else infos
    found = find_camera(wanted, infos)
    if wanted == CAMERA_NAME or (found and found.info.ours):
        raise DeviceUnavailable(own(wanted, "camera"))
    if found is None:
        raise DeviceUnavailable(absent(wanted, infos, "camera"))
    return found.info


def find_camera(wanted: str, infos: Sequence[CameraInfo]) -> Found[CameraInfo] | None:
    """As core.chosen.choose; a device file is a name too, whatever link we know it by."""
    file = os.path.isabs(wanted)
    known = next((info.id for info in infos if file and _same(info.id, wanted)), wanted)
    return choose(known, infos, "camera")


def open_device(info: CameraInfo, mode: CameraMode) -> Camera:
    """DeviceUnavailable with the reason."""
    from engines.camera.device import OpenCvCamera

    return OpenCvCamera(info, mode)


_Stamp = tuple[int, int, int]
_Listed = tuple[bool, CameraInfo] | None
"""A camera, and whether a program makes its picture rather than a lens; None for no camera."""
_known: dict[str, tuple[_Stamp, _Listed]] = {}
_VIRTUAL = Path("/sys/devices/virtual/video4linux")


def linux_cameras(
    folder: Path = Path("/dev"), query: Query = v4l2.query, virtual: Path = _VIRTUAL
) -> list[CameraInfo]:
    """This may be called each second: a real camera, whose light the question may switch on, is
    asked again only when its device file came, went or changed its rights."""
    links = {os.path.realpath(link): str(link) for link in (folder / "v4l/by-path").glob("*")}
    paths = sorted(folder.glob("video[0-9]*"), key=lambda path: (len(path.name), path.name))
    listed = [_once(path, links, query, virtual) for path in paths]
    there = sorted((one for one in listed if one), key=lambda one: one[0])
    infos = [info for _, info in there]
    names = told_apart(info.name for info in infos)
    return [replace(info, name=name) for info, name in zip(infos, names, strict=True)]


def _once(path: Path, links: dict[str, str], query: Query, virtual: Path) -> _Listed:
    stamp, known = _stamp(path), _known.get(str(path))
    if known and known[0] == stamp and not (virtual / path.name).exists():
        return known[1]
    listed = _look(str(path), links, query)
    _known[str(path)] = (stamp, listed)
    return listed


def other_cameras(system: str) -> list[CameraInfo]:
    """Windows and macOS, by FFmpeg's list: OpenCV knows cameras by their place in it only. Where
    FFmpeg cannot tell, there is one nameless first camera to try. Two of one name are told apart
    by their order alone."""
    import av

    try:
        devices = av.enumerate_input_devices(system)
    except (av.FFmpegError, ValueError):
        return [CameraInfo("Camera 0", "0", place=0)]
    seen = [one for one in devices if "video" in (getattr(one, "media_types", None) or ["video"])]
    names = [one.description or one.name for one in seen]
    return [
        CameraInfo(told, told, ours=name in _OUTLETS, place=place)
        for place, (name, told) in enumerate(zip(names, told_apart(names), strict=True))
    ]


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return 0, 0, 0
    return status.st_ino, status.st_ctime_ns, int(os.access(path, os.R_OK | os.W_OK))


def _look(path: str, links: dict[str, str], query: Query) -> _Listed:
    name = links.get(path, path)
    try:
        node = query(path)
    except OSError as exc:
        if exc.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTTY, errno.EINVAL):
            return None
        card = v4l2.card_of(path)
        ours = card == CAMERA_NAME
        return False, CameraInfo(card, name, ours=ours, trouble=_trouble(card, path, exc))
    if node is None:
        return None
    ours = node.card == CAMERA_NAME
    return "loopback" in node.driver, CameraInfo(node.card, name, node.modes, ours)


def _trouble(card: str, path: str, error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM):
        return (
            f"You may not use the camera {card} ({path}): add yourself to the group video with "
            f"'sudo usermod -aG video $USER' and log in again."
        )
    if error.errno == errno.EBUSY:
        return f"The camera {card} is used by another program{_by(v4l2.users_of(path))}."
    return f"The camera {card} ({path}) cannot be opened: {error.strerror}."


def _by(programs: Iterable[str]) -> str:
    names = ", ".join(programs)
    return f" ({names})" if names else ""


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
