"""`serve`: the HTTP service, until it is told to end."""

import contextlib
import logging
import signal
import socket
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from rich.console import Console

from app.interrupts import when_closed
from app.service.api import application
from app.service.options import MIB, ServiceOptions
from app.service.patience import patient
from app.service.tokens import Tokens, find_tokens
from app.settings import load
from core.errors import DeviceUnavailable, UsageError
from engines.link.wire import LARGEST

_ENDING_S = 5
_HERE = "127.0.0.1,::1"
"""Where a proxy is whose word on its clients is taken."""


@dataclass(frozen=True)
class Request:
    """The command line as it was given; None means: as is usual."""

    host: str = "127.0.0.1"
    port: int = 8750
    folder: Path | None = None
    workers: int | None = None
    streams: int | None = None
    largest_mib: int | None = None
    longest: float | None = None
    waiting: int | None = None
    spare_mib: int | None = None
    keep_hours: float | None = None
    per_minute: int | None = None
    stall: float | None = None
    token_file: Path | None = None
    no_token: bool = False
    names: tuple[str, ...] = ()
    behind_proxy: bool = False
    certificate: Path | None = None
    key: Path | None = None
    config: Path | None = None
    quiet: bool = False


def run(request: Request) -> None:
    """Until Ctrl-C, SIGTERM or the end of its terminal; jobs at work are begun again by the next
    start."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, quiet=request.quiet)
    options = _options(request)
    options.check()
    tokens = _tokens(options)
    listener = _listen(options)
    if tokens is not None and tokens.made:
        # Also with --quiet: it is not shown again.
        Console(stderr=True, soft_wrap=True, highlight=False).print(
            f"The token of this service, shown this once: {tokens.made}", markup=False
        )
    host, port = listener.getsockname()[:2]
    scheme = "https" if options.certificate else "http"
    shown = f"[{host}]" if ":" in host else host
    console.print(f"Listening on {scheme}://{shown}:{port} (/docs describes it).", markup=False)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn passes on what ended it
        _serve(options, tokens, listener)
    console.print("Ended.")


def _serve(options: ServiceOptions, tokens: Tokens | None, listener: socket.socket) -> None:
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    settings = uvicorn.Config(
        application(options, tokens),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=options.behind_proxy,
        forwarded_allow_ips=_HERE,
        http=patient(options.stall),
        timeout_keep_alive=10,
        timeout_graceful_shutdown=_ENDING_S,
        ws="websockets-sansio",
        ws_max_size=LARGEST,
        ws_per_message_deflate=False,  # Opus and JPEG are compressed already
        ws_ping_interval=10.0,
        ws_ping_timeout=20.0,
        ssl_certfile=options.certificate,
        ssl_keyfile=options.key,
    )
    server = uvicorn.Server(settings)
    when_closed(lambda: signal.raise_signal(signal.SIGTERM))  # uvicorn does not know of it
    try:
        server.run([listener])
    finally:
        listener.close()
    if not server.started:
        raise UsageError("The service could not start; what is above says why.")


def _options(request: Request) -> ServiceOptions:
    found = load(request.config)
    if request.config is not None and not request.config.is_file():
        raise UsageError(f"There is no settings file {request.config}.")
    given = {
        "folder": request.folder,
        "workers": request.workers,
        "streams": request.streams,
        "largest": request.largest_mib and request.largest_mib * MIB,
        "longest": request.longest,
        "waiting": request.waiting,
        "spare": None if request.spare_mib is None else request.spare_mib * MIB,
        "keep": request.keep_hours and request.keep_hours * 3600,
        "per_minute": request.per_minute,
        "stall": request.stall,
        "token_file": request.token_file,
        "certificate": request.certificate,
        "key": request.key,
    }
    options = ServiceOptions(
        found.config,
        request.host,
        request.port,
        open_to_all=request.no_token,
        names=request.names,
        behind_proxy=request.behind_proxy,
    )
    chosen = {name: value for name, value in given.items() if value is not None}
    return replace(options, **chosen)  # type: ignore[arg-type]


def _tokens(options: ServiceOptions) -> Tokens | None:
    if options.open_to_all:
        return None
    file = options.token_file or options.folder / "token"
    return find_tokens(file, chosen=options.token_file is not None)


def _listen(options: ServiceOptions) -> socket.socket:
    """DeviceUnavailable when the port is taken: the one thing that cannot wait for uvicorn."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    # By its protocol asyncio knows that small messages must not wait for one another (Nagle).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # inherited: who takes nothing is cut off
            patience = round(2000 * options.stall)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, patience)
        listener.bind((options.host, options.port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise DeviceUnavailable(
            f"{options.host}:{options.port} cannot be listened on: {error.strerror}. Another "
            "service may be there; --port names another one."
        ) from error
    return listener
