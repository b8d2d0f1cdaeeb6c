"""The window over the real session, on the demo speaker, with nothing but the screen faked."""

import shutil
from dataclasses import replace

import pytest

from app.desktop.program import Desktop, application
from app.desktop.recent_log import RecentLog
from app.desktop.services import DesktopServices
from core.config import Config
from core.events import State
from core.live import Voiced
from ui.services import Offer

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("apertium"), reason="apertium is not installed"),
]

LOADING, TALKING = 120_000, 90_000


class Services(DesktopServices):
    def offer(self, config):
        return Offer(sources=("en",), targets={"en": ("es",)})


@pytest.fixture
def desktop(qtbot, tmp_path):
    application("en")
    services = Services(tmp_path / "settings.toml", RecentLog())
    services.first_run = False
    devices = replace(
        Config().devices,
        camera="demo",
        microphone="demo",
        virtual_camera="off",
        virtual_microphone="off",
    )
    desktop = Desktop(services, replace(Config(), devices=devices))
    yield desktop
    desktop.close()


def whole(window):
    """Captions that are there in both languages."""
    return [one for one in window.conversation.captions() if one.source and one.translation]


def test_the_demo_speaker_is_translated_in_the_window(qtbot, desktop, tmp_path):
    window, model = desktop.window, desktop.model
    desktop.open()
    qtbot.waitUntil(lambda: window.preview._after.image is not None, timeout=LOADING)
    window.controls.start.click()
    qtbot.waitUntil(lambda: model.state in (State.RUNNING, State.FAILED), timeout=LOADING)
    assert model.state is State.RUNNING, model.status.reason

    qtbot.waitUntil(lambda: len(whole(window)) >= 2, timeout=TALKING)
    assert {"stt", "mt", "tts", "lips"} <= set(window.rungs.rows)
    model.set("segmentation.drop_db", -30.0)

    window.controls.panic.click()
    qtbot.waitUntil(lambda: model.status.voiced is Voiced.ORIGINAL)
    window.controls.panic.click()
    qtbot.waitUntil(lambda: model.status.voiced is Voiced.TRANSLATED)

    window.controls.start.click()
    qtbot.waitUntil(lambda: not model.at_work, timeout=30_000)
    desktop.pages.transcript().write(tmp_path / "talk.srt")
    text = (tmp_path / "talk.srt").read_text("utf-8")
    assert text.startswith("1\n00:00:")
    for caption in whole(window):
        assert caption.source.split()[0] in text
        assert caption.translation.split()[0] in text
