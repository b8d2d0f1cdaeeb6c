import pytest

from core.errors import UsageError
from engines import device as module
from engines.device import Device, device


@pytest.fixture
def cards(monkeypatch):
    def have(count):
        monkeypatch.setattr(module, "lacking", lambda: "")
        monkeypatch.setattr(module.ctranslate2, "get_cuda_device_count", lambda: count)
        monkeypatch.setattr(
            module.ctranslate2, "get_supported_compute_types", lambda name: {"int8", "float16"}
        )

    return have


def test_without_a_card_the_processor_computes_in_eight_bits(cards):
    cards(0)
    assert device("auto") == device("cpu") == Device("cpu", "int8")
    assert device("auto").note == "int8 on the processor"


def test_a_card_is_taken_unless_the_processor_is_wanted(cards):
    cards(1)
    assert device("auto") == device("cuda") == Device("cuda", "float16")
    assert device("cpu").name == "cpu"


def test_a_card_that_is_asked_for_in_vain_leaves_the_processor_and_a_note(cards):
    cards(0)
    assert device("cuda").name == "cpu"
    assert device("cuda").note == (
        "int8 on the processor since CUDA, which was asked for, is not found"
    )


@pytest.mark.parametrize(
    ("count", "found", "place"),
    [
        (0, Device("cpu", "int8", absent=True), "CUDA, which was asked for, is not found"),
        (1, Device("cuda", "float16", absent=True), "on the graphics card since another one"),
        (2, Device("cuda", "float16", card=1), "on graphics card 1"),
    ],
)
def test_the_second_card_is_taken_where_there_are_two(cards, count, found, place):
    cards(count)
    assert device("cuda:1") == found
    assert place in found.note
    assert device("cuda:0").card == 0


def test_a_card_without_its_libraries_is_no_card_and_which_is_missing_is_said(
    cards, monkeypatch, caplog
):
    cards(1)
    monkeypatch.setattr(module, "lacking", lambda: "libcublas.so.12")
    assert device("cuda") == Device("cpu", "int8", absent=True)
    assert "libcublas.so.12" in caplog.text


def test_a_driver_that_is_half_installed_is_no_card(cards, monkeypatch):
    cards(0)

    def broken():
        raise RuntimeError("CUDA driver version is insufficient")

    monkeypatch.setattr(module.ctranslate2, "get_cuda_device_count", broken)
    assert device("cuda").absent


def test_a_device_that_there_is_not_is_refused():
    for wish in ("abacus", "cuda:", "cuda:x", "cuda:-1"):
        with pytest.raises(UsageError, match="auto, cpu, cuda"):
            device(wish)
