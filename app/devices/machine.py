"""All that is asked about this machine: its system, its devices, and what the settings want."""

from dataclasses import dataclass, field

from app.devices.probes import Probes
from app.system import System
from core.config import Config


@dataclass(frozen=True)
class Machine:
    config: Config = field(default_factory=Config)
    system: System = field(default_factory=System)
    probes: Probes = field(default_factory=Probes)
