"""`ui.services.Services` for the real program."""

from collections.abc import Sequence
from pathlib import Path

from app import settings
from app.desktop import autostart, diagnostics
from app.desktop.profiles import ProfileFolder
from core.config import Config
from core.findings import Finding
from ui.services import Licence, ModelStore, Offer


class DesktopServices:
    """`path` is the settings file; profiles lie in a folder beside it."""

    def __init__(self, path: Path | None, log: diagnostics.RecentLog) -> None:
        self._path = path or settings.default_path()
        self.first_run = not self._path.exists()
        loaded = settings.load(self._path)
        self.config = loaded.config
        self.problems = tuple(map(str, loaded.problems))
        self.profiles = ProfileFolder(self._path.parent / "profiles")
        self._log = log

    @property
    def models(self) -> ModelStore | None:
        from app.desktop.models import store

        return store()

    def save(self, config: Config) -> None:
        settings.save(config, self._path)
        self.config = config

    def offer(self, config: Config) -> Offer:
        from app.desktop.offer import offer

        return offer(config)

    def doctor(self) -> Sequence[Finding]:
        from app.desktop.findings import findings

        return findings()

    def fix(self, name: str) -> str:
        from app.desktop.findings import fix

        return fix(name)

    def log_text(self) -> str:
        return diagnostics.without_home(self._log.text)

    def bundle(self, path: Path) -> None:
        diagnostics.write_bundle(path, self._log.text, self.doctor(), self.config)

    def version(self) -> str:
        return diagnostics.program_version()

    def licences(self) -> tuple[Licence, ...]:
        return diagnostics.licences()

    @property
    def autostart(self) -> bool | None:
        return autostart.wanted() if autostart.available() else None

    def set_autostart(self, wanted: bool) -> None:
        autostart.want(wanted)
