"""From a form to a job: everything that is looked at before work begins."""

import asyncio
import contextlib
import shutil
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

from fastapi import HTTPException, Request
from pydantic import ValidationError

from app.service.check import Facts
from app.service.job import Job
from app.service.meters import Meters
from app.service.options import ServiceOptions
from app.service.pool import Pool
from app.service.room import Room, is_full
from app.service.upload import Allowed, Upload, receive
from app.service.wishes import LONGEST_TEXT, Wishes, known_language
from core.errors import CannotWrite, NothingToTranslate, UnreadableInput, UsageError
from core.process import Remote, WorkerDied

FIELDS = ("text", "target_language", "settings")
_CHECK_S = 20.0
_STATUS = {UnreadableInput: 415, UsageError: 413, NothingToTranslate: 422}


class Accepting:
    """Of one service. It has a worker process of its own in which videos are looked at."""

    def __init__(self, options: ServiceOptions, pool: Pool, meters: Meters) -> None:
        self._options, self._pool, self._meters = options, pool, meters
        self.room = room = Room(options.folder, options.spare)
        self._allowed = Allowed(options.largest, room, options.stall)
        self._checker = Remote("app.service.check:Checker", timeout=_CHECK_S, tries=1)
        self._checking = asyncio.Lock()

    @property
    def pid(self) -> int:
        return self._checker.pid

    def close(self) -> None:
        self._checker.close()

    async def accept(self, request: Request, owner: str) -> Job:
        """The job, which waits from here on. HTTPException for everything that is wrong."""
        if self._pool.full:
            raise self.busy()
        id = uuid.uuid4().hex
        async with self._folder(id) as folder:
            upload = await receive(request, folder / "upload", self._allowed)
            language, text, wishes = self._understood(upload)
            video, facts = await self._checked(folder / "upload", sound=not text)
            if self._pool.full:
                raise self.busy()
            job = Job(
                id=id,
                owner=owner,
                video=video,
                language=language,
                text=text,
                settings=wishes.model_dump(exclude_defaults=True),
                facts={**asdict(facts), "bytes": upload.size},
                created=time.time(),
            )
            await asyncio.to_thread(self._pool.add, job)
            return job

    def busy(self) -> HTTPException:
        self._meters.refused.labels("busy").inc()
        return HTTPException(
            503, "There are too many jobs already. Try again later.", {"Retry-After": "10"}
        )

    @contextlib.asynccontextmanager
    async def _folder(self, id: str) -> AsyncIterator[Path]:
        """Gone again when the job is not accepted, whatever the reason."""
        folder = self._pool.folder(id)
        try:
            folder.mkdir(mode=0o700)
            yield folder
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, HTTPException):
                self._meters.refused.labels(str(error.status_code)).inc()
            if isinstance(error, CannotWrite) or is_full(error):
                raise HTTPException(507, "The service cannot keep another job.") from error
            raise

    def _understood(self, upload: Upload) -> tuple[str, str, Wishes]:
        fields = upload.fields
        if strange := sorted(set(fields) - set(FIELDS)):
            raise HTTPException(
                422, f"There is no field {strange[0][:40]!r}; there are: {', '.join(FIELDS)}."
            )
        text = _spoken(fields.get("text", ""))
        wanted = fields.get("target_language", "").strip()
        if "text" in fields and not text:
            raise HTTPException(422, "The text holds nothing that can be said.")
        if not (text or wanted):
            raise HTTPException(422, "Send a target_language, or a text that is to be said.")
        try:
            language = known_language(wanted or self._options.config.languages.target)
            wishes = Wishes.model_validate_json(fields.get("settings") or "{}")
        except ValidationError as error:
            raise HTTPException(422, _sentence(error)) from None
        except ValueError as error:
            raise HTTPException(422, str(error)) from None
        source = wishes.source_language or self._options.config.languages.source
        if not text and known_language(source) == language:
            raise HTTPException(422, "That is the language that is spoken in it already.")
        return language, text, wishes

    async def _checked(self, path: Path, *, sound: bool) -> tuple[str, Facts]:
        """The video's name in the job's folder, and what it is."""
        try:
            async with self._checking:
                ending, facts = await asyncio.to_thread(
                    self._checker.call, "check", path, self._options.longest, sound
                )
        except WorkerDied:
            raise HTTPException(415, "The video cannot be looked at without breaking.") from None
        except (UnreadableInput, UsageError, NothingToTranslate) as error:
            raise HTTPException(_STATUS[type(error)], str(error)) from None
        return path.rename(path.with_name(f"video{ending}")).name, facts


def _spoken(text: str) -> str:
    """Without signs that are none, and not too long."""
    if len(text) > LONGEST_TEXT:
        raise HTTPException(413, f"The text may have {LONGEST_TEXT} signs at most.")
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def _sentence(error: ValidationError) -> str:
    """What is wrong with the settings, without what was sent."""
    told = []
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(map(str, one["loc"]))
        told.append(f"settings{'.' if place else ''}{place}: {one['msg']}")
    return "; ".join(told[:5])
