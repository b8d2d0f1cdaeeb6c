"""The routes of jobs: send a video, follow it, fetch what came of it."""

import asyncio
from collections.abc import AsyncIterable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import FileResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.service.described import BODY, EVENTS, refused
from app.service.guard import Owner
from app.service.job import Job, JobState
from app.service.task import REPORT
from app.service.views import JOBS, JobView, view
from app.service.wishes import Wishes

router = APIRouter(tags=["jobs"])
_LOOK = 0.25
_ASKED = refused(401, 429)
_NAMED = refused(401, 404, 429)
_SENT = refused(400, 401, 403, 408, 413, 415, 422, 429, 503, 507)


def _job(request: Request, id: str, owner: Owner) -> Job:
    job: Job | None = request.app.state.service.pool.store.get(id)
    if job is None or job.owner != owner:
        raise HTTPException(404, "There is no such job.")
    return job


Found = Annotated[Job, Depends(_job)]


def _shown(request: Request, job: Job) -> JobView:
    service = request.app.state.service
    ahead = service.pool.ahead_of(job) if job.state is JobState.QUEUED else 0
    return view(job, service.pool.progress(job), ahead, service.options.keep)


@router.post("/api/v1/lipsync", status_code=202, responses=_SENT, openapi_extra=BODY)
async def lipsync(request: Request, response: Response, owner: Owner) -> JobView:
    """Translate a video, or make its speaker say a text."""
    service = request.app.state.service
    service.guard.work(owner)
    job = await service.accepting.accept(request, owner)
    response.headers["Location"] = f"{JOBS}/{job.id}"
    return _shown(request, job)


@router.get(JOBS, responses=_ASKED)
def jobs(request: Request, owner: Owner) -> list[JobView]:
    """Your jobs, newest first."""
    return [_shown(request, job) for job in request.app.state.service.pool.store.of(owner)]


@router.get(JOBS + "/{id}", responses=_NAMED)
def job(request: Request, job: Found) -> JobView:
    """How far a job is."""
    return _shown(request, job)


@router.get(
    JOBS + "/{id}/events", responses={**_NAMED, **EVENTS}, response_class=EventSourceResponse
)
async def events(request: Request, job: Found) -> AsyncIterable[ServerSentEvent]:
    """How far it is, told each time that it changes, as server-sent events named by the state;
    the last one tells how it ended."""
    pool, told = request.app.state.service.pool, None
    while True:
        found = await asyncio.to_thread(pool.store.get, job.id)
        if found is None:
            return
        shown = _shown(request, found)
        if shown != told:
            told = shown
            yield ServerSentEvent(event=shown.state.value, raw_data=shown.model_dump_json())
        if found.state.over:
            return
        await asyncio.sleep(_LOOK)


@router.get(
    JOBS + "/{id}/result",
    response_class=FileResponse,
    responses={
        **refused(401, 404, 409, 410, 429),
        200: {"content": {"video/mp4": {}}, "description": "The video."},
    },
)
def result(request: Request, job: Found) -> FileResponse:
    """The video that was made. Parts of it can be asked for (Range)."""
    path = _kept(job, request.app.state.service.pool.result(job))
    return FileResponse(path, media_type="video/mp4", filename=f"{job.id}.mp4")


@router.get(
    JOBS + "/{id}/report",
    response_class=FileResponse,
    responses={
        **refused(401, 404, 409, 410, 429),
        200: {"content": {"application/json": {}}, "description": "The report."},
    },
)
def report(request: Request, job: Found) -> FileResponse:
    """What was heard and said, and when."""
    path = _kept(job, request.app.state.service.pool.folder(job.id) / REPORT)
    return FileResponse(path, media_type="application/json")


@router.delete(JOBS + "/{id}", responses={**_NAMED, **refused(403, 507)})
def cancel(request: Request, job: Found) -> JobView:
    """Give a job up. One that is over is forgotten, with its result."""
    pool = request.app.state.service.pool
    if not pool.cancel(job.id):
        pool.forget(job.id)
        return _shown(request, job)
    return _shown(request, pool.store.get(job.id) or job)


@router.get("/api/v1/settings", tags=["jobs"], include_in_schema=True)
def settings() -> dict[str, Any]:
    """What `settings` may hold, as a JSON schema."""
    return Wishes.model_json_schema()


def _kept(job: Job, path: Path) -> Path:
    """A file of a job that is done; a full disk may not have taken yet that it has expired."""
    if job.state is JobState.EXPIRED or (job.state is JobState.DONE and not path.is_file()):
        raise HTTPException(410, "The result has expired.")
    if job.state is not JobState.DONE:
        reason = f": {job.error}" if job.error else "."
        raise HTTPException(409, f"The job is {job.state.value}{reason}")
    return path
