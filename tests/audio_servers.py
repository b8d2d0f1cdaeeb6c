"""Private audio servers with a fake hardware microphone, and independent players and recorders.

`audio_server("pulseaudio")` and `audio_server("pipewire")` start a server of their own that has
nothing to do with the one of the person who runs the tests, and end every process they started.

    with audio_server("pipewire") as server, server.here():
        server.microphone.say(samples)                     # into the fake hardware microphone
        with server.record("translated_microphone") as recording:
            ...
        recording.samples, recording.moment(0)

`server.environment` is what a program needs to see this server only; `server.here()` puts it into
this process for a while.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
import pytest

RATE = 48_000
KINDS = ("pulseaudio", "pipewire")
FAKE_MICROPHONE = "Fake Hardware Microphone"
FAKE_SOURCE = "fake_hardware_microphone"
_FEED = "fake_hardware_feed"
_NEEDED = {
    "pulseaudio": ("pulseaudio", "pactl", "pacat"),
    "pipewire": ("dbus-daemon", "pipewire", "wireplumber", "pipewire-pulse", "pactl", "pacat"),
}
_RAW = ("--raw", "--format=float32le", f"--rate={RATE}", "--channels=1", "--channel-map=mono")
_PATIENCE = 20.0

# Priority as hardware has it.
_SPEAKERS = (
    "module-null-sink sink_name=speakers rate=48000"
    " sink_properties='device.description=\"Speakers\" priority.session=1000'"
)
_PULSE_SCRIPT = """\
load-module module-native-protocol-unix socket={run}/pulse/native auth-anonymous=1
load-module {speakers}
load-module module-rescue-streams
.nofail
.include {home}/.config/pulse/default.pa.d
"""
# No folder of services: nothing is started by asking for it.
_BUS = """\
<busconfig><type>session</type><listen>unix:path={run}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>
"""


def wait_until(condition: Callable[[], object], what: str, patience: float = _PATIENCE) -> None:
    """Waits on the thing itself; fails the test when it does not come."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not happen within {patience:g} s")
        time.sleep(0.02)


def missing(kind: str) -> str:
    """Why this kind of server cannot run here; empty when it can."""
    absent = [program for program in _NEEDED[kind] if shutil.which(program) is None]
    return f"{kind} needs {', '.join(absent)}, which is not installed" if absent else ""


@contextlib.contextmanager
def audio_server(
    kind: str,
    *,
    extra: Mapping[str, str] | None = None,
    services: bool = False,
    configuration: Mapping[str, str] | None = None,
) -> Iterator["AudioServer"]:
    """A running server with its fake microphone, ended afterwards. Skips the test, with the
    reason, where the programs are not installed. `extra` is added to the environment of all
    that is started ({run} stands for its folder); `services` lets the private session bus start
    services that are asked for, as portals need it. `configuration` holds files of the user's
    configuration folder (~/.config), by their names there."""
    if reason := missing(kind):
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="tc-sound-"))
    server = AudioServer(kind, folder, extra or {}, services)
    for name, text in (configuration or {}).items():
        file = folder / "home/.config" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    try:
        server.start()
        server.microphone.plug()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class AudioServer:
    """One private server. `restart` ends it as a crash would and starts it again."""

    def __init__(
        self, kind: str, folder: Path, extra: Mapping[str, str], services: bool = False
    ) -> None:
        self.kind = kind
        self.folder = folder
        self.run = folder / "run"
        self.environment = _environment(
            folder, {k: v.format(run=self.run) for k, v in extra.items()}
        )
        self.microphone = FakeMicrophone(self)
        self._services = services
        self._processes: list[subprocess.Popen[bytes]] = []
        for name in ("run/pulse", "home", "log"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.run.chmod(0o700)

    def start(self) -> None:
        if self.kind == "pulseaudio":
            self._start_pulseaudio()
        else:
            self._start_pipewire()
        wait_until(self._answers, f"{self.kind} answering")
        if self.kind == "pipewire":
            self.pactl("load-module", *_SPEAKERS.split(" ", 3))

    def kill(self, *, sound_only: bool = False) -> None:
        """Ends the server at once, as a crash would. `sound_only` spares PipeWire itself and its
        session manager: only what speaks PulseAudio's protocol dies."""
        keep = self._processes[:-1] if sound_only and self.kind == "pipewire" else []
        self._end(self._processes[len(keep) :], signal.SIGKILL)
        self._processes = keep
        for leftover in ("pulse/native", "pulse/pid"):
            (self.run / leftover).unlink(missing_ok=True)
        if not keep:
            for leftover in ("bus", "pipewire-0", "pipewire-0.lock"):
                (self.run / leftover).unlink(missing_ok=True)

    def restart(self) -> None:
        """A crash, and the server again; without the fake microphone, until it is plugged."""
        self.kill()
        self.start()

    def stop(self) -> None:
        self._end(self._processes, signal.SIGTERM)
        self._processes = []

    @contextlib.contextmanager
    def here(self) -> Iterator[None]:
        """This process, and what it starts, sees this server only."""
        before = dict(os.environ)
        os.environ.update(self.environment)
        for name in ("PULSE_SINK", "PULSE_SOURCE"):
            os.environ.pop(name, None)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def pactl(self, *words: str) -> str:
        done = subprocess.run(
            ["pactl", *words], env=self.environment, capture_output=True, text=True, timeout=20
        )
        if done.returncode:
            raise RuntimeError(f"pactl {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def sources(self) -> list[str]:
        """The names of all sources; `descriptions` has what people read."""
        return [line.split("\t")[1] for line in self.pactl("list", "short", "sources").splitlines()]

    def descriptions(self) -> dict[str, str]:
        """What people read, by the name of each source."""
        lines = [line.strip() for line in self.pactl("list", "sources").splitlines()]
        names = [line.removeprefix("Name: ") for line in lines if line.startswith("Name: ")]
        texts = [
            line.removeprefix("Description: ") for line in lines if line.startswith("Description: ")
        ]
        return dict(zip(names, texts, strict=True))

    def play(self, samples: np.ndarray, sink: str, *, latency_ms: int = 500) -> "Playing":
        """An independent program plays mono float32 at 48 kHz. Returns at once. It is that far
        ahead of what is heard, so that a busy machine does not make it stumble."""
        words = ["pacat", "--playback", f"--device={sink}", f"--latency-msec={latency_ms}", *_RAW]
        with tempfile.TemporaryFile(dir=self.folder) as file:
            file.write(np.ascontiguousarray(samples, np.float32).tobytes())
            file.seek(0)
            return Playing(subprocess.Popen(words, env=self.environment, stdin=file))

    def record(self, source: str, *, latency_ms: int = 10) -> "Recording":
        """An independent program records mono float32 at 48 kHz from a source, from the first
        sample that arrives on until the `with` block is left."""
        words = ["pacat", "--record", f"--device={source}", f"--latency-msec={latency_ms}", *_RAW]
        words += ["--client-name=independent-recorder"]
        process = subprocess.Popen(words, env=self.environment, stdout=subprocess.PIPE)
        return Recording(process)

    def _answers(self) -> bool:
        words = ["pactl", "info"]
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True)
        return done.returncode == 0

    def _start_pulseaudio(self) -> None:
        script = self.folder / "server.pa"
        script.write_text(
            _PULSE_SCRIPT.format(run=self.run, home=self.folder / "home", speakers=_SPEAKERS)
        )
        self._spawn(
            "pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--exit-idle-time=-1",
            "--use-pid-file=no", "--disallow-exit", "--disable-shm=yes",
        )  # fmt: skip

    def _start_pipewire(self) -> None:
        words = ["dbus-daemon", "--nofork", "--nopidfile", "--syslog-only"]
        if self._services:
            words += ["--session", f"--address=unix:path={self.run}/bus"]
        else:
            config = self.folder / "bus.conf"
            config.write_text(_BUS.format(run=self.run))
            words += [f"--config-file={config}"]
        for name, words_, sign in (
            ("dbus-daemon", words, "bus"),
            ("pipewire", ["pipewire"], "pipewire-0"),
            ("wireplumber", ["wireplumber"], "pipewire-0"),
        ):
            self._spawn(*words_)
            wait_until((self.run / sign).exists, f"{name} starting")
        self.start_sound()

    def start_sound(self) -> None:
        """PipeWire's PulseAudio side alone, after `kill(sound_only=True)`."""
        self._spawn("pipewire-pulse")

    def _spawn(self, *words: str) -> None:
        with (self.folder / "log" / words[0]).open("ab") as log:
            process = subprocess.Popen(
                words, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._processes.append(process)

    def _end(self, processes: list[subprocess.Popen[bytes]], how: signal.Signals) -> None:
        """The newest first, and whatever they started."""
        for process in reversed(processes):
            children: list[psutil.Process] = []
            with contextlib.suppress(psutil.NoSuchProcess):
                children = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(how)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for child in children:
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()


def _environment(folder: Path, extra: Mapping[str, str]) -> dict[str, str]:
    run = str(folder / "run")
    private = {
        "HOME": str(folder / "home"),
        "XDG_CONFIG_HOME": str(folder / "home/.config"),
        "XDG_STATE_HOME": str(folder / "home/.local/state"),
        "XDG_RUNTIME_DIR": run,
        "PIPEWIRE_RUNTIME_DIR": run,
        "PULSE_RUNTIME_PATH": f"{run}/pulse",
        "PULSE_SERVER": f"unix:{run}/pulse/native",
        "PULSE_COOKIE": f"{run}/cookie",
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={run}/bus",
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PULSE_", "PIPEWIRE_"))}
    return kept | private | dict(extra)


class FakeMicrophone:
    """What stands in for hardware: a source called "Fake Hardware Microphone" that can be
    unplugged, and that is the default while it is plugged in."""

    name = FAKE_MICROPHONE
    source = FAKE_SOURCE

    def __init__(self, server: AudioServer) -> None:
        self._server = server
        self._modules: list[str] = []

    def plug(self) -> None:
        feed = "sink_properties='device.description=\"Fake hardware feed\"'"
        described = f"source_properties='device.description=\"{FAKE_MICROPHONE}\"'"
        mono = "channel_map=mono"
        self._load("module-null-sink", f"sink_name={_FEED}", "rate=48000", "channels=1", mono, feed)
        self._load(
            "module-remap-source", f"master={_FEED}.monitor", f"source_name={FAKE_SOURCE}",
            mono, "master_channel_map=mono", described,
        )  # fmt: skip
        wait_until(lambda: FAKE_SOURCE in self._server.sources(), "the fake microphone appearing")
        wait_until(self._chosen, "the fake microphone becoming the default")

    def unplug(self) -> None:
        """As if its cable was pulled; what is being said into it is lost."""
        for module in reversed(self._modules):
            with contextlib.suppress(RuntimeError):
                self._server.pactl("unload-module", module)
        self._modules = []
        wait_until(lambda: FAKE_SOURCE not in self._server.sources(), "the microphone going")

    def say(self, samples: np.ndarray, *, latency_ms: int = 500) -> "Playing":
        """Sound (mono float32, 48 kHz) that the fake microphone hears. Returns at once."""
        return self._server.play(samples, _FEED, latency_ms=latency_ms)

    def _chosen(self) -> bool:
        """PipeWire's session manager may not be ready for it at once."""
        with contextlib.suppress(RuntimeError):
            self._server.pactl("set-default-source", FAKE_SOURCE)
        return f"Default Source: {FAKE_SOURCE}\n" in self._server.pactl("info")

    def _load(self, *words: str) -> None:
        self._modules.append(self._server.pactl("load-module", *words).strip())


@dataclass
class Playing:
    """A program that plays. Leaving its `with` block waits until all was played."""

    process: subprocess.Popen[bytes]

    def wait(self, timeout: float | None = None) -> None:
        self.process.wait(timeout)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> "Playing":
        return self

    def __exit__(self, *exc: object) -> None:
        if exc[0] is None:
            self.wait(600)
        else:
            self.stop()


@dataclass
class Recording:
    """A program that records. `samples` may be asked at any time; all of it is there after the
    `with` block."""

    process: subprocess.Popen[bytes]
    _blocks: list[np.ndarray] = field(default_factory=list)
    _count: int = 0
    _start: float = float("inf")

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def samples(self) -> np.ndarray:
        blocks = list(self._blocks)
        return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)

    @property
    def seconds(self) -> float:
        return self._count / RATE

    def moment(self, seconds: float) -> float:
        """When (perf_counter) what is heard so many seconds into the recording left its source:
        the block that arrived with the least delay tells, so a busy machine does not matter."""
        return self._start + seconds

    def wait_for(self, seconds: float) -> None:
        """Until so much was recorded altogether."""
        wait_until(lambda: self.seconds >= seconds, "recording", seconds + _PATIENCE)

    def stop(self) -> None:
        self.process.terminate()
        self._thread.join(10)
        self.process.wait(10)

    def __enter__(self) -> "Recording":
        wait_until(lambda: self._blocks or self.process.poll() is not None, "a first sample")
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _read(self) -> None:
        assert self.process.stdout is not None
        descriptor = self.process.stdout.fileno()
        odd = b""
        while data := os.read(descriptor, 65536):
            now = time.perf_counter()
            data = odd + data
            whole = len(data) // 4 * 4
            data, odd = data[:whole], data[whole:]
            self._blocks.append(np.frombuffer(data, np.float32))
            self._count += whole // 4
            self._start = min(self._start, now - self._count / RATE)
        self.process.stdout.close()
