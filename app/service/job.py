"""What a job is: what was asked for, and how far it has come."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def over(self) -> bool:
        return self not in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class Job:
    """`settings` is what the client asked for, `facts` what its video is, `figures` what came of
    it. The words to be said, in `text`, are forgotten when the job is over."""

    id: str
    owner: str
    video: str
    """The name of the file in the job's folder; ours, never the client's."""
    language: str
    text: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    state: JobState = JobState.QUEUED
    error: str = ""
    tries: int = 0
    created: float = 0.0
    finished: float = 0.0
