"""The HTTP service under 1, 5, 10 and 20 users who all send a clip at once, and a live stream's
link: a real server in a process of its own, on this machine."""

import logging
import math
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import numpy as np
from rich.console import Console
from rich.table import Column, Table

from app.bench.report import Figure, Figures
from app.service.meters import memory_of
from core.errors import EngineFailed
from core.types import MOUTH_PARAMETERS
from engines.demo.clip import make_clip
from engines.demo.speaker import DemoSpeaker
from engines.link.client import StreamClient
from engines.link.report import LinkReport
from engines.link.sound import SPOKEN
from engines.link.wire import CHUNK_S
from engines.registry import build

log = logging.getLogger(__name__)

USERS = (1, 5, 10, 20)
TEXT = "Buenos días a todos. Gracias por venir."
SENTENCE = "Good morning, and thank you."
SIZE, FPS = (640, 360), 25
STREAM_S = 10.0


def run() -> Figures:
    figures: dict[str, Figure] = {}
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as (url, pid):
        clip = _clip(Path(folder))
        _crowd(url, clip, 1)  # caches of the system, and the first start of everything
        crowds = {users: _crowd(url, clip, users) for users in USERS}
        Console().print(table(crowds))
        for users, told in crowds.items():
            figures |= {
                f"users_{users}_fps": Figure(told.rate, "1/s"),
                f"users_{users}_fps_each": Figure(told.rate / users, "1/s"),
                f"users_{users}_p50_s": Figure(told.latency(50), "s"),
                f"users_{users}_p95_s": Figure(told.latency(95), "s"),
                f"users_{users}_memory_mb": Figure(told.memory / 1e6, "MB"),
                f"users_{users}_cpu_s_a_job": Figure(told.cpu_a_job, "s"),
                f"users_{users}_failed": Figure(told.failed, at_most=0),
            }
        figures["service_memory_mb"] = Figure((memory_of(pid) or 0) / 1e6, "MB")
        figures |= _linked("sound", _stream(url, video=False))
        figures |= _linked("video", _stream(url, video=True))
    return figures


@dataclass
class _Told:
    """What came of a crowd: seconds from the upload to the end, of each job that was done. What
    nothing was done for is NaN."""

    seconds: list[float]
    frames: int = 0
    failed: int = 0
    """Users whose job was refused, broke, or was never heard of again."""
    cpu: float = 0.0
    wall: float = 0.0
    """Seconds until the last one was done."""
    memory: float = 0.0
    """The most bytes that were resident, the service and its processes together."""

    @property
    def rate(self) -> float:
        """Pictures a second, of all users together."""
        return self.frames / self.wall if self.wall else math.nan

    @property
    def cpu_a_job(self) -> float:
        return self.cpu / len(self.seconds) if self.seconds else math.nan

    def latency(self, percentile: float) -> float:
        return float(np.percentile(self.seconds, percentile)) if self.seconds else math.nan


def table(crowds: Mapping[int, _Told]) -> Table:
    """A line for each number of users."""
    heads = "users", "pictures/s", "each", "latency p50", "p95", "memory", "failed"
    shown = Table(*(Column(head, justify="right") for head in heads), title="Users at once")
    for users, told in crowds.items():
        shown.add_row(
            str(users), f"{told.rate:.1f}", f"{told.rate / users:.2f}",
            f"{told.latency(50):.1f} s", f"{told.latency(95):.1f} s",
            f"{told.memory / 1e6:.0f} MB", str(told.failed),
        )  # fmt: skip
    return shown


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[str, int]]:
    """The address of a service with its default settings, and its process number."""
    arguments = ["--port", "0", "--no-token", "--folder", str(folder / "data"), "--spare", "0"]
    arguments += ["--per-minute", "10000", "--config", str(folder / "settings.toml")]
    (folder / "settings.toml").write_text("")
    with subprocess.Popen(
        [sys.executable, "-m", "app.main", "serve", *arguments],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr is not None
            found = re.search(r"http://\S+", process.stderr.readline())
            if found is None:
                raise EngineFailed("The service did not start.")
            _until_ready(found[0])
            yield found[0], process.pid
        finally:
            process.terminate()


def _until_ready(url: str) -> None:
    with httpx2.Client(base_url=url, timeout=5.0) as client:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                if client.get("/readyz").status_code == 200:
                    return
            except httpx2.HTTPError:
                pass
            time.sleep(0.05)
    raise EngineFailed("The service did not get ready.")


def _clip(folder: Path) -> bytes:
    """A drawn speaker of a few seconds."""
    voice = build("tts", "flite", language="en", voice="rms")
    try:
        path = make_clip(folder / "clip.mp4", (SENTENCE,), voice, size=SIZE, fps=FPS)
    finally:
        voice.close()
    return path.read_bytes()


def _crowd(url: str, clip: bytes, users: int) -> _Told:
    told, lock = _Told([]), threading.Lock()

    def user() -> None:
        sent = time.monotonic()
        try:
            figures = _job(url, clip)
        except httpx2.HTTPError as error:
            log.warning("a job did not come to its end: %s", error)
            return
        done = time.monotonic()
        if figures:
            with lock:
                told.seconds.append(done - sent)
                told.frames += int(figures.get("frames", 0))
                told.cpu += figures.get("cpu_seconds", 0.0)
                told.wall = max(told.wall, done - begun)

    threads = [threading.Thread(target=user) for _ in range(users)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        told.memory = max(told.memory, _memory(url))
        time.sleep(0.25)
    told.failed = users - len(told.seconds)
    return told


def _job(url: str, clip: bytes) -> dict[str, float]:
    """The figures of it; none when it was refused or failed. httpx2.HTTPError when the service is
    not heard of."""
    with httpx2.Client(base_url=url, timeout=60.0) as client:
        posted = client.post(
            "/api/v1/lipsync",
            files={"video": ("clip.mp4", clip)},
            data={"text": TEXT, "target_language": "es"},
        )
        if posted.status_code != 202:
            return {}
        job = posted.json()
        while job["state"] in ("queued", "running"):
            time.sleep(0.1)
            job = client.get(f"/api/v1/jobs/{job['id']}").raise_for_status().json()
        return dict(job["figures"]) if job["state"] == "done" else {}


def _memory(url: str) -> float:
    """Resident, of the service and its processes together."""
    text = httpx2.get(f"{url}/metrics").text
    found = re.findall(r"^translated_camera_memory_bytes\{.*\} (\S+)$", text, re.MULTILINE)
    return sum(map(float, found))


def _stream(url: str, *, video: bool) -> LinkReport:
    """At the pace of a camera and a microphone."""
    wishes = {"source_language": "en", "target_language": "es", "video": video}
    speaker, rest = DemoSpeaker(SIZE), np.zeros(len(MOUTH_PARAMETERS), np.float32)
    with ExitStack() as undo:
        client = StreamClient(url, "", wishes)
        undo.callback(client.close)
        begun = time.monotonic()
        for number in range(round(STREAM_S / CHUNK_S)):
            client.hear(np.zeros(round(SPOKEN * CHUNK_S), np.float32))
            if video:
                client.see(speaker.frame(rest, number * CHUNK_S), number * CHUNK_S)
            time.sleep(max(0.0, begun + (number + 1) * CHUNK_S - time.monotonic()))
        client.finish()
        return client.report


def _linked(name: str, report: LinkReport) -> Figures:
    return {
        f"{name}_t_comm_p50_ms": Figure(1e3 * report.t_comm_p50, "ms"),
        f"{name}_t_comm_p95_ms": Figure(1e3 * report.t_comm_p95, "ms", at_most=1e3 * CHUNK_S),
        f"{name}_over": Figure(report.over),
        f"{name}_dropped": Figure(report.dropped, at_most=0),
    }
