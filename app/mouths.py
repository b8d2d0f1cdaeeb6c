"""The mouths that were learnt: one file for each speaker who was given a name."""

import logging
import re
from pathlib import Path

import platformdirs

from core.errors import CannotWrite, UnreadableInput, UsageError
from core.ports import Lips

log = logging.getLogger(__name__)

_NAME = re.compile(r"[\w][\w .-]{0,60}")


def folder() -> Path:
    return platformdirs.user_data_path("translated-camera", appauthor=False) / "mouths"


def path_of(name: str) -> Path:
    """UsageError for a name that cannot be a file's."""
    if not _NAME.fullmatch(name) or name != name.strip():
        raise UsageError(f"{name!r} cannot be a speaker's name; use letters, digits and blanks.")
    return folder() / f"{name}.npz"


def names() -> list[str]:
    return sorted(path.stem for path in folder().glob("*.npz"))


def recall(lips: Lips, name: str) -> bool:
    """Let the lips go on with what is known of a speaker; False when that is nothing. A file
    that cannot be read is left alone, and said in the log."""
    path = path_of(name)
    if not path.exists():
        return False
    try:
        lips.load(path)
    except UnreadableInput as error:
        log.warning("%s The mouth is learnt anew.", error)
        return False
    return True


def keep(lips: Lips, name: str) -> None:
    """CannotWrite when that fails."""
    path = path_of(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"{path.parent} cannot be made: {error.strerror}.") from error
    lips.save(path)


def forget(name: str) -> bool:
    """Delete what is known of a speaker; False when that was nothing."""
    path = path_of(name)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise CannotWrite(f"{path} cannot be deleted: {error.strerror}.") from error
    return True
