"""What clients are told about a job."""

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.service.job import Job, JobState

JOBS = "/api/v1/jobs"
EXAMPLE: dict[str, Any] = {
    "id": "0f3c5a3e8f5a4a6f9d0f8b1c2d3e4f50",
    "state": "running",
    "progress": 0.42,
    "ahead": 0,
    "error": "",
    "language": "es",
    "created": "2026-01-01T12:00:00Z",
    "video": {"width": 1280, "height": 720, "fps": 30.0, "duration": 12.4, "codec": "h264"},
    "figures": {},
    "result": None,
    "events": f"{JOBS}/0f3c5a3e8f5a4a6f9d0f8b1c2d3e4f50/events",
}


class JobView(BaseModel):
    model_config = {"json_schema_extra": {"examples": [EXAMPLE]}}

    id: str
    state: JobState
    progress: float = Field(description="How much of it is done, 0 to 1.")
    ahead: int = Field(description="Jobs that wait and came before it.")
    error: str = Field(description="Why it failed.")
    language: str
    created: datetime
    finished: datetime | None = None
    expires: datetime | None = Field(None, description="Until when the result can be fetched.")
    video: dict[str, Any] = Field(description="What was sent.")
    figures: dict[str, Any] = Field(description="What came of it, when it is done.")
    result: str | None = None
    report: str | None = None
    events: str


class Refusal(BaseModel):
    """How every refusal looks."""

    model_config = {"json_schema_extra": {"examples": [{"detail": "There is no such job."}]}}

    detail: str


class Health(BaseModel):
    model_config = {"json_schema_extra": {"examples": [{"ok": True, "reason": ""}]}}

    ok: bool
    reason: str = ""


def view(job: Job, progress: float, ahead: int, keep: float) -> JobView:
    path = f"{JOBS}/{job.id}"
    done = job.state is JobState.DONE
    return JobView(
        id=job.id,
        state=job.state,
        progress=round(progress, 4),
        ahead=ahead,
        error=job.error,
        language=job.language,
        created=_time(job.created),
        finished=_time(job.finished) if job.finished else None,
        expires=_time(job.finished + keep) if done else None,
        video=job.facts,
        figures=job.figures,
        result=f"{path}/result" if done else None,
        report=f"{path}/report" if done else None,
        events=f"{path}/events",
    )


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
