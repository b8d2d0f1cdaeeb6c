from dataclasses import replace

from app.desktop.offer import offer
from core.config import Config, Languages


def test_what_this_machine_has_is_offered(monkeypatch):
    monkeypatch.setattr("app.desktop.offer._cameras", list)
    monkeypatch.setattr("app.desktop.offer._microphones", list)
    found = offer(replace(Config(), languages=Languages(target="fr")))
    assert "en" in found.sources
    assert not found.detect and found.no_detection
    assert found.options["engines.stt"][0].value == "auto"
    assert "fake" not in [one.value for one in found.options["engines.stt"]]
    assert [one.value for one in found.options["devices.virtual_camera"]][-1] == "off"
    assert any(one.title.startswith("French") for one in found.options["voice.name"])


def test_only_pairs_that_can_be_translated_and_spoken_are_offered(monkeypatch):
    monkeypatch.setattr("app.desktop.offer._cameras", list)
    monkeypatch.setattr("app.desktop.offer._microphones", list)
    monkeypatch.setattr(
        "engines.mt.modes.installed", lambda: {("en", "es"): "", ("es", "xx"): "", ("de", "fr"): ""}
    )
    monkeypatch.setattr("engines.models.store.installed", lambda kind="": ())
    found = offer(Config())
    assert found.sources == ("en",)
    assert found.targets["en"] == ("es",)
