"""Speakers whose own voice may be spoken with: their recorded consent, and what XTTS learnt of the
voice, encrypted. One folder a speaker; forgetting one deletes all of it, the key first. No
recording is kept."""

import io
import json
import re
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
import platformdirs
from numpy.typing import NDArray

from core.errors import CannotWrite, EngineUnavailable, UsageError
from engines.tts import sealing

SHORTEST, LONGEST = 6.0, 12.0
"""Seconds of speech that a voice is learnt from."""

STATEMENT = "I am the speaker, and I agree that this program imitates my voice for translations."

_NAME = re.compile(r"[\w][\w .-]{0,60}")
_CONSENT, _LEARNT, _OPEN = "consent.json", "voice.sealed", "voice.npz"

Latents = tuple[NDArray[np.float32], NDArray[np.float32]]
"""What XTTS's language model and its decoder are told of a voice."""


@dataclass(frozen=True)
class Consent:
    """Who agreed to what and when; `model` is the one that learnt the voice."""

    speaker: str
    statement: str
    given: str
    model: str = ""


def folder() -> Path:
    return platformdirs.user_data_path("translated-camera", appauthor=False) / "voices"


def speakers() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in folder().glob(f"*/{_CONSENT}")))


def consent(speaker: str) -> Consent | None:
    """What the speaker agreed to; None when that is nothing."""
    try:
        return Consent(**json.loads((_place(speaker) / _CONSENT).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def give_consent(speaker: str, statement: str) -> Consent:
    """Record that the speaker agrees. UsageError unless the statement is the one that was shown."""
    if statement.strip() != STATEMENT:
        raise UsageError(f"A voice is only learnt from a speaker who says: {STATEMENT!r}")
    given = Consent(speaker, STATEMENT, time.strftime("%Y-%m-%dT%H:%M:%S%z"))
    _write(speaker, given)
    return given


def keep(speaker: str, latents: Latents, model: str) -> None:
    """Keep what was learnt of a speaker who agreed. EngineUnavailable without consent."""
    given = required(speaker)
    place = _place(speaker)
    packed = io.BytesIO()
    np.savez(packed, language=latents[0], sound=latents[1])
    sealed = sealing.seal(speaker, packed.getvalue())
    try:
        _replace(place / _LEARNT, sealed)
        (place / _OPEN).unlink(missing_ok=True)  # of a version that did not encrypt
    except OSError as exc:
        raise CannotWrite(f"{place} cannot be written to: {exc.strerror}.") from exc
    _write(speaker, Consent(given.speaker, given.statement, given.given, model))


def recall(speaker: str, model: str) -> Latents:
    """What a model learnt of a voice. EngineUnavailable without consent, or when it is not learnt
    or by another model."""
    given = required(speaker)
    path = _place(speaker) / _LEARNT
    if given.model != model or not path.is_file():
        raise EngineUnavailable(
            f"The voice of {speaker} has not been learnt by {model}. Learn it with "
            f"`translated-camera voices learn`, from {SHORTEST:g} to {LONGEST:g} seconds of speech."
        )
    try:
        packed = io.BytesIO(sealing.unseal(speaker, path.read_bytes()))
        with np.load(packed, allow_pickle=False) as held:
            return held["language"].astype(np.float32), held["sound"].astype(np.float32)
    except (OSError, ValueError, KeyError) as exc:
        raise EngineUnavailable(f"{path} is damaged; learn the voice again.") from exc


def required(speaker: str) -> Consent:
    given = consent(speaker)
    if given is None:
        raise EngineUnavailable(
            f"{speaker or 'Nobody'} has not agreed to be imitated. The speaker's own voice is only "
            "used after recorded consent: `translated-camera voices learn`."
        )
    return given


def forget(speaker: str) -> bool:
    """Delete the consent and all that was learnt; False when that was nothing."""
    place = _place(speaker)
    if not place.is_dir():
        return False
    sealing.forget(speaker)
    try:
        shutil.rmtree(place)
    except OSError as exc:
        raise CannotWrite(f"{exc.filename} cannot be deleted: {exc.strerror}.") from exc
    return True


def _place(speaker: str) -> Path:
    if not _NAME.fullmatch(speaker) or speaker != speaker.strip():
        if not speaker:
            return folder() / "_nobody"
        raise UsageError(f"{speaker!r} cannot be a speaker's name; use letters, digits and blanks.")
    return folder() / speaker


def _write(speaker: str, given: Consent) -> None:
    place = _place(speaker)
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(place / _CONSENT, (json.dumps(asdict(given), indent=1) + "\n").encode())
    except OSError as exc:
        raise CannotWrite(f"{place} cannot be written to: {exc.strerror}.") from exc


def _replace(path: Path, data: bytes) -> None:
    """All of it or none; whoever else writes at the same moment has a file of their own."""
    partial = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
