"""Where a network computes: on the graphics card when it is asked for or there, else here."""

import logging
from dataclasses import dataclass

import ctranslate2

from core.errors import EngineUnavailable, UsageError

log = logging.getLogger(__name__)

WISHES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Device:
    """`name` is cpu or cuda, `precision` CTranslate2's name of what it computes in there."""

    name: str
    precision: str

    @property
    def note(self) -> str:
        return f"{self.precision} on the {'graphics card' if self.name == 'cuda' else 'processor'}"


def device(wish: str = "auto") -> Device:
    """The graphics card in FP16, the processor in eight bits. EngineUnavailable when the card is
    asked for and none can be used; `auto` takes the processor then."""
    if wish not in WISHES:
        raise UsageError(f"There is no device {wish!r}; there are: {', '.join(WISHES)}.")
    if wish != "cpu" and cards():
        return Device("cuda", _first("cuda", ("float16", "int8_float16", "float32")))
    if wish == "cuda":
        raise EngineUnavailable(
            "The graphics card was asked for, but CTranslate2 finds none with CUDA here. Install "
            "NVIDIA's driver with cuBLAS and cuDNN, or set the device to auto."
        )
    return Device("cpu", _first("cpu", ("int8", "int8_float32", "float32")))


def cards() -> int:
    """How many graphics cards with CUDA can be computed on."""
    try:
        return int(ctranslate2.get_cuda_device_count())
    # A driver that is too old, or half installed.
    except RuntimeError as exc:
        log.info("CUDA cannot be used: %s", exc)
        return 0


def _first(name: str, precisions: tuple[str, ...]) -> str:
    supported = ctranslate2.get_supported_compute_types(name)
    return next((one for one in precisions if one in supported), "default")
