"""Nothing is told to anybody, and nothing is prepared for it."""

import os
import subprocess
import sys


def test_openvino_is_loaded_without_what_reports_its_use(tmp_path):
    code = (
        "import sys, engines, openvino\n"
        "print(sys.modules['openvino_telemetry'], openvino.Core().available_devices)"
    )
    environment = dict(os.environ, HOME=str(tmp_path), USERPROFILE=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("None [")
    assert not list(tmp_path.iterdir())
