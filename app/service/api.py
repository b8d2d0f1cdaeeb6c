"""The service as one application: its parts, and the routes to them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.service import health_api, jobs_api, stream_api
from app.service.accepting import Accepting
from app.service.card_turns import CardTurns
from app.service.described import describe
from app.service.guard import Guard
from app.service.meters import Meters
from app.service.options import ServiceOptions
from app.service.pool import Pool
from app.service.streams import Streams
from app.service.tokens import Tokens
from core.errors import CannotWrite
from engines.device import cards

_ABOUT = """Videos whose speakers speak another language, with their lips following, and live
streams of the same. What is made is marked as synthetic."""


class Service:
    """Made before anything listens; `close` ends its processes."""

    def __init__(self, options: ServiceOptions, tokens: Tokens | None) -> None:
        self.options = options
        self.meters = Meters()
        self.guard = Guard(options, tokens, self.meters)
        turns = CardTurns(options.config, cards())
        self.pool = Pool(options, self.meters, turns)
        self.accepting = Accepting(options, self.pool, self.meters)
        self.streams = Streams(options, self.meters, turns)
        self.pool.start()

    def close(self) -> None:
        self.streams.close()
        self.accepting.close()
        self.pool.close()


def application(options: ServiceOptions, tokens: Tokens | None) -> FastAPI:
    """Its lifespan makes the service and ends it. `tokens` is None when anybody may use it."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = service = await asyncio.to_thread(Service, options, tokens)
        try:
            yield
        finally:
            await asyncio.to_thread(service.close)

    app = FastAPI(
        title="Translated Camera",
        version=version("translated-camera"),
        description=_ABOUT,
        lifespan=life,
    )
    app.add_exception_handler(CannotWrite, _cannot_write)
    app.add_middleware(_Careful)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_names(options))
    for part in (jobs_api, stream_api, health_api):
        app.include_router(part.router)
    describe(app)
    return app


async def _cannot_write(request: Request, error: Exception) -> JSONResponse:
    """What the disk said has been logged; whose disk it is where is nobody else's business."""
    told = "The service's disk takes nothing. What was asked is done as far as that goes."
    return JSONResponse({"detail": told}, 507)


class _Careful:
    """Nothing is kept by browsers or proxies, or taken for what it is not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, answer)


def _names(options: ServiceOptions) -> list[str]:
    """Behind a wildcard address it cannot know its own names; there the token is what guards."""
    return options.hosts if options.host not in ("0.0.0.0", "::") else ["*"]
