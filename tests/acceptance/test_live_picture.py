"""The live session in a real meeting program: camera and microphone together, in Chromium."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from core.devices import CAMERA_NAME, MICROPHONE_NAME, RATE
from core.errors import DeviceUnavailable
from core.types import Frame
from engines.media.writer import MediaWriter, PictureFormat
from engines.virtual_camera.build import build
from tests.audio_servers import AudioServer, wait_until
from tests.chromium import Page, chromium
from tests.desktop_session import desktop_session


def library() -> str:
    """Why there can be no PipeWire camera here."""
    try:
        build()
    except DeviceUnavailable as exc:
        return str(exc)
    return ""


pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.device,
    pytest.mark.skipif(bool(library()), reason=library()),
]

PAGE = Path(__file__).with_name("live_page.html")
JOIN = f"page.join({json.dumps(CAMERA_NAME)}, {json.dumps(MICROPHONE_NAME)})"
FLASH = 0.2
SECONDS = 40


@pytest.fixture(scope="module")
def flashes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each second the picture turns white and a tone sounds, both for a fifth of it."""
    path = tmp_path_factory.mktemp("flashes") / "flashes.mp4"
    with MediaWriter(path, None, PictureFormat(1280, 720, 30), language="en") as writer:
        tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
        tone *= np.arange(RATE) < FLASH * RATE
        sound = np.repeat(tone.astype(np.float32)[:, None], 2, axis=1)
        dark, light = (np.full((720, 1280, 3), level, np.uint8) for level in (30, 220))
        for second in range(SECONDS):
            for number in range(30):
                image = light if number < FLASH * 30 else dark
                writer.write_frame(Frame(image, second + number / 30, second * 30 + number))
            writer.write_sound(sound)
        return writer.finish()


@contextmanager
def session(desktop: AudioServer, folder: Path, *options: object) -> Iterator[Path]:
    log = folder / "log"
    words = [sys.executable, "-m", "app.main", "run", "--headless", *map(str, options)]
    with log.open("wb") as file:
        process = subprocess.Popen(words, env=desktop.environment, stdout=file, stderr=file)
    try:
        yield log
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


@contextmanager
def meeting(desktop: AudioServer, folder: Path) -> Iterator[Page]:
    with chromium(desktop.environment, folder / "chromium") as browser:
        page = browser.open(PAGE)
        wait_until(lambda: page.run(f"{JOIN}.then(() => true, () => false)"), "both devices", 60)
        yield page


def test_a_meeting_gets_picture_and_sound_of_the_original_together(flashes, tmp_path):
    source = f"file:{flashes}"
    options = ["--passthrough", "--camera", source, "--microphone", source]
    with (
        desktop_session() as desktop,
        session(desktop, tmp_path, *options, "--virtual-camera", "pipewire") as log,
        meeting(desktop, tmp_path) as page,
    ):
        wait_until(lambda: "Virtual camera: Translated Camera" in log.read_text(), "the camera")
        labels = page.run("page.list()")
        page.wait_for("page.lights.length > 300")
        lights, sounds = page.run("page.lights")[30:], page.run("page.sounds")[30:]
        size = page.run("page.size")
    assert ["videoinput", CAMERA_NAME] in labels
    assert ["audioinput", MICROPHONE_NAME] in labels
    assert size == [1280, 720]
    assert 1000 * (len(lights) - 1) / (lights[-1][0] - lights[0][0]) == pytest.approx(30, abs=2)
    skews = pairs(onsets_seen(lights), onsets_heard(sounds))
    print(f"picture after sound: {1000 * np.median(skews):.0f} ms (median of {len(skews)})")
    assert len(skews) >= 5
    assert abs(np.median(skews)) < 0.1


def onsets_seen(lights: list[list[float]]) -> np.ndarray:
    moments, levels = np.array(lights).T
    rises = np.flatnonzero((levels[1:] > 128) & (levels[:-1] <= 128)) + 1
    return np.asarray(moments[rises] / 1000)


def onsets_heard(sounds: list[list[float]]) -> np.ndarray:
    """Loud places with nothing loud in the half second before."""
    found: list[float] = []
    last = -1.0
    for came, length, loud in sounds:
        if loud >= 0:
            moment = came / 1000 - length + loud
            if moment - last > 0.5:
                found.append(moment)
            last = came / 1000
    return np.array(found)


def pairs(seen: np.ndarray, heard: np.ndarray) -> list[float]:
    """How much later each flash was seen than its tone was heard."""
    near = [seen[np.abs(seen - one).argmin()] - one for one in heard] if len(seen) else []
    return [gap for gap in near if abs(gap) < 0.4]
