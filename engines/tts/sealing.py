"""Encryption of what is kept of a speaker's voice: AES-256-GCM, with a key for each speaker.

The key lies in the system's keyring. Who gets at the files alone (a stick, a backup, another
system on the same disk) can do nothing with them; a program that runs as the user, while the
keyring is open, can. Where there is no keyring the key is a file that only the user can read, in
another folder: then whoever gets at both folders has the voice.
"""

import base64
import binascii
import configparser
import contextlib
import hashlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import platformdirs

from core.errors import CannotWrite, EngineUnavailable

log = logging.getLogger(__name__)

SERVICE = "translated-camera"
KEYRING, FILE = "the system's keyring", "a file that only you can read"

_MAGIC = b"TCV1"
_KEY, _NONCE = 32, 12
_OF_BACK_ENDS = (
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("dbus.exceptions", "DBusException"),
    ("win32ctypes.pywin32.pywintypes", "error"),
    ("pywintypes", "error"),
)
"""What keyring's back ends let through of the libraries they use; each system has others."""


def folder() -> Path:
    """Of the keys that no keyring took."""
    return platformdirs.user_state_path("translated-camera", appauthor=False) / "keys"


def seal(speaker: str, data: bytes) -> bytes:
    """The data, to be opened as this speaker's alone. CannotWrite when there is no place for a
    key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = next((key for key, _ in _keys(speaker)), None) or _made(speaker)
    nonce = os.urandom(_NONCE)
    return _MAGIC + nonce + AESGCM(key).encrypt(nonce, data, speaker.encode())


def unseal(speaker: str, sealed: bytes) -> bytes:
    """EngineUnavailable when the key is gone, or the data is damaged or another speaker's."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    keys = [AESGCM(key) for key, _ in _keys(speaker)]
    if not keys:
        raise EngineUnavailable(
            f"The key to the voice of {speaker} is not in this system's keyring, or that is "
            "locked. Unlock it, or learn the voice again."
        )
    start = len(_MAGIC) + _NONCE
    nonce, rest = sealed[len(_MAGIC) : start], sealed[start:]
    for key in keys if sealed.startswith(_MAGIC) else ():
        with contextlib.suppress(InvalidTag, ValueError):
            return key.decrypt(nonce, rest, speaker.encode())
    raise EngineUnavailable(
        f"What is kept of the voice of {speaker} is damaged, or its key is locked away; learn the "
        "voice again."
    )


def place(speaker: str) -> str:
    """Where the key of a speaker lies: KEYRING, FILE, or nothing when there is none."""
    return next((where for _, where in _keys(speaker)), "")


def forget(speaker: str) -> None:
    """Delete the key: copies of the sealed data are of no use to anybody from then on."""
    ring = _keyring()
    if ring is not None:
        with contextlib.suppress(*_troubles(ring)):
            ring.delete_password(SERVICE, _user(speaker))
    with contextlib.suppress(FileNotFoundError):
        _file(speaker).unlink()


def _keys(speaker: str) -> Iterator[tuple[bytes, str]]:
    """One in the keyring, one in a file: a keyring that was locked when a voice was learnt leaves
    the second beside a first."""
    ring = _keyring()
    if ring is not None:
        try:
            if key := _key(ring.get_password(SERVICE, _user(speaker))):
                yield key, KEYRING
        except _troubles(ring) as exc:
            log.info("the keyring does not answer: %s", exc)
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if key := _key(_file(speaker).read_text("ascii")):
            yield key, FILE


def _made(speaker: str) -> bytes:
    key = os.urandom(_KEY)
    told = base64.b64encode(key).decode()
    ring = _keyring()
    if ring is not None:
        try:
            ring.set_password(SERVICE, _user(speaker), told)
            if ring.get_password(SERVICE, _user(speaker)) == told:
                return key
        except _troubles(ring) as exc:
            log.info("the keyring takes no key (%s); it becomes a file", exc)
    _write(_file(speaker), told)
    return key


def _write(path: Path, text: str) -> None:
    """Nobody else can read it at any moment."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    except OSError as exc:
        raise CannotWrite(f"{path.parent} cannot be written to: {exc.strerror}.") from exc


def _keyring() -> Any:
    """None where the system has none, or the one that the user has set up cannot be had."""
    try:
        import keyring
        from keyring.backends import fail
    except ImportError:
        return None
    try:
        ring = keyring.get_keyring()
    except _troubles(keyring, ImportError, AttributeError, configparser.Error) as exc:
        log.info("there is no keyring: %s", exc)
        return None
    return None if isinstance(ring, fail.Keyring) else keyring


def _troubles(ring: Any, *more: type[Exception]) -> tuple[type[Exception], ...]:
    """Locked, refused by the user, or gone. A back end that is at work has its library loaded."""
    loaded = [
        (sys.modules[module], name) for module, name in _OF_BACK_ENDS if module in sys.modules
    ]
    theirs = (getattr(module, name) for module, name in loaded)
    return (ring.errors.KeyringError, OSError, RuntimeError, ValueError, *theirs, *more)


def _key(told: str | None) -> bytes | None:
    try:
        key = base64.b64decode(told or "", validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == _KEY else None


def _user(speaker: str) -> str:
    return f"voice of {speaker}"


def _file(speaker: str) -> Path:
    return folder() / f"{hashlib.sha256(speaker.encode()).hexdigest()[:32]}.key"
