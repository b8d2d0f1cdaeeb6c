"""The outputs process, and what may not be in it."""

import subprocess
import sys


def test_nothing_that_must_not_meet_pyvirtualcams_licence_is_in_its_process():
    code = (
        "import sys, app.live.outputs, engines.virtual_camera.loopback\n"
        "forbidden = {'cv2', 'openvino', 'mediapipe', 'onnxruntime', 'torch'}\n"
        "print(*sorted(forbidden & {name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
