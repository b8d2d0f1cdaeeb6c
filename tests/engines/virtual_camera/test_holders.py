import contextlib
import os
import subprocess
import sys

import pytest

from engines.virtual_camera import holders as module
from engines.virtual_camera.holders import Readers, has_writer, holders, programs

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")


@pytest.fixture
def device(tmp_path):
    path = tmp_path / "video10"
    path.touch()
    return str(path)


@contextlib.contextmanager
def opened(path: str, flags: int):
    """Another program that has it open, once its number is printed."""
    script = f"import os, sys\nos.open({path!r}, {flags})\nprint(flush=True)\nsys.stdin.read()"
    words = [sys.executable, "-c", script]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        program.stdout.readline()
        yield program


def test_who_reads_and_who_writes_is_told_by_name_and_this_process_is_not_counted(device):
    with opened(device, os.O_RDWR) as reader, opened(device, os.O_WRONLY) as writer, open(device):
        found = {holder.process: holder for holder in holders(device)}
    assert set(found) == {reader.pid, writer.pid}
    assert not found[reader.pid].only_writes
    assert found[writer.pid].only_writes
    assert found[reader.pid].program.startswith("python")


def test_a_name_that_leads_to_the_device_is_as_good(device, tmp_path):
    link = tmp_path / "by-name"
    link.symlink_to(device)
    with opened(device, os.O_RDONLY):
        assert programs(str(link)).startswith("python")


def test_only_who_cannot_read_counts_as_a_writer(device):
    with opened(device, os.O_RDWR):
        assert not has_writer(device)
    with opened(device, os.O_WRONLY):
        assert has_writer(device)


class Kernel:
    """How often devices are open, which devices there are, and how often they were asked about."""

    def __init__(self) -> None:
        self.references: int | None = 1
        self.devices = ["/dev/video10"]
        self.open: dict[str, int] = {}
        self.asked = 0
        self.now = 0.0

    def holders(self, path: str) -> list[module.Holder]:
        self.asked += 1
        times = self.open.get(path, 0)
        return [module.Holder(7, "zoom", times)] if times else []


@pytest.fixture
def kernel(monkeypatch):
    kernel = Kernel()
    monkeypatch.setattr(module, "_references", lambda: kernel.references)
    monkeypatch.setattr(module, "_devices", lambda: kernel.devices)
    monkeypatch.setattr(module, "holders", kernel.holders)
    return kernel


@pytest.fixture
def readers(kernel):
    return Readers("/dev/video10", clock=lambda: kernel.now)


def test_with_nobody_but_us_nobody_is_looked_for(kernel, readers):
    assert readers.watched is False
    assert kernel.asked == 0


def test_processes_are_gone_through_only_when_the_count_changes(kernel, readers):
    kernel.references, kernel.open = 2, {"/dev/video10": 1}
    assert [readers.watched for _ in range(50)] == [True] * 50
    assert kernel.asked == 1
    kernel.references, kernel.open = 1, {}
    assert readers.watched is False


def test_a_swap_of_readers_is_noticed_a_little_later(kernel, readers):
    kernel.devices = ["/dev/video10", "/dev/video11"]
    kernel.references, kernel.open = 2, {"/dev/video10": 1}
    assert readers.watched is True
    kernel.open = {"/dev/video11": 1}
    kernel.now = 11.0
    assert readers.watched is False


def test_a_reader_of_another_user_is_known_where_there_is_one_device(kernel, readers):
    kernel.references = 2
    assert readers.watched is True


def test_with_several_devices_a_reader_that_cannot_be_seen_leaves_it_open(kernel, readers):
    kernel.devices = ["/dev/video10", "/dev/video11"]
    kernel.references = 2
    assert readers.watched is None


def test_where_the_kernel_does_not_count_only_what_is_seen_is_known(kernel, readers):
    kernel.references = None
    assert readers.watched is False
    kernel.open, kernel.now = {"/dev/video10": 1}, 11.0
    assert readers.watched is True
