"""The route of live streams."""

from fastapi import APIRouter, HTTPException, WebSocket
from fastapi.responses import JSONResponse

router = APIRouter(tags=["streams"])


@router.websocket("/api/v1/stream")
async def stream(socket: WebSocket) -> None:
    """Live sound and pictures one way, the translated voice and its picture the other. The hello
    comes first; docs/service.md describes the messages."""
    service = socket.app.state.service
    try:
        owner = service.guard.owner(socket)
        service.guard.work(owner)
        service.streams.room()
    except HTTPException as refusal:
        await socket.send_denial_response(
            JSONResponse({"detail": refusal.detail}, refusal.status_code, refusal.headers)
        )
        return
    await service.streams.serve(socket)
