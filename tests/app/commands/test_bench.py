"""What `bench` refuses before it measures anything."""

import wave

import pytest

from app.commands import bench
from core.errors import CannotWrite, UnreadableInput, UsageError


@pytest.fixture(autouse=True)
def nothing_is_measured(monkeypatch):
    monkeypatch.setattr(bench, "measure", lambda *words: pytest.fail("it began to measure"))


def test_a_clip_that_is_not_there_or_is_none(tmp_path):
    (tmp_path / "words.mp4").write_text("These are words.")
    for name in ("absent.mp4", "words.mp4"):
        with pytest.raises(UnreadableInput, match=name):
            bench.run("visual", None, [tmp_path / name])


def test_a_file_for_figures_that_could_not_be_written(tmp_path):
    with pytest.raises(CannotWrite, match="folder does not exist"):
        bench.run("rings", tmp_path / "absent" / "rings.json", ())


def test_figures_that_would_take_the_place_of_a_clip(tmp_path):
    clip = _silence(tmp_path / "voice.wav")
    with pytest.raises(UsageError, match="an input"):
        bench.run("enhance", clip, [clip])


def _silence(path):
    with wave.open(str(path), "wb") as written:
        written.setparams((1, 2, 16_000, 0, "NONE", ""))
        written.writeframes(bytes(3_200))
    return path


def test_folders_of_sound_and_networks_are_for_the_bench_that_takes_them(tmp_path, monkeypatch):
    network, measured = tmp_path / "other.onnx", []
    network.touch()
    _silence(tmp_path / "voice.wav")
    monkeypatch.setattr(bench, "measure", lambda *words: measured.append(words))
    bench.run("enhance", None, [tmp_path, network])
    assert measured == [("enhance", None, [tmp_path, network], "")]
    for given in (tmp_path, network):
        with pytest.raises(UnreadableInput):
            bench.run("visual", None, [given])


def test_a_folder_of_networks_is_for_the_bench_that_takes_them(tmp_path, monkeypatch):
    measured = []
    monkeypatch.setattr(bench, "measure", lambda *given: measured.append(given))
    (tmp_path / "other.onnx").touch()
    bench.run("enhance", None, [tmp_path])
    assert measured[0][2] == [tmp_path]
    with pytest.raises(UnreadableInput, match="folder"):
        bench.run("visual", None, [tmp_path])


def test_a_folder_that_holds_no_sound_or_something_else_of_its_name(tmp_path):
    with pytest.raises(UnreadableInput, match="folder"):
        bench.run("enhance", None, [tmp_path])
    (tmp_path / "words.wav").write_text("These are words.")
    with pytest.raises(UnreadableInput, match="words"):
        bench.run("enhance", None, [tmp_path])


def test_clips_and_devices_for_a_bench_that_has_no_use_for_them(tmp_path):
    with pytest.raises(UsageError, match="takes no clips"):
        bench.run("rings", None, [tmp_path])
    with pytest.raises(UsageError, match="no choice of device"):
        bench.run("rings", None, (), "cuda")
