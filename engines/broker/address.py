"""Where a broker is and who asks; and what its refusals mean in plain words.

A password is never in a text that may be shown or logged: use `Address.shown`.
"""

import ssl
from dataclasses import dataclass, field

from aio_pika.exceptions import (
    AuthenticationError,
    ChannelClosed,
    ChannelPreconditionFailed,
    ConnectionClosed,
    InvalidFrameError,
    ProbableAuthenticationError,
)
from yarl import URL

from core.errors import EngineUnavailable, UsageError

HEARTBEAT_S = 3
"""A connection that is silent for two of these is given up by either end."""

_PORTS = {"amqp": 5672, "amqps": 5671}
_ACCESS_REFUSED, _NOT_ALLOWED = 403, 530


@dataclass(frozen=True)
class Address:
    url: URL = field(repr=False)

    @property
    def shown(self) -> str:
        """For people: without the password."""
        host = self.url.host or ""
        host = f"[{host}]" if ":" in host else host
        return f"{self.url.scheme}://{host}:{self.url.port}{self.url.path}"


def address(text: str) -> Address:
    """Of `amqp://user:password@host:port/virtual-host`, amqps for TLS. UsageError if it is none;
    the sentence does not repeat it, since a password may be in it."""
    try:
        url = URL(text.strip())
        port = url.port or _PORTS.get(url.scheme)
    except ValueError:
        url, port = URL(), None
    if url.scheme not in _PORTS or not url.host or port is None:
        raise UsageError("A broker's address is written amqp://user:password@host:5672/.")
    url = url.with_port(port)
    if url.path in ("", "/"):
        url = url.with_path("/", keep_query=True)
    return Address(url.update_query(heartbeat=HEARTBEAT_S))


def explained(error: BaseException, at: Address) -> EngineUnavailable:
    """What the broker at `at`, or the way to it, meant by an error."""
    return EngineUnavailable(_sentence(error, at))


def _sentence(error: BaseException, at: Address) -> str:
    code = error.args[0] if error.args else None
    refused = isinstance(error, ConnectionClosed) and code == _ACCESS_REFUSED
    if refused or isinstance(error, AuthenticationError | ProbableAuthenticationError):
        return f"The broker at {at.shown} refuses this user name or password."
    # Asked for a virtual host that is not there, RabbitMQ closes in the middle of the greeting.
    if isinstance(error, InvalidFrameError) or (
        isinstance(error, ConnectionClosed) and code == _NOT_ALLOWED
    ):
        return f"The broker at {at.shown} has no such virtual host, or not for this user."
    if isinstance(error, ChannelPreconditionFailed):
        return (
            f"A queue at {at.shown} was declared with other settings ({_told(error)}). Delete it "
            "there (rabbitmqctl delete_queue NAME), or use a virtual host of your own."
        )
    if isinstance(error, ChannelClosed):
        return f"The broker at {at.shown} refuses: {_told(error)}."
    if isinstance(cause := error.__cause__, ssl.SSLCertVerificationError):
        told = cause.verify_message
        return f"The certificate of the broker at {at.shown} is not trusted ({told})."
    if isinstance(cause, ssl.SSLError):
        return f"What answers at {at.shown} does not speak TLS as asked ({cause.reason})."
    return f"No broker answers at {at.shown}. Is RabbitMQ running there?"


def _told(error: BaseException) -> str:
    """The broker's own words."""
    return str(error.args[-1]).split(" - ", 1)[-1] if error.args else type(error).__name__
