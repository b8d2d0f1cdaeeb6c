"""The demo from outside: a clip of nobody, and its translation with the lips that belong to it."""

import shutil
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from core.sync import Track, loudness, measure_skew
from core.types import AudioChunk

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(
        not (shutil.which("flite") and shutil.which("apertium")),
        reason="flite and apertium are not installed: nothing to speak with, or to translate with",
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "demo", str(path)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "nobody" in done.stderr
    return path


def voice_of(path: Path) -> Track:
    resampler = av.AudioResampler("flt", "mono", 16000)
    with av.open(str(path)) as file:
        frames = [out for frame in file.decode(audio=0) for out in resampler.resample(frame)]
    samples = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    return loudness(AudioChunk(samples, 16000, 0.0))


def mouth_of(path: Path) -> Track:
    """How open the mouth is in the file, by MediaPipe itself and nothing of ours."""
    from mediapipe.python.solutions.face_mesh import FaceMesh

    times, gaps = [], []
    with av.open(str(path)) as file, FaceMesh(max_num_faces=1) as mesh:
        for frame in file.decode(video=0):
            found = mesh.process(frame.to_ndarray(format="rgb24")).multi_face_landmarks
            assert found, f"no face at {frame.time} s"
            points = found[0].landmark
            times.append(frame.time)
            gaps.append((points[14].y - points[13].y) / (points[152].y - points[10].y))
    return Track(np.array(times), np.array(gaps))


@pytest.mark.filterwarnings("ignore")  # MediaPipe's own use of protobuf
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_lips_in_the_file_follow_the_voice_in_the_file(folder, language):
    path = folder / f"demo-{language}.mp4"
    skew = measure_skew(voice_of(path), mouth_of(path))
    assert abs(skew.seconds) <= 0.04
    assert skew.confidence > 0.25  # the original voice is still heard under the other


def test_both_clips_say_that_they_are_synthetic(folder):
    for language in ("en", "es"):
        with av.open(str(folder / f"demo-{language}.mp4")) as file:
            assert "synthetic" in file.metadata["comment"]


def test_a_folder_that_is_none_is_said(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "demo", str(tmp_path / "nowhere")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 7
    assert "does not exist" in done.stderr
