"""The HTTP service in a process of its own, on loopback, and videos to send to it."""

import contextlib
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import httpx2
import numpy as np

from engines.stt.tones import RATE, utter

ROOT = Path(__file__).parents[1]
TOKEN = "the-token-of-these-tests-0123456789"
FAKES = """
[engines]
vad = "energy"
turn = "fake"
stt = "fake"
mt = "fake"
tts = "fake"
face = "fake"
lips = "off"
"""
_PATIENCE = 60.0


class Served:
    """A running service. `said` is what it wrote on its error output."""

    def __init__(self, folder: Path, *args: object, token: str = TOKEN, config: str = FAKES):
        self.folder = folder
        settings = folder.parent / f"{folder.name}.toml"
        settings.write_text(config, "utf-8")
        self.tokens = folder.parent / f"{folder.name}.tokens"
        if token:
            self.tokens.write_text(token, "utf-8")
            self.tokens.chmod(0o600)
        command = [sys.executable, "-m", "app.main", "serve", "--port", "0", "--folder", folder]
        command += ["--config", settings, "--spare", "0", *args]
        command += ["--token-file", self.tokens] if token else []
        self.process = subprocess.Popen(
            [*map(str, command)], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        self.said: list[str] = []
        self._heard = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        assert self._heard.wait(_PATIENCE), "".join(self.said)
        found = re.search(r"https?://(\S+)", "".join(self.said))
        assert found, "".join(self.said)
        self.url, self.address = found[0], found[1]
        self.client = httpx2.Client(
            base_url=self.url,
            timeout=_PATIENCE,
            headers={"Authorization": f"Bearer {token.split()[-1]}"} if token else {},
        )
        until(self._ready)

    def post(self, video: bytes, name: str = "clip.mp4", **fields: str) -> httpx2.Response:
        files = {"video": (name, video, "video/mp4")}
        return self.client.post("/api/v1/lipsync", files=files, data=fields)

    def job(self, id: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.get(f"/api/v1/jobs/{id}").json()
        return answer

    def ended(self, id: str) -> dict[str, Any]:
        """The job when it is over."""
        until(lambda: self.job(id)["state"] not in ("queued", "running"))
        return self.job(id)

    def running(self, id: str) -> None:
        until(lambda: self.job(id)["state"] == "running")

    def metric(self, name: str) -> float:
        """Of /metrics, as it is written there."""
        for line in self.client.get("/metrics").text.splitlines():
            if line.startswith(f"translated_camera_{name} "):
                return float(line.split()[-1])
        return 0.0

    @property
    def left(self) -> list[Path]:
        """The folders of jobs."""
        return list((self.folder / "jobs").iterdir())

    def kill(self) -> None:
        self.process.kill()
        self._end()

    def close(self) -> None:
        self.process.terminate()
        self._end()

    def _end(self) -> None:
        self.client.close()
        self.process.wait(_PATIENCE)
        self._thread.join(_PATIENCE)
        assert self.process.stderr is not None
        self.process.stderr.close()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if "Listening" in line:
                self._heard.set()
        self._heard.set()

    def _ready(self) -> bool:
        with contextlib.suppress(httpx2.HTTPError):
            return self.client.get("/readyz").status_code == 200
        return False


@contextlib.contextmanager
def serving(folder: Path, *args: object, **kwargs: Any) -> Iterator[Served]:
    served = Served(folder, *args, **kwargs)
    try:
        yield served
    finally:
        served.close()


def until(condition: Any, patience: float = _PATIENCE) -> None:
    """Waits on the thing itself."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def video(path: Path, *, seconds: float = 2.0, words: str = "", size: tuple[int, int] = (96, 64)):
    """Grey pictures, 25 a second, that grow brighter; with words of the tone language, or
    without sound. Its bytes."""
    with av.open(str(path), "w") as output:
        picture = output.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        picture.width, picture.height = size
        picture.pix_fmt = "yuv420p"
        if words:
            _sound(output, words, seconds)
        for number in range(round(seconds * 25)):
            image = np.full((size[1], size[0], 3), number % 250, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            output.mux(picture.encode(frame))
        output.mux(picture.encode(None))
    return path.read_bytes()


def _sound(output: Any, words: str, seconds: float) -> None:
    voice = output.add_stream("aac", rate=RATE)
    said = np.concatenate([np.zeros(RATE // 2, np.float32), utter(words)])
    samples = np.zeros(round(seconds * RATE), np.float32)
    samples[: len(said)] = said[: len(samples)]
    for at in range(0, len(samples), 1024):
        frame = av.AudioFrame.from_ndarray(samples[None, at : at + 1024], "fltp", "mono")
        frame.sample_rate, frame.pts = RATE, at
        output.mux(voice.encode(frame))
    output.mux(voice.encode(None))
