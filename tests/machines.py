"""Machines that are not this one: what the system says and which devices there are, as a test
wants them. What a test does not mention is not there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from app.devices.machine import Machine
from app.devices.probes import About, Cuda, Probes
from app.devices.sound_server import End, SoundServer
from app.system import NO_SUCH_PROGRAM, Answer, System
from core.config import Config
from core.devices import CameraInfo, CameraMode, SoundInfo
from core.errors import DeviceUnavailable, TranslatedCameraError
from core.findings import Finding
from engines.virtual_camera.holders import Holder
from engines.virtual_camera.v4l2 import Form, Loopback

GOOD = CameraMode(1280, 720, 30.0, "MJPG")
CAMERA = CameraInfo("Lens", "/dev/video0", (GOOD,))
OUR_CAMERA = CameraInfo("Translated Camera", "/dev/video10", (), ours=True)
MICROPHONE = SoundInfo("Headset", "headset", default=True)
OUR_MICROPHONE = SoundInfo("Translated Microphone", "translated_microphone", ours=True)
LOOPBACK = Loopback("/dev/video10", "Translated Camera", (6, 1, 0), capture=False, output=True)
WRITER = Holder(77, "obs", only_writes=True)
READER = Holder(78, "chromium")
HEADSET = End("headset", "Headset")
SPEAKERS = End("speakers", "Speakers")
SERVER = SoundServer("pulseaudio", "16.1", "speakers", "headset", (SPEAKERS,), (HEADSET,))


@dataclass
class FakeSystem(System):
    """`programs` are installed; `answers` is what each says, by the beginning of its command
    line; `texts` are files, `closed` those that may not be used."""

    platform: str = "linux"
    programs: set[str] = field(default_factory=set)
    answers: dict[str, Answer] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    sockets: set[str] = field(default_factory=set)
    variables: dict[str, str] = field(default_factory=lambda: {"USER": "ann"})
    versions: dict[str, str] = field(default_factory=dict)
    wanted: list[str] = field(default_factory=list)
    group: str = "video"
    whole: int = 16_000_000_000
    free: int = 8_000_000_000
    disk: int = 50_000_000_000
    processors: int = 8
    performed: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)

    @property
    def environment(self) -> Mapping[str, str]:
        return self.variables

    def which(self, program: str) -> str:
        return f"/usr/bin/{program}" if program in self.programs else ""

    def run(self, *command: str, timeout: float = 5.0) -> Answer:
        line = " ".join(command)
        fit = [start for start in self.answers if line.startswith(start)]
        return self.answers[max(fit, key=len)] if fit else Answer(NO_SUCH_PROGRAM)

    def perform(self, *command: str, root: bool = False) -> None:
        self.performed.append((command, root))

    def text(self, path: str | Path) -> str:
        return self.texts.get(str(path), "")

    def exists(self, path: str | Path) -> bool:
        return any(one == str(path) or one.startswith(f"{path}/") for one in self.texts)

    def allowed(self, path: str | Path) -> bool:
        return str(path) not in self.closed

    def files(self, folder: str, pattern: str) -> list[str]:
        return sorted(one for one in self.texts if fnmatch(one, f"{folder}/{pattern}"))

    def listens(self, path: str | Path) -> bool:
        return str(path) in self.sockets

    def group_of(self, path: str) -> str:
        return self.group

    @property
    def root(self) -> bool:
        return False

    def package(self, name: str) -> str:
        return self.versions.get(name, "")

    def requirements(self, name: str) -> list[str]:
        return self.wanted

    def free_bytes(self, path: Path) -> int:
        return self.disk

    @property
    def cores(self) -> int:
        return self.processors

    def memory(self) -> tuple[int, int]:
        return self.whole, self.free


@dataclass
class FakeProbes(Probes):
    """An exception in place of a value is raised when it is asked for."""

    camera_list: Any = ()
    microphone_list: Any = ()
    server: Any = field(default_factory=lambda: DeviceUnavailable("The server does not answer."))
    outputs: Any = ()
    camera_users: tuple[str, ...] = ()
    loopback_list: tuple[Loopback, ...] = ()
    forbidden_list: tuple[str, ...] = ()
    held_form: Form = field(default_factory=lambda: Form(1280, 720, "YU12"))
    holder_list: tuple[Holder, ...] = ()
    session: bool = False
    written: bool = False
    compiled: bool = False
    seen: tuple[bool, tuple[str, ...]] = (False, ())
    loudest: Any = 0.1
    built: Mapping[str, Any] = field(default_factory=dict)
    card: Cuda = field(default_factory=Cuda)
    reached: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fonts: bool = True
    right_to_left: bool = True
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    budgets: list[float] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def cameras(self) -> list[CameraInfo]:
        return list(_or_raise(self.camera_list))

    def microphones(self) -> list[SoundInfo]:
        return list(_or_raise(self.microphone_list))

    def sound_server(self) -> SoundServer:
        found: SoundServer = _or_raise(self.server)
        return found

    def set_default(self, kind: str, name: str) -> None:
        self.done.append(f"{kind} {name}")

    def unmute(self, microphone: str) -> None:
        self.done.append(f"unmuted {microphone}")

    def rates(self, system: System) -> Mapping[str, int]:
        return {"headset": 44_100}

    def players(self) -> list[str]:
        return list(_or_raise(self.outputs))

    def users_of(self, camera: CameraInfo) -> tuple[str, ...]:
        return self.camera_users

    def loopbacks(self) -> tuple[Loopback, ...]:
        return self.loopback_list

    def forbidden(self) -> tuple[str, ...]:
        return self.forbidden_list

    def form(self, path: str) -> Form:
        return self.held_form

    def holders(self, path: str) -> list[Holder]:
        return list(self.holder_list)

    def is_session(self, holders: Any) -> bool:
        return self.session

    def is_written(self, path: str) -> bool:
        return self.written

    def make_writable(self, path: str) -> None:
        self.done.append(f"writable {path}")

    def pipewire_camera(self) -> bool:
        return self.compiled

    def pipewire_readers(self, system: System) -> tuple[bool, tuple[str, ...]]:
        return self.seen

    def compile_pipewire_camera(self) -> str:
        self.done.append("compiled")
        return "library.so"

    def peak(self, microphone: str) -> float:
        loudest: float = _or_raise(self.loudest)
        return loudest

    def engine(
        self, kind: str, wanted: str, options: Any, special: Any = None, budget: float = 4.0
    ) -> About:
        self.asked.append((kind, wanted, options))
        self.budgets.append(budget)
        about: About = _or_raise(self.built.get(kind, About("good", f"{kind}: good")))
        return about

    def cuda(self) -> Cuda:
        return self.card

    def onnx_providers(self) -> list[str]:
        return ["CPUExecutionProvider"]

    def targets(self) -> Mapping[str, frozenset[str]]:
        return self.reached

    def has_font(self, language: str, letter: str) -> bool:
        return self.fonts

    def lays_out_right_to_left(self) -> bool:
        return self.right_to_left

    def close(self) -> None:
        self.done.append("closed")


def fake(
    system: Mapping[str, Any] | None = None,
    probes: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Machine:
    """A machine; settings as section_key=value, such as devices__camera="Lens"."""
    config = Config()
    for name, value in settings.items():
        section, key = name.split("__")
        changed = replace(getattr(config, section), **{key: value})
        config = replace(config, **{section: changed})
    return Machine(config, FakeSystem(**(system or {})), FakeProbes(**(probes or {})))


def named(found: Any, name: str) -> Finding:
    """The one finding of this name."""
    (one,) = [finding for finding in found if finding.name == name]
    return one


def _or_raise(value: Any) -> Any:
    if isinstance(value, TranslatedCameraError):
        raise value
    return value
