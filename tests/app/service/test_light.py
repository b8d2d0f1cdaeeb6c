import subprocess
import sys

HEAVY = ("app.assembly", "app.clip", "ctranslate2.converters", "mediapipe", "numba", "onnxruntime")


def test_the_service_itself_loads_nothing_that_works_on_sound_or_pictures():
    said = subprocess.run(
        [sys.executable, "-c", "import sys, app.commands.serve; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "app.service.api" in said
    assert not set(HEAVY) & set(said)
