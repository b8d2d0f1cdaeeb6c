"""A microphone that nobody built, and a listener that knows nothing of this program.

The sound server of the machine is used, or a private PulseAudio for as long as the bench runs.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pulsectl

from core.devices import RATE
from core.errors import DeviceUnavailable
from core.types import Samples

MICROPHONE = "Bench Microphone"
_SOURCE, _FEED = "bench_microphone", "bench_feed"
_RAW = ("--raw", "--format=float32le", f"--rate={RATE}", "--channels=1", "--channel-map=mono")
_PATIENCE = 15.0


@dataclass
class Recording:
    """`moment`: when what is heard at a place of the recording left its source, by the block that
    arrived with the least delay."""

    process: "subprocess.Popen[bytes]"
    blocks: list[Samples] = field(default_factory=list)
    start: float = float("inf")

    @property
    def samples(self) -> Samples:
        return np.concatenate(self.blocks or [np.zeros(0, np.float32)])

    def read(self) -> None:
        assert self.process.stdout is not None
        count, rest = 0, b""
        while data := os.read(self.process.stdout.fileno(), 1 << 16):
            now = time.perf_counter()
            data = rest + data
            whole = len(data) // 4 * 4
            rest = data[whole:]
            self.blocks.append(np.frombuffer(data[:whole], np.float32))
            count += whole // 4
            self.start = min(self.start, now - count / RATE)
        self.process.stdout.close()


class SoundRig:
    """Inside `with`: `play` says something into the microphone MICROPHONE."""

    source = _SOURCE

    def __enter__(self) -> "SoundRig":
        self._ending = contextlib.ExitStack()
        if shutil.which("pacat") is None:
            raise DeviceUnavailable("This bench needs pacat; apt install pulseaudio-utils.")
        try:
            if not _answers():
                self._ending.enter_context(_private_server())
            self._ending.enter_context(_microphone())
        except BaseException:
            self._ending.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.close()

    def play(self, samples: Samples) -> "subprocess.Popen[bytes]":
        """Returns at once; the process ends when all was played."""
        words = ["pacat", "--playback", f"--device={_FEED}", "--latency-msec=20", *_RAW]
        with tempfile.TemporaryFile() as file:
            file.write(np.ascontiguousarray(samples, np.float32).tobytes())
            file.seek(0)
            return subprocess.Popen(words, stdin=file)

    @contextlib.contextmanager
    def record(self, source: str) -> Iterator[Recording]:
        words = ["pacat", "--record", f"--device={source}", "--latency-msec=10", *_RAW]
        recording = Recording(subprocess.Popen(words, stdout=subprocess.PIPE))
        thread = threading.Thread(target=recording.read)
        thread.start()
        try:
            yield recording
        finally:
            recording.process.terminate()
            thread.join()
            recording.process.wait()


def _answers() -> bool:
    try:
        with pulsectl.Pulse("bench", connect=False) as pulse:
            pulse.connect(autospawn=False)
            return True
    except pulsectl.PulseError:
        return False


@contextlib.contextmanager
def _private_server() -> Iterator[None]:
    if shutil.which("pulseaudio") is None:
        raise DeviceUnavailable("There is no sound server; start one, or apt install pulseaudio.")
    with tempfile.TemporaryDirectory(prefix="tc-bench-") as name:
        folder = Path(name)
        socket, script = folder / "native", folder / "server.pa"
        script.write_text(f"load-module module-native-protocol-unix socket={socket}\n")
        own = {
            "XDG_RUNTIME_DIR": name, "PULSE_RUNTIME_PATH": name, "PULSE_SERVER": f"unix:{socket}",
            "PULSE_COOKIE": f"{name}/cookie",
        }  # fmt: skip
        before = {key: os.environ.get(key) for key in own}
        os.environ.update(own)
        words = ["pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--exit-idle-time=-1"]
        words += ["--use-pid-file=no", "--disallow-exit", "--log-level=error"]
        server = subprocess.Popen(words)
        try:
            _wait(_answers, "The private sound server")
            yield
        finally:
            server.terminate()
            server.wait()
            for key, value in before.items():
                os.environ.pop(key)
                if value is not None:
                    os.environ[key] = value


@contextlib.contextmanager
def _microphone() -> Iterator[None]:
    titled = f"source_properties='device.description=\"{MICROPHONE}\"'"
    mono = "channels=1 channel_map=mono"
    with pulsectl.Pulse("bench microphone") as pulse:
        feed = pulse.module_load("module-null-sink", f"sink_name={_FEED} rate={RATE} {mono}")
        remap = f"master={_FEED}.monitor source_name={_SOURCE} {titled}"
        source = pulse.module_load("module-remap-source", remap)
        try:
            yield
        finally:
            pulse.module_unload(source)
            pulse.module_unload(feed)


def _wait(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise DeviceUnavailable(f"{what} does not start.")
        time.sleep(0.05)
