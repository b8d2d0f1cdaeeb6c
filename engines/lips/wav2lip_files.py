"""From the checkpoint that the user supplied to networks that run; made once, then kept.

They lie in the user's cache folder under the hash of the checkpoint. Making them needs the extra
`neural` (torch, onnx); taking them from the cache, or an ONNX file in FP32, does not.
"""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import platformdirs

from core.errors import EngineUnavailable
from engines.lips.wav2lip_network import input_names

log = logging.getLogger(__name__)

INSTALL = "install it with: pip install 'translated-camera[neural]'"

_RECIPE = 1
"""Goes up when the networks are made in another way."""


def default_cache() -> Path:
    return platformdirs.user_cache_path("translated-camera", appauthor=False) / "wav2lip"


def models_folder() -> Path:
    """Where the user puts checkpoints."""
    return platformdirs.user_data_path("translated-camera", appauthor=False) / "models"


def supplied() -> Path | None:
    """The checkpoint that the user put into the models folder."""
    names = (models_folder() / f"wav2lip{suffix}" for suffix in (".onnx", ".pth"))
    return next((path for path in names if path.is_file()), None)


def full_network(checkpoint: Path, cache: Path) -> Path:
    """The network in FP32: the checkpoint itself when it is ONNX, else exported (seconds)."""
    if checkpoint.suffix.lower() == ".onnx":
        _digest(checkpoint)
        return checkpoint
    return _kept(checkpoint, cache, "fp32", lambda to: _export(checkpoint, to))


def half_network(checkpoint: Path, cache: Path) -> Path:
    """The network in FP16 for graphics cards, its inputs and outputs in FP32, for any number of
    faces at a time; exported (seconds) when it is not in the cache."""
    return _kept(checkpoint, cache, "fp16", lambda to: _halve(checkpoint, to))


def small_network(checkpoint: Path, cache: Path) -> Path:
    """The network in eight bits, calibrated (half a minute) when it is not in the cache."""
    return _kept(checkpoint, cache, "int8", lambda to: _quantise(checkpoint, cache, to))


def _kept(checkpoint: Path, cache: Path, kind: str, make: Callable[[Path], None]) -> Path:
    """What is in the cache, or is made now; whoever looks meanwhile sees a whole file or none."""
    kept = cache / f"{_digest(checkpoint)}-{kind}-{_RECIPE}.onnx"
    if kept.exists():
        return kept
    partial = kept.with_name(f"{kept.stem}.{uuid4().hex[:8]}.partial")
    log.info("Preparing %s (%s); this is done once.", checkpoint.name, kind)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        try:
            make(partial)
            partial.replace(kept)
        finally:
            partial.unlink(missing_ok=True)
    except ImportError as exc:
        raise EngineUnavailable(
            f"To prepare {checkpoint.name}, {exc.name or exc} is needed; {INSTALL}."
        ) from exc
    except OSError as exc:
        raise EngineUnavailable(
            f"What is made of {checkpoint.name} cannot be kept in {cache}: {exc.strerror or exc}."
        ) from exc
    return kept


def _export(checkpoint: Path, to: Path) -> None:
    from engines.lips.wav2lip_checkpoint import read_checkpoint
    from engines.lips.wav2lip_export import export

    export(read_checkpoint(checkpoint), to)


def _halve(checkpoint: Path, to: Path) -> None:
    from engines.lips.wav2lip_half import export_half, halve

    if checkpoint.suffix.lower() == ".onnx":
        input_names(checkpoint)
        halve(checkpoint, to)
    else:
        from engines.lips.wav2lip_checkpoint import read_checkpoint

        export_half(read_checkpoint(checkpoint), to)


def _quantise(checkpoint: Path, cache: Path, to: Path) -> None:
    from engines.lips.wav2lip_material import calibration
    from engines.lips.wav2lip_quantise import is_quantised, quantise

    full = full_network(checkpoint, cache)
    input_names(full)
    if is_quantised(full):
        to.write_bytes(full.read_bytes())
    else:
        quantise(full, to, calibration())


def _digest(checkpoint: Path) -> str:
    try:
        with checkpoint.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:24]
    except OSError as exc:
        raise EngineUnavailable(
            f"The checkpoint {checkpoint} cannot be read: {exc.strerror}. Give the path of a "
            "Wav2Lip checkpoint (.pth or .onnx)."
        ) from exc
