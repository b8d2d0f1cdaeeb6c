"""Run inside the user-mode Linux: a camera of the real kernel, fed by a process of its own with
the test pattern, followed by this one. Prints one object of JSON."""

import json
import statistics
import subprocess
import sys
import time

from core.devices import FPS, SIZE
from engines.camera.followed import FollowedCamera
from engines.camera.listing import cameras
from engines.camera.pattern import Pattern, read_number

DEVICE, NAME = "/dev/video10", "Studio Camera"
_PATIENCE = 40.0


def feed() -> None:
    """The other process: each picture carries the number of its 1/30 s on the common clock."""
    import pyvirtualcam

    from engines.virtual_camera.v4l2 import make_writable

    pattern = Pattern(SIZE, FPS)
    make_writable(DEVICE)  # else this version of the kernel's module takes a writer only once
    with pyvirtualcam.Camera(*SIZE, FPS, device=DEVICE) as camera:
        while True:
            number = int(time.perf_counter() * FPS) + 1
            image = pattern.frame(number)
            time.sleep(max(0.0, number / FPS - time.perf_counter()))
            camera.send(image)


def follow() -> dict[str, object]:
    camera = FollowedCamera(NAME)
    told: dict[str, object] = {"before": wait(camera, lambda: camera.status)}
    writer = subprocess.Popen([sys.executable, "-m", __spec__.name, "feed"])
    wait(camera, lambda: camera.device.works)
    info = next(info for info in cameras() if info.name == NAME)
    told["modes"] = [(mode.width, mode.height, mode.fps) for mode in info.modes]
    told["first"] = watched(camera)
    writer.kill()
    writer.wait()
    told["gone"] = wait(camera, lambda: not camera.device.works and camera.status)
    writer = subprocess.Popen([sys.executable, "-m", __spec__.name, "feed"])
    wait(camera, lambda: camera.device.works)
    told["second"] = watched(camera)
    started = time.perf_counter()
    camera.close()
    told["closing"] = time.perf_counter() - started
    writer.kill()
    return told


def wait(camera: FollowedCamera, what):
    end = time.perf_counter() + _PATIENCE
    while not (found := what()) and time.perf_counter() < end:
        camera.read(0.1)
    return found


def watched(camera: FollowedCamera) -> dict[str, object]:
    """What 60 pictures tell."""
    numbers, lags, ages = [], [], []
    end = time.perf_counter() + _PATIENCE
    while len(numbers) < 60 and time.perf_counter() < end:
        shot = camera.read(0.5)
        number = None if shot is None else read_number(shot.image)
        if shot is not None and number is not None:
            sent = number / FPS
            numbers.append(number)
            lags.append(time.perf_counter() - sent)
            ages.append(shot.moment - sent)
    return {
        "numbers": numbers,
        "lag": statistics.median(lags) if lags else None,
        "age": statistics.median(ages) if ages else None,
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["feed"]:
        feed()
    print(json.dumps(follow()))
