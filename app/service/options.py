"""What whoever starts the service may choose, and whether it makes sense."""

import ipaddress
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from core.config import Config
from core.errors import UsageError

MIB = 1024 * 1024
_NAME = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*")


@dataclass(frozen=True)
class ServiceOptions:
    """Sizes in bytes, times in seconds."""

    config: Config = field(default_factory=Config)
    host: str = "127.0.0.1"
    port: int = 8750
    folder: Path = field(default_factory=lambda: default_folder())
    workers: int = field(default_factory=lambda: max(1, (os.cpu_count() or 2) // 2))
    """Jobs that are worked on at once, each in a process of its own."""
    waiting: int = 32
    """Jobs that may wait."""
    streams: int = 4
    """Live streams at once."""
    largest: int = 512 * MIB
    longest: float = 600.0
    """How much video a job may have, in size and in time."""
    spare: int = 1024 * MIB
    """Room that is left on the disk."""
    keep: float = 24 * 3600.0
    """How long a result can be fetched."""
    per_minute: int = 60
    """Jobs and streams that one owner may ask for."""
    stall: float = 30.0
    """An upload, or a stream, of which nothing comes for so long is given up."""
    token_file: Path | None = None
    open_to_all: bool = False
    """Without a token; only on loopback."""
    names: tuple[str, ...] = ()
    """Under which others call it, as a proxy passes them on; `*.` at the front stands for any."""
    behind_proxy: bool = False
    """Whether a proxy on this machine is believed from where its requests come."""
    certificate: Path | None = None
    key: Path | None = None

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def hosts(self) -> list[str]:
        """Names under which it answers. A page elsewhere whose name is made to mean this machine
        is not among them."""
        named = ["localhost", "127.0.0.1", "::1", self.host, *map(str.lower, self.names)]
        return [f"[{one}]" if ":" in one else one for one in named]

    def check(self) -> None:
        """UsageError for what must not, or cannot, be."""
        if self.open_to_all and not self.loopback:
            raise UsageError(
                f"Without a token the service listens on this machine only, not on {self.host}."
            )
        if self.open_to_all and self.behind_proxy:
            raise UsageError("Without a token the service is not for those beyond a proxy.")
        for name in self.names:
            if not _NAME.fullmatch(name.lower()):
                raise UsageError(f"{name!r} is no name of a host: cam.example.org would be one.")
        if (self.certificate is None) is not (self.key is None):
            raise UsageError("TLS needs both: --certificate and --key.")
        for file in filter(None, (self.certificate, self.key)):
            if not file.is_file():
                raise UsageError(f"There is no file {file}.")


def default_folder() -> Path:
    return platformdirs.user_data_path("translated-camera", appauthor=False) / "service"


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
