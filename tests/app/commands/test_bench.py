"""What `bench` refuses before it measures anything."""

import pytest

from app.commands import bench
from core.errors import CannotWrite, UnreadableInput, UsageError


@pytest.fixture(autouse=True)
def nothing_is_measured(monkeypatch):
    monkeypatch.setattr(bench, "measure", lambda *words: pytest.fail("it began to measure"))


def test_a_clip_that_is_not_there(tmp_path):
    with pytest.raises(UnreadableInput, match=r"no file .*absent\.mp4"):
        bench.run("visual", None, [tmp_path / "absent.mp4"])


def test_a_file_for_figures_that_could_not_be_written(tmp_path):
    with pytest.raises(CannotWrite, match="folder does not exist"):
        bench.run("rings", tmp_path / "absent" / "rings.json", ())


def test_figures_that_would_take_the_place_of_a_clip(tmp_path):
    clip = tmp_path / "clip.mp4"
    clip.touch()
    with pytest.raises(UsageError, match="an input"):
        bench.run("visual", clip, [clip])


def test_clips_and_devices_for_a_bench_that_has_no_use_for_them(tmp_path):
    with pytest.raises(UsageError, match="takes no clips"):
        bench.run("rings", None, [tmp_path])
    with pytest.raises(UsageError, match="no choice of device"):
        bench.run("rings", None, (), "cuda")
