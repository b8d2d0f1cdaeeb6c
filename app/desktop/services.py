"""`ui.services.Services` for the real program."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings
from app.desktop import autostart
from app.desktop.profiles import ProfileFolder
from app.desktop.recent_log import RecentLog
from core.config import Config, Enhance
from core.types import AudioChunk
from ui.services import Licence, ModelStore, Offer

if TYPE_CHECKING:
    from core.findings import Doctor, Finding


class DesktopServices:
    """`path` is the settings file; profiles lie in a folder beside it."""

    def __init__(self, path: Path | None, log: RecentLog) -> None:
        self._path = path or settings.default_path()
        self.first_run = not self._path.exists()
        loaded = settings.load(self._path)
        self.config = loaded.config
        self.problems = tuple(map(str, loaded.problems))
        self.profiles = ProfileFolder(self._path.parent / "profiles")
        self._log = log
        self._doctor: Doctor | None = None

    @property
    def models(self) -> ModelStore | None:
        from app.desktop.models import CatalogueStore

        return CatalogueStore()

    def save(self, config: Config) -> None:
        settings.save(config, self._path, self.config)
        self.config = config

    def offer(self, config: Config) -> Offer:
        from app.desktop.offer import offer

        return offer(config)

    def enhanced(self, heard: AudioChunk, settings: Enhance) -> AudioChunk:
        from app.desktop.hearing_yourself import enhanced

        return enhanced(heard, settings)

    def play(self, audio: AudioChunk) -> None:
        from app.desktop.hearing_yourself import play

        play(audio)

    def doctor(self) -> "Sequence[Finding]":
        return self._machine_doctor().findings()

    def fix(self, name: str) -> str:
        return self._machine_doctor().mend(name)

    def _machine_doctor(self) -> "Doctor":
        """One that remembers what it found; asked on threads, one at a time."""
        if self._doctor is None:
            from app.doctor.look import MachineDoctor

            self._doctor = MachineDoctor()
        return self._doctor

    def log_text(self) -> str:
        from app.desktop.diagnostics import without_home

        return without_home(self._log.text)

    def bundle(self, path: Path) -> None:
        from app.desktop.diagnostics import write_bundle

        write_bundle(path, self._log.text, self.doctor(), self.config)

    def version(self) -> str:
        from app.desktop.diagnostics import program_version

        return program_version()

    def licences(self) -> tuple[Licence, ...]:
        from app.desktop.diagnostics import licences

        return licences()

    @property
    def autostart(self) -> bool | None:
        return autostart.wanted() if autostart.available() else None

    def set_autostart(self, wanted: bool) -> None:
        autostart.want(wanted)
