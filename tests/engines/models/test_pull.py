import errno
import os
import subprocess
import sys
import threading
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import CannotWrite, EngineUnavailable, Interrupted, UsageError
from engines.models.check import damage
from engines.models.pull import pull
from engines.models.store import File, installed
from engines.models.transfer import Damaged

BIG = bytes(range(256)) * 20000


@pytest.fixture
def files(hub):
    hub.files = {"voices/es/voice.onnx": BIG, "voices/es/voice.onnx.json": b"{}"}
    return hub.files


def test_a_model_arrives_whole_with_its_hashes_and_is_found(hub, files, tmp_path):
    told = []
    model = pull(hub.entry(), lambda *n: told.append(n) or True, accept=True, folder=tmp_path)
    assert (model.folder / "voice.onnx").read_bytes() == BIG
    assert installed("tts", folder=tmp_path) == (model,)
    assert damage(model) == ()
    assert told[-1] == (len(BIG) + 2, len(BIG) + 2)
    assert [n for n, _ in told] == sorted(n for n, _ in told)
    seen = {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")}
    assert seen == {"licences.json", "tiny"}


def test_a_model_that_is_here_is_not_fetched_again(hub, files, tmp_path):
    pull(hub.entry(), accept=True, folder=tmp_path)
    asked = len(hub.asked)
    pull(hub.entry(), folder=tmp_path)
    assert len(hub.asked) == asked


def test_connections_that_break_are_taken_up_where_they_broke(hub, files, tmp_path):
    hub.cuts = 3
    model = pull(hub.entry(), accept=True, folder=tmp_path)
    assert (model.folder / "voice.onnx").read_bytes() == BIG
    assert hub.sent == len(BIG) + 2
    assert next(given for _, _, given in hub.asked if given).startswith("bytes=")


def test_a_server_that_cannot_take_up_a_transfer_sends_it_all_again(hub, files, tmp_path):
    hub.cuts, hub.deaf = 1, True
    model = pull(hub.entry(), accept=True, folder=tmp_path)
    assert (model.folder / "voice.onnx").read_bytes() == BIG


def test_a_connection_that_keeps_breaking_is_told_and_the_next_try_goes_on(hub, files, tmp_path):
    hub.cuts = 99
    with pytest.raises(EngineUnavailable, match="in part"):
        pull(hub.entry(), accept=True, folder=tmp_path)
    assert installed(folder=tmp_path) == ()
    sent, hub.cuts = hub.sent, 0
    pull(hub.entry(), folder=tmp_path)
    assert sent > len(BIG) // 2
    assert hub.sent == len(BIG) + 2


def test_a_download_that_is_stopped_goes_on_from_there(hub, files, tmp_path):
    with pytest.raises(Interrupted):
        pull(hub.entry(), lambda done, whole: done < len(BIG) // 2, accept=True, folder=tmp_path)
    assert installed(folder=tmp_path) == ()
    hub.asked.clear()
    model = pull(hub.entry(), folder=tmp_path)
    assert (model.folder / "voice.onnx").read_bytes() == BIG
    assert any(given for _, _, given in hub.asked)


def test_other_bytes_than_promised_are_thrown_away_and_a_good_model_stays(hub, files, tmp_path):
    pull(hub.entry(), accept=True, folder=tmp_path)
    files["voices/es/voice.onnx"] = BIG[:-1] + b"!"
    hub.swapped.add("voices/es/voice.onnx")
    newer = replace(hub.entry(), files=tuple(map(File, files)), revision="abc")
    (tmp_path / "tiny" / "model.json").write_text(
        (tmp_path / "tiny" / "model.json").read_text().replace('"abc"', '"older"')
    )
    with pytest.raises(Damaged, match="not the file that was promised"):
        pull(newer, folder=tmp_path)
    assert (tmp_path / "tiny" / "voice.onnx").read_bytes() == BIG
    assert not list(tmp_path.rglob("*.part"))


def test_a_hash_that_the_catalogue_knows_goes_before_the_hubs(hub, files, tmp_path):
    wrong = File("voices/es/voice.onnx", 0, "0" * 64)
    with pytest.raises(Damaged):
        pull(replace(hub.entry(), files=(wrong,)), accept=True, folder=tmp_path)


def test_an_empty_file_is_no_model(hub, tmp_path):
    hub.files = {"voice.onnx": b""}
    with pytest.raises(EngineUnavailable):
        pull(hub.entry(), accept=True, folder=tmp_path)
    assert installed(folder=tmp_path) == ()


def test_a_file_that_the_hub_lacks_is_named(hub, files, tmp_path):
    lost = replace(hub.entry(), files=(File("lost.onnx"),))
    with pytest.raises(EngineUnavailable, match=r"lost\.onnx of someone/tiny cannot be had"):
        pull(lost, accept=True, folder=tmp_path)


def test_without_a_network_the_user_is_told_so(hub, files, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(EngineUnavailable, match="does not answer"):
        pull(hub.entry(), accept=True, folder=tmp_path)


def test_without_room_nothing_is_fetched(hub, files, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10, 9, 1000))
    with pytest.raises(CannotWrite, match=r"MB are free"):
        pull(hub.entry(), accept=True, folder=tmp_path)
    assert not [asked for asked in hub.asked if asked[0] == "GET"]


def test_a_disk_that_gets_full_on_the_way_is_told_and_a_good_model_stays(
    hub, files, tmp_path, monkeypatch
):
    opened = Path.open

    def full(path, mode="r", *args, **kwargs):
        if path.name.endswith(".part") and "b" in mode and mode[0] in "aw":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opened(path, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(CannotWrite, match="No space left"):
        pull(hub.entry(), accept=True, folder=tmp_path)
    assert installed(folder=tmp_path) == ()


def test_a_licence_is_accepted_once_and_one_against_commerce_for_each_model(hub, files, tmp_path):
    with pytest.raises(UsageError, match=r"MIT \(https://example.org/mit\).*--accept-licence"):
        pull(hub.entry(), folder=tmp_path)
    assert hub.asked == []
    pull(hub.entry(), accept=True, folder=tmp_path)
    pull(hub.entry("other"), folder=tmp_path)
    private = {"licence": "CPML", "commercial": False}
    pull(hub.entry("one", **private), accept=True, folder=tmp_path)
    with pytest.raises(UsageError, match="Commercial use is not allowed"):
        pull(hub.entry("two", **private), folder=tmp_path)


def test_two_at_once_fetch_it_once(hub, files, tmp_path):
    hub.gate.clear()
    done = []
    threads = [
        threading.Thread(
            target=lambda: done.append(pull(hub.entry(), accept=True, folder=tmp_path))
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    hub.gate.set()
    for thread in threads:
        thread.join(30)
    assert done[0].folder == done[1].folder
    assert hub.sent == len(BIG) + 2


KILLED = """
import os, sys
from pathlib import Path
from engines.models.catalogue import Entry
from engines.models.pull import pull
from engines.models.store import File
entry = Entry("tiny", "tiny", "tts", "", ("es",), "MIT", "", True, 1, "someone/tiny", "abc",
    (File("voices/es/voice.onnx"), File("voices/es/voice.onnx.json")))
enough = lambda done, whole: done < 1000000 or os._exit(9)
pull(entry, enough, accept=True, folder=Path(sys.argv[1]))
"""


def test_a_process_that_is_killed_leaves_what_the_next_one_goes_on_with(hub, files, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}\n{KILLED}", tmp_path],
        timeout=60,
        check=False,
    )
    assert ended.returncode == 9
    assert installed(folder=tmp_path) == ()
    hub.asked.clear()
    model = pull(hub.entry(), folder=tmp_path)
    assert (model.folder / "voice.onnx").read_bytes() == BIG
    assert any(given for _, _, given in hub.asked)


def test_a_model_that_does_not_work_takes_no_place(hub, files, tmp_path):
    with pytest.raises(EngineUnavailable, match=r"cannot be loaded|does not describe"):
        pull(hub.entry(form="piper"), accept=True, folder=tmp_path)
    assert installed(folder=tmp_path) == ()
