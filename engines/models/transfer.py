"""One file from the hub to the disk, taken up again where it was broken off.

huggingface_hub knows the hub: addresses, mirrors (HF_ENDPOINT), proxies, what a file should hash
to. Its own downloads throw away what came before an interruption, so the bytes are moved here.
"""

import hashlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import httpx2
import huggingface_hub
from huggingface_hub import get_session
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils._http import hf_raise_for_status

from core.errors import CannotWrite, EngineUnavailable, Interrupted
from engines.models.store import File

log = logging.getLogger(__name__)

TRIES = 5
_TIMEOUT = 30.0

Progress = Callable[[int, int], bool]
"""Told the bytes that are there and all of them; False stops the download."""


class Damaged(EngineUnavailable):
    """What came is not what was promised."""


@dataclass(frozen=True)
class Offered:
    """A file as the hub has it: where, how large, and its hash where the hub tells one."""

    url: str
    size: int
    sha256: str
    commit: str


def offered(source: str, revision: str, path: str) -> Offered:
    """Ask the hub about a file. EngineUnavailable when it does not answer or has no such file."""
    endpoint = os.environ.get("HF_ENDPOINT")
    url = huggingface_hub.hf_hub_url(source, path, revision=revision, endpoint=endpoint)
    try:
        told = huggingface_hub.get_hf_file_metadata(url, token=False, timeout=_TIMEOUT)
    except (httpx2.HTTPError, HfHubHTTPError, OfflineModeIsEnabled, OSError) as exc:
        raise EngineUnavailable(f"{path} of {source} cannot be had: {_why(exc)}.") from exc
    etag = told.etag or ""
    return Offered(
        told.location, told.size or 0, etag if len(etag) == 64 else "", told.commit_hash or ""
    )


def fetch(offer: Offered, wanted: File, to: Path, moved: Callable[[int], bool]) -> File:
    """The file at `to`, verified. What an earlier try left in `to`.part is used; `moved` is told
    the bytes that are there, and stops the transfer by answering False (Interrupted). CannotWrite
    when the disk is full, Damaged when the hash is another (the part is thrown away then)."""
    part = to.with_name(f"{to.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    size = offer.size or wanted.size
    for number in range(TRIES):
        try:
            if not size or _held(part) < size:
                _move(offer.url, part, moved)
            break
        except httpx2.HTTPError as exc:
            if number == TRIES - 1:
                raise EngineUnavailable(
                    f"{to.name} came only in part ({_why(exc)}). Start again: what is here is used."
                ) from exc
            log.info("the transfer of %s broke (%s); it is taken up again", to.name, exc)
        except HfHubHTTPError as exc:
            raise EngineUnavailable(f"{to.name} cannot be had: {_why(exc)}.") from exc
        except OSError as exc:
            raise CannotWrite(f"{part} cannot be written: {exc.strerror or exc}.") from exc
    digest = hash_of(part)
    promised = wanted.sha256 or offer.sha256
    if (promised and digest != promised) or (size and _held(part) != size) or not _held(part):
        part.unlink()
        raise Damaged(
            f"{to.name} is not the file that was promised, and was thrown away. Try again; if that "
            "does not help, the file at its source has changed."
        )
    part.replace(to)
    return File(wanted.path, to.stat().st_size, digest)


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _move(url: str, part: Path, moved: Callable[[int], bool]) -> None:
    held = _held(part)
    headers: dict[str, str] = build_hf_headers(token=False) | {"Accept-Encoding": "identity"}
    if held:
        headers["Range"] = f"bytes={held}-"
    client: Any = get_session()
    with client.stream(
        "GET", url, headers=headers, timeout=_TIMEOUT, follow_redirects=True
    ) as answer:
        if answer.status_code == 416:  # all of it is here already
            return
        hf_raise_for_status(answer)
        # A server that cannot take up a transfer sends the whole file again.
        mode = "ab" if answer.status_code == 206 else "wb"
        with part.open(mode) as file:
            for chunk in answer.iter_bytes():
                file.write(chunk)
                if not moved(file.tell()):
                    raise Interrupted("The download was stopped. What is here is used next time.")


def _held(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _why(exc: BaseException) -> str:
    if isinstance(exc, OfflineModeIsEnabled):
        return "HF_HUB_OFFLINE forbids the network"
    if isinstance(exc, httpx2.ConnectError | httpx2.TimeoutException):
        return "the hub does not answer; is there a network, and does HF_ENDPOINT name a mirror"
    return str(exc).strip().splitlines()[0].rstrip(".") if str(exc) else type(exc).__name__
