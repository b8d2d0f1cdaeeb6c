"""Who may do what, how often: the bearer token, the rate limit, the name that was called."""

import time
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection

from app.service.meters import Meters
from app.service.options import ServiceOptions, is_loopback
from app.service.tokens import OWNER, Tokens

GUESSES = 20
"""Wrong tokens that one address may try in a minute."""
_scheme = HTTPBearer(auto_error=False, description="The token that the service was started with.")


class Guard:
    """Of one service. `tokens` is None when anybody may use it."""

    def __init__(self, options: ServiceOptions, tokens: Tokens | None, meters: Meters) -> None:
        self._options, self._tokens, self._meters = options, tokens, meters
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._work = RateLimitItemPerMinute(options.per_minute)
        self._guess = RateLimitItemPerMinute(GUESSES)

    def owner(self, connection: HTTPConnection) -> str:
        """Whose request this is; 401 when nobody's. An address that keeps guessing is kept out.
        403 for another site's page in a browser here, where no token keeps it away."""
        if self._tokens is None:
            if _foreign(connection):
                text = "Pages of other sites may not use a service that wants no token."
                raise self._refusal(403, "origin", text)
            return OWNER
        address = connection.client.host if connection.client else ""
        if not self._limiter.test(self._guess, "guess", address):
            raise self._refusal(429, "limit", "Too many wrong tokens.", {"Retry-After": "60"})
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        text = "A token is needed: Authorization: Bearer TOKEN."
        if scheme.lower() == "bearer" and token:
            if owner := self._tokens.owner(token.strip()):
                return owner
            self._limiter.hit(self._guess, "guess", address)
            text = "This is not a token of this service."
        raise self._refusal(401, "token", text, {"WWW-Authenticate": "Bearer"})

    def near(self, connection: HTTPConnection) -> bool:
        """Whether it comes from this machine, and not through a proxy here from elsewhere."""
        passed_on = any(
            name in ("forwarded", "via", "x-real-ip") or name.startswith("x-forwarded-")
            for name in connection.headers
        )
        address = connection.client.host if connection.client else ""
        return self._options.loopback and is_loopback(address) and not passed_on

    def work(self, owner: str) -> None:
        """One more job or stream of this owner; 429, with the seconds to wait, when it is one
        too many for this minute."""
        if not self._limiter.hit(self._work, "work", owner):
            reset = self._limiter.get_window_stats(self._work, "work", owner).reset_time
            wait = max(1, round(reset - time.time()))
            raise self._refusal(
                429,
                "limit",
                f"{self._options.per_minute} jobs and streams a minute are the limit.",
                {"Retry-After": str(wait)},
            )

    def _refusal(
        self, status: int, reason: str, text: str, headers: dict[str, str] | None = None
    ) -> HTTPException:
        self._meters.refused.labels(reason).inc()
        return HTTPException(status, text, headers)


def _foreign(connection: HTTPConnection) -> bool:
    """Whether a page that was not loaded from here wants to change something. Browsers say where
    it is from; programs say nothing."""
    if connection.scope.get("method", "") in ("GET", "HEAD", "OPTIONS"):
        return False
    origin = connection.headers.get("origin")
    try:
        return origin is not None and urlsplit(origin).netloc != connection.headers.get("host", "")
    except ValueError:  # it is no address at all
        return True


def owner_of(
    request: Request,
    # For the description of the interface; the guard reads the header itself.
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)] = None,
) -> str:
    guard: Guard = request.app.state.service.guard
    return guard.owner(request)


Owner = Annotated[str, Depends(owner_of)]
