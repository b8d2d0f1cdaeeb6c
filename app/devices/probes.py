"""Asking each kind of device, and the engines. Every answer may be an error of core.errors; the
heavy imports happen here and when asked only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.devices.pipewire_graph import readers
from app.devices.rates import pactl_rates
from app.devices.sound_server import SoundServer, set_default, sound_server, unmute
from app.devices.targets import targets
from app.system import System
from core.child import FROZEN_FLAG
from core.config import Lag
from core.devices import CameraInfo, SoundInfo
from core.errors import DeviceUnavailable

if TYPE_CHECKING:
    from engines.virtual_camera.holders import Holder
    from engines.virtual_camera.v4l2 import Form, Loopback

LISTEN_S = 0.6
_PATIENCE_S = 3.0


@dataclass(frozen=True)
class About:
    """The engine that `auto` takes, and what it said of those before it."""

    name: str
    reason: str
    refusals: tuple[str, ...] = ()
    basic: bool = False


@dataclass(frozen=True)
class Cuda:
    """How many cards CTranslate2 finds, and PyTorch's version of CUDA; empty when it finds none."""

    ctranslate2: int = 0
    torch: str = ""


def is_ours(process: int) -> bool:
    """Whether a process is a worker of this program (core.child starts them)."""
    try:
        words = Path("/proc", str(process), "cmdline").read_bytes()
    except OSError:
        return False
    return b"core.worker" in words or FROZEN_FLAG.encode() in words


class Probes:
    """Of this machine; tests have others."""

    def __init__(self) -> None:
        self._engines: Any = None

    def cameras(self) -> list[CameraInfo]:
        from engines.camera.listing import cameras

        return cameras()

    def microphones(self) -> list[SoundInfo]:
        from engines.microphone.listing import microphones

        return microphones()

    def sound_server(self) -> SoundServer:
        return sound_server()

    def set_default(self, kind: str, name: str) -> None:
        set_default(kind, name)

    def unmute(self, microphone: str) -> None:
        unmute(microphone)

    def rates(self, system: System) -> Mapping[str, int]:
        """Samples a second of the sound server's microphones, by their names, if it tells."""
        return pactl_rates(system)

    def players(self) -> list[str]:
        """The names of what sound can be played into, where PortAudio tells (not on Linux)."""
        try:
            import sounddevice
        except OSError as exc:
            raise DeviceUnavailable("The sound library PortAudio is missing.") from exc
        found = sounddevice.query_devices()
        return [one["name"] for one in found if one["max_output_channels"] > 0]

    def users_of(self, camera: CameraInfo) -> tuple[str, ...]:
        """The programs that have this camera open, as far as this user may know."""
        from engines.camera.v4l2 import users_of

        return users_of(camera.id)

    def loopbacks(self) -> tuple["Loopback", ...]:
        from engines.virtual_camera.v4l2 import loopbacks

        return loopbacks()

    def forbidden(self) -> tuple[str, ...]:
        from engines.virtual_camera.v4l2 import forbidden

        return forbidden()

    def form(self, path: str) -> "Form":
        from engines.virtual_camera.v4l2 import form

        return form(path)

    def holders(self, path: str) -> list["Holder"]:
        from engines.virtual_camera.holders import holders

        return holders(path)

    def is_session(self, holders: Sequence["Holder"]) -> bool:
        """Whether one of them is a process of this program."""
        return any(is_ours(one.process) for one in holders)

    def is_written(self, path: str) -> bool:
        from engines.virtual_camera.holders import is_written

        return is_written(path)

    def make_writable(self, path: str) -> None:
        from engines.virtual_camera.v4l2 import make_writable

        make_writable(path)

    def pipewire_camera(self) -> bool:
        """Whether the PipeWire camera is compiled."""
        from engines.virtual_camera.pipewire_library import compiled

        return compiled() is not None

    def pipewire_readers(self, system: System) -> tuple[bool, tuple[str, ...]]:
        """Whether the PipeWire camera is there at this moment, and who reads it."""
        return readers(system)

    def compile_pipewire_camera(self) -> str:
        from engines.virtual_camera.build import build

        return str(build())

    def peak(self, microphone: str) -> float:
        """The loudest sample that a microphone gives within `LISTEN_S` seconds. DeviceUnavailable
        when it cannot be opened or gives nothing at all."""
        from app.devices.hearing import peak

        return peak(microphone, LISTEN_S, _PATIENCE_S)

    def engine(
        self,
        kind: str,
        wanted: str,
        options: Mapping[str, Any],
        special: Mapping[str, Mapping[str, Any]] | None = None,
        budget: float = Lag().budget,
    ) -> About:
        """What a live session with this lag budget takes. It is built in a process of its own,
        which a crash may take. EngineUnavailable with every refusal."""
        about = self._engine_process().call("about", kind, wanted, options, special, budget)
        return About(**about)

    def cuda(self) -> "Cuda":
        """What finds a graphics card, asked in a process of its own."""
        return Cuda(**self._engine_process().call("cuda"))

    def onnx_providers(self) -> list[str]:
        import onnxruntime

        return list(onnxruntime.get_available_providers())

    def targets(self) -> Mapping[str, frozenset[str]]:
        """What can be translated into what and be spoken."""
        return targets()

    def has_font(self, language: str, letter: str) -> bool:
        from engines.overlay.fonts import Fonts

        return Fonts(language).find(letter) is not None

    def lays_out_right_to_left(self) -> bool:
        from PIL import features

        return bool(features.check_feature("raqm") and features.check_feature("fribidi"))

    def _engine_process(self) -> Any:
        from core.process import Remote

        if self._engines is None:
            self._engines = Remote("app.devices.engine_probe:EngineProbe", tries=1, timeout=90.0)
        return self._engines

    def close(self) -> None:
        """Ends what was started; it starts again when it is asked."""
        if self._engines is not None:
            self._engines.close()
            self._engines = None
