"""The PipeWire camera as a real browser sees it."""

import base64
import io
import itertools
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.devices import CAMERA_NAME
from core.errors import DeviceUnavailable
from engines.virtual_camera.build import build
from tests.audio_servers import AudioServer, audio_server, wait_until
from tests.chromium import Page, chromium
from tests.desktop_session import desktop_session
from tests.feeding import feeding
from tests.numbered_pictures import BAR, number_of, numbered, scene

PAGE = Path(__file__).with_name("camera_page.html")
OPEN = f"page.open({json.dumps(CAMERA_NAME)})"
TRY = f"{OPEN}.then(page.began, () => false)"


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


@pytest.fixture(scope="module")
def desktop() -> Iterator[AudioServer]:
    with desktop_session() as desktop:
        yield desktop


@pytest.fixture
def page(desktop: AudioServer, tmp_path: Path) -> Iterator[Page]:
    with chromium(desktop.environment, tmp_path / "chromium") as browser:
        yield browser.open(PAGE)


def opened(page: Page) -> None:
    """Tries as a meeting program does: the camera may come to the browser's knowledge a little
    after it is there, and a browser that learns of another one just then may drop it again."""
    wait_until(lambda: page.run(TRY), "a first picture")


def numbers(page: Page) -> list[int]:
    return [frame[0] for frame in page.run("page.frames")]


def test_a_browser_lists_the_camera_and_gets_thirty_pictures_a_second(desktop, page):
    with feeding(desktop.environment, "pipewire") as feeder:
        opened(page)
        assert ["videoinput", CAMERA_NAME] in page.run("page.list()")
        page.wait_for("page.frames.length > 120")
        frames = page.run("page.frames")[5:]
    assert {tuple(frame[2:]) for frame in frames} == {(1280, 720)}
    steps = np.diff([frame[0] for frame in frames])
    assert steps.min() == 1, "no picture comes twice or too late"
    assert np.mean(steps == 1) > 0.9, "next to none is left out, on a busy machine too"
    rate = steps.sum() / (frames[-1][1] - frames[0][1]) * 1e6
    assert rate == pytest.approx(30, abs=1.5)
    assert feeder.camera["backend"] == "pipewire"


def test_the_picture_that_arrives_is_the_one_that_was_sent(desktop, page):
    with feeding(desktop.environment, "pipewire"):
        opened(page)
        sheet = io.BytesIO(base64.b64decode(page.run("page.picture()")))
    got = np.asarray(Image.open(sheet).convert("RGB"))
    sent = numbered(scene(), number_of(got[BAR // 2].mean(axis=1)))
    assert got.shape == sent.shape

    def psnr(other: np.ndarray) -> float:
        return float(10 * np.log10(255**2 / np.mean((got.astype(float) - other) ** 2)))

    assert psnr(sent) > 35
    assert psnr(sent[:, ::-1]) < 20, "it is not mirrored"


def test_the_one_who_feeds_it_is_told_whether_anybody_looks(desktop, page):
    with feeding(desktop.environment, "pipewire") as feeder:
        opened(page)
        feeder.wait_until_watched(True)
        page.run("page.stop()")
        feeder.wait_until_watched(False)


def test_a_browser_that_looked_for_the_camera_before_it_was_there_finds_it(desktop, page):
    with pytest.raises(RuntimeError, match="NotFound"):
        page.run(OPEN)
    with feeding(desktop.environment, "pipewire"):
        opened(page)


def test_after_an_end_and_a_second_start_the_same_browser_gets_pictures(desktop, page):
    for _ in range(2):
        with feeding(desktop.environment, "pipewire"):
            opened(page)
            page.wait_for("page.frames.length > 10")
            page.run("page.stop()")


def test_when_who_feeds_it_is_killed_the_browser_notices_and_may_open_it_again(desktop, page):
    with feeding(desktop.environment, "pipewire") as feeder:
        opened(page)
        feeder.kill()
    # Chromium shows the last picture until somebody asks what devices there are.
    page.wait_for("page.list().then(() => page.ended)")
    with feeding(desktop.environment, "pipewire"):
        opened(page)
        counted = numbers(page)
        assert all(after > before for before, after in itertools.pairwise(counted))


def nodes(server: AudioServer) -> list[str]:
    done = subprocess.run(["pw-dump"], env=server.environment, capture_output=True, text=True)
    found = json.loads(done.stdout or "[]")
    props = [one.get("info", {}).get("props", {}) for one in found if one.get("info")]
    return [prop.get("node.description", "") for prop in props]


def test_the_camera_comes_back_with_pipewire():
    with audio_server("pipewire") as server, feeding(server.environment, "pipewire") as feeder:
        wait_until(lambda: CAMERA_NAME in nodes(server), "the camera appearing")
        server.restart()
        wait_until(lambda: CAMERA_NAME in nodes(server), "the camera coming back")
        assert feeder.process.poll() is None
