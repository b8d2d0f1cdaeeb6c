import errno
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from app import side_files
from app.side_files import caption_files, refuse, write_text
from core.errors import CannotWrite, UsageError


def check(path, folder, overwrite=False):
    refuse([path], folder / "in.mp4", folder / "out.mp4", overwrite=overwrite)


def test_a_caption_file_is_named_after_its_language(tmp_path):
    files = caption_files(tmp_path / "out.mp4", ("srt", "vtt"), ("en", "es"))
    assert [file.name for file in files] == ["out.en.srt", "out.es.srt", "out.en.vtt", "out.es.vtt"]


def test_a_new_file_is_fine(tmp_path):
    check(tmp_path / "told.json", tmp_path)


@pytest.mark.parametrize("name", ["in.mp4", "out.mp4", "./sub/../in.mp4"])
def test_the_clip_is_never_written_over_even_by_force(tmp_path, name):
    (tmp_path / "sub").mkdir()
    with pytest.raises(UsageError):
        check(tmp_path / name, tmp_path, overwrite=True)


def test_a_link_to_the_clip_is_the_clip(tmp_path):
    (tmp_path / "in.mp4").write_bytes(b"film")
    (tmp_path / "told.json").symlink_to(tmp_path / "in.mp4")
    with pytest.raises(UsageError):
        check(tmp_path / "told.json", tmp_path, overwrite=True)


def test_two_reports_to_one_file_are_refused(tmp_path):
    twice = [tmp_path / "a.json", tmp_path / "a.json"]
    with pytest.raises(UsageError):
        refuse(twice, tmp_path / "in.mp4", tmp_path / "out.mp4", overwrite=True)


def test_an_existing_file_is_replaced_only_by_force(tmp_path):
    (tmp_path / "told.json").write_text("precious")
    with pytest.raises(CannotWrite, match="--force"):
        check(tmp_path / "told.json", tmp_path)
    check(tmp_path / "told.json", tmp_path, overwrite=True)


@pytest.mark.parametrize("name", ["", ".", "nofolder/told.json"])
def test_what_cannot_be_a_file_is_said(tmp_path, name):
    with pytest.raises(CannotWrite):
        check(tmp_path / name, tmp_path)


def test_a_text_that_does_not_fit_on_the_disk_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    path.write_text("from before")

    def full(path, text):
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(side_files, "_write", full)
    with pytest.raises(CannotWrite, match="the disk is full"):
        side_files.write_text(path, "anew")
    assert [one.name for one in tmp_path.iterdir()] == ["report.json"]
    assert path.read_text() == "from before"


def test_a_name_that_is_no_utf_8_survives_in_a_report(tmp_path):
    path = tmp_path / "report.json"
    side_files.write_text(path, json.dumps("bad\udcff.mp4", ensure_ascii=False))
    assert json.loads(path.read_text("utf-8")) == "bad\udcff.mp4"


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    side_files.write_text(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "text"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names there")
def test_a_pipe_takes_a_text_and_stays_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as threads:
        heard = threads.submit(pipe.read_text)
        side_files.write_text(pipe, "text")
        assert heard.result(10) == "text"
    assert pipe.is_fifo()


def test_who_may_read_a_file_may_read_what_replaces_it(tmp_path):
    (tmp_path / "a.json").touch(0o600)
    write_text(tmp_path / "a.json", "{}")
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="the system has no such name")
def test_the_output_goes_on_behind_what_was_written_to_it_by_name(tmp_path):
    program = """
import sys
from pathlib import Path
from app.side_files import write_text
print("before", flush=True)
write_text(Path("/dev/stdout"), "{}\\n")
print("after", flush=True)
"""
    with open(tmp_path / "log", "a") as log:
        subprocess.run((sys.executable, "-c", program), stdout=log, check=True)
    assert (tmp_path / "log").read_text().split() == ["before", "{}", "after"]
