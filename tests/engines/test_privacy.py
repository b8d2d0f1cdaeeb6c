import subprocess
import sys

CODE = """
import os, sys
from engines.vad.silero import SileroVad
import numpy as np
vad = SileroVad()
vad.speech(np.zeros(vad.frame, np.float32))
vad.close()
"""


def test_the_engines_libraries_leave_no_record_of_their_use(tmp_path):
    """ONNX Runtime would keep a device id and what was done in the user's cache, to be sent."""
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "PATH": "/usr/bin"}
    subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}\n{CODE}"],
        env=home,
        check=True,
        timeout=120,
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
