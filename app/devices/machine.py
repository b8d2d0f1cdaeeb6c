"""All that is asked about this machine: its system, its devices, and what the settings want."""

from dataclasses import dataclass, field
from pathlib import Path

from app.devices.probes import Probes
from app.settings import Loaded, load
from app.system import System
from core.config import Config
from core.errors import UsageError


@dataclass(frozen=True)
class Machine:
    config: Config = field(default_factory=Config)
    system: System = field(default_factory=System)
    probes: Probes = field(default_factory=Probes)


def loaded(path: Path | None) -> Loaded:
    """The user's settings, or those of another file. UsageError when that is not there."""
    if path is not None and not path.is_file():
        raise UsageError(f"There is no settings file {path}.")
    return load(path)
