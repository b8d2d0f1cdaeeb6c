"""Whether a model is whole and works: its files against their hashes, and an engine built on it."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from core.errors import EngineUnavailable
from engines.models.store import File, Installed
from engines.models.transfer import hash_of

log = logging.getLogger(__name__)


def damage(model: Installed) -> tuple[str, ...]:
    """What is wrong with its files, a sentence each; nothing when all are as they were."""
    return tuple(said for file in model.files if (said := _wrong(model.folder, file)))


def check(model: Installed) -> None:
    """Build what runs it. EngineUnavailable says why that cannot be; what this installation
    cannot run at all (a library or a graphics card is missing) is not the model's fault."""
    try:
        _CHECKS.get(model.form, _nothing)(model.folder, model.languages)
    except ImportError as exc:
        log.info("%s was not tried out: %s is missing", model.name, exc.name)


def _wrong(folder: Path, file: File) -> str:
    there = folder / file.path
    if not there.is_file():
        return f"{file.path} is missing."
    if file.size and there.stat().st_size != file.size:
        return f"{file.path} has {there.stat().st_size} bytes and not {file.size}."
    return f"{file.path} has changed." if file.sha256 and hash_of(there) != file.sha256 else ""


def _whisper(folder: Path, languages: tuple[str, ...]) -> None:
    from engines.device import device
    from engines.stt.whisper_network import WhisperNetwork

    WhisperNetwork(folder, device("cpu")).close()


def _opus(folder: Path, languages: tuple[str, ...]) -> None:
    from engines.device import device
    from engines.mt.opus_network import Model

    for pair in languages:
        Model(folder, pair.partition("-")[2], device("cpu")).close()


def _piper(folder: Path, languages: tuple[str, ...]) -> None:
    from engines.tts.piper import PiperVoice

    PiperVoice(languages[0], model=folder).close()


def _turn(folder: Path, languages: tuple[str, ...]) -> None:
    from engines.turn.smart_turn import SmartTurn

    SmartTurn(model=next(folder.glob("*.onnx"), folder / "smart-turn.onnx")).close()


def _xtts(folder: Path, languages: tuple[str, ...]) -> None:
    missing = [
        name for name in ("config.json", "model.pth", "vocab.json") if not (folder / name).is_file()
    ]
    if missing:
        raise EngineUnavailable(f"The XTTS model in {folder} lacks {' and '.join(missing)}.")


def _nothing(folder: Path, languages: tuple[str, ...]) -> None:
    """A form that no engine here runs."""


_CHECKS: Mapping[str, Callable[[Path, tuple[str, ...]], None]] = {
    "whisper": _whisper,
    "opus": _opus,
    "piper": _piper,
    "smart-turn": _turn,
    "xtts": _xtts,
}
