from dataclasses import replace

import pytest

from app.card import ABSENT, absence, device_of, wanted
from app.engine_options import engine_options
from core.config import Cards, Config, Models
from engines import device


@pytest.fixture
def cards(monkeypatch):
    """Sets how many there are."""

    def have(count):
        monkeypatch.setattr(device.ctranslate2, "get_cuda_device_count", lambda: count)

    return have


def config(common="auto", **named: str) -> Config:
    return replace(Config(), models=Models(device=common), cards=Cards(**named))


def test_each_stage_has_the_card_that_is_named_for_it_and_the_rest_the_common_one():
    here = config("cpu", lips="cuda:1", stt="cuda:0")
    assert [device_of(kind, here) for kind in ("stt", "mt", "tts", "lips")] == [
        "cuda:0", "cpu", "cpu", "cuda:1",
    ]  # fmt: skip
    told = {kind: engine_options(kind, here) for kind in ("stt", "mt", "tts", "lips")}
    assert told["stt"]["whisper"]["device_name"] == "cuda:0"
    assert told["mt"]["opus"]["device_name"] == "cpu"
    assert told["tts"]["xtts"]["device_name"] == "cpu"
    assert told["lips"]["wav2lip"] == {"device_name": "cuda:1", "memory": 0.85}


@pytest.mark.parametrize(
    ("count", "settings", "said"),
    [
        (0, config(), []),
        (0, config("cuda"), [ABSENT]),
        (2, config("cuda", lips="cuda:1"), []),
        (0, config(lips="cuda:1"), ["cuda:1", "cards.lips", "the processor works instead"]),
        (1, config(lips="cuda:1"), ["cuda:1", "cards.lips", "the first one works instead"]),
        (1, config(lips="cuda:0", mt="cuda:3"), ["cuda:3", "cards.mt"]),
    ],
)
def test_a_card_that_is_not_here_is_said_with_what_works_instead(cards, count, settings, said):
    cards(count)
    told = absence(settings)
    assert all(one in told for one in said)
    assert bool(told) is bool(said)
    assert "cuda:0" not in told


def test_a_card_that_is_named_is_wanted():
    assert wanted(config(tts="cuda:0")) and wanted(config("cuda"))
    assert not wanted(config(tts="cpu"))
