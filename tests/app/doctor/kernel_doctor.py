"""Runs inside the user-mode Linux: what the doctor says of the real v4l2loopback in each state it
can be in. The last line of the output is JSON."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from app.devices.machine import Machine
from app.devices.virtual import camera_ways
from app.doctor.look import MachineDoctor
from tests.audio_servers import wait_until

_WRITER = """
import sys, time
import numpy as np
import pyvirtualcam
with pyvirtualcam.Camera(1280, 720, 30, device="/dev/video10") as camera:
    picture = np.zeros((720, 1280, 3), np.uint8)
    while True:
        camera.send(picture)
        print("sent", flush=True)
        time.sleep(1 / 30)
"""


def look() -> dict[str, dict[str, Any]]:
    doctor = MachineDoctor(Machine(), ["loopback"])
    found = {one.name: {"state": one.state, "says": one.says} for one in doctor.findings()}
    found["way"] = {"ready": camera_ways(Machine())[0].ready}
    return found


def fed(during: Callable[[], Any]) -> Any:
    """While another program feeds the device, which is killed then."""
    command = [sys.executable, "-c", _WRITER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(5):
            writer.stdout.readline()
        try:
            return during()
        finally:
            writer.kill()


def main() -> None:
    told: dict[str, Any] = {"fresh": look()}
    if all(one.get("state", "ok") == "ok" for one in told["fresh"].values()):
        told["fed"] = fed(look)
        told["dead"] = look()
        doctor = MachineDoctor(Machine(), ["loopback"])
        told["said"] = doctor.mend("Virtual camera device")
        wait_until(lambda: look()["way"]["ready"], "the device being ready")
        told["mended"] = look()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
