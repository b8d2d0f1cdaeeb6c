"""Who may use the service: bearer tokens, from the environment or a file, made at the first start.

A token file has one a line, `NAME TOKEN`; a line with one word is the token of "owner". Each name
owns its jobs: others neither see nor slow them down.
"""

import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from core.errors import CannotWrite, UsageError

VARIABLE = "TRANSLATED_CAMERA_TOKEN"
OWNER = "owner"
SHORTEST = 16


class Tokens:
    """Keeps no token, only what each one hashes to."""

    def __init__(self, tokens: Mapping[str, str], made: str = "") -> None:
        """By owner. `made` is the one that has just been generated, to be shown once."""
        for name, token in tokens.items():
            if len(token) < SHORTEST or not (token.isascii() and token.isprintable()):
                raise UsageError(
                    f"The token of {name!r} must be {SHORTEST} or more plain letters and digits."
                )
        self._hashes = {name: _hash(token) for name, token in tokens.items()}
        self.made = made

    def owner(self, token: str) -> str | None:
        """Whose token this is. Takes as long for a wrong one, however wrong."""
        given, found = _hash(token), None
        for name, known in self._hashes.items():
            if hmac.compare_digest(given, known):
                found = name
        return found


def find_tokens(path: Path, *, chosen: bool) -> Tokens:
    """Of the environment, else of the file; one is generated into the file when it is not there,
    unless the file was `chosen` by name. UsageError for a file that others may read."""
    if given := os.environ.get(VARIABLE, ""):
        return Tokens({OWNER: given})
    if path.exists() or chosen:
        return Tokens(_read(path))
    token = secrets.token_urlsafe(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{OWNER} {token}\n")
    except OSError as error:
        raise CannotWrite(f"The token cannot be kept in {path}: {error.strerror}.") from error
    return Tokens({OWNER: token}, token)


def _read(path: Path) -> dict[str, str]:
    try:
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            raise UsageError(f"Others may read {path}. Make it yours alone: chmod 600 {path}")
        lines = [line.split() for line in path.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The tokens cannot be read from {path}: {error}.") from error
    words = [line for line in lines if line and not line[0].startswith("#")]
    if not words or any(len(line) > 2 for line in words):
        raise UsageError(f"{path} is to hold one token a line, as NAME TOKEN.")
    return {line[0] if len(line) == 2 else OWNER: line[-1] for line in words}


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()
