"""Whether the service lives, whether it can take work, and what it measures of itself."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from app.service.described import FIGURES, Responses, refused
from app.service.guard import owner_of
from app.service.views import Health

router = APIRouter(tags=["health"])
_NOT_READY: Responses = {
    503: {
        "model": Health,
        "description": "It cannot.",
        "content": {
            "application/json": {"example": {"ok": False, "reason": "Too many jobs wait."}}
        },
    }
}


@router.get("/healthz")
async def healthz() -> Health:
    """It runs."""
    return Health(ok=True)


@router.get("/readyz", response_model=Health, responses=_NOT_READY)
def readyz(request: Request) -> JSONResponse:
    """It can take a job."""
    service = request.app.state.service
    reason = ""
    if not service.pool.ready:
        reason = "The worker processes are starting."
    elif service.pool.full:
        reason = "Too many jobs wait."
    elif service.accepting.room.full:
        reason = "The disk is full."
    health = Health(ok=not reason, reason=reason)
    return JSONResponse(health.model_dump(), 503 if reason else 200)


@router.get("/metrics", response_class=Response, responses={**FIGURES, **refused(401, 429)})
def metrics(request: Request) -> Response:
    """For Prometheus. Beyond this machine, or through a proxy, it wants the token."""
    service = request.app.state.service
    if not service.guard.near(request):
        owner_of(request)
    workers = {**service.pool.processes, "check": service.accepting.pid, **service.streams.pids}
    return Response(service.meters.text(workers), media_type=CONTENT_TYPE_LATEST)
