from dataclasses import replace

import pytest

from app.desktop.offer import offer
from core.config import Config, Devices, Engines, Languages
from core.devices import SoundInfo
from engines.models.store import Installed


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


def test_where_and_whose_the_others_sound_is_can_be_chosen(monkeypatch):
    for name in ("_cameras", "_microphones"):
        monkeypatch.setattr(f"app.desktop.offer.{name}", list)
    heard = []
    monkeypatch.setattr(
        "engines.headphones.listing.outputs",
        lambda hearing: (
            heard.append(hearing)
            or [SoundInfo("Headset", "usb"), SoundInfo("Voice", "ours", ours=True)]
        ),
    )
    monkeypatch.setattr("engines.programs.playing.playing", lambda: ("Zoom",))
    found = offer(Config(devices=Devices(microphone="Desk Microphone"))).options
    assert [one.value for one in found["others.output"]] == ["", "Headset"]
    assert [one.value for one in found["others.source"]] == ["", "Zoom", "Headset"]
    assert heard == ["Desk Microphone"] * 2


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


@pytest.mark.parametrize(
    ("engine", "languages", "detect"),
    [("auto", ("*",), True), ("auto", ("en",), False), ("sphinx", ("*",), False)],
)
def test_finding_out_the_language_is_offered_with_a_model_for_many(
    monkeypatch, tmp_path, engine, languages, detect
):
    monkeypatch.setattr("app.desktop.offer._cameras", list)
    monkeypatch.setattr("app.desktop.offer._microphones", list)
    monkeypatch.setattr("engines.mt.modes.installed", lambda: {("en", "es"): "", ("de", "fr"): ""})
    model = Installed("small", "stt", tmp_path, languages=languages)
    monkeypatch.setattr(
        "engines.models.store.installed", lambda kind="": (model,) if kind == "stt" else ()
    )
    found = offer(Config(engines=Engines(stt=engine)))
    assert (found.detect, bool(found.no_detection)) == (detect, not detect)
    assert found.targets.get("auto", ()) == (("es", "fr") if detect else ())
