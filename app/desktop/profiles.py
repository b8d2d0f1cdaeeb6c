"""Settings kept by name: one TOML file each, in a folder beside the settings file."""

import re
from pathlib import Path

from app import settings
from core.config import Config
from core.errors import CannotWrite, UnreadableInput, UsageError
from core.settings_file import read

_NAME = re.compile(r"[\w][\w .-]{0,60}")


class ProfileFolder:
    """`ui.services.Profiles`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(path.stem for path in self._folder.glob("*.toml")))

    def save(self, name: str, config: Config) -> None:
        """In place of an earlier one of that name. UsageError for a name that no file can have."""
        self.export(config, self._path(name))

    def load(self, name: str) -> Config:
        config, _ = self.bring(self._path(name))
        return config

    def remove(self, name: str) -> None:
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise CannotWrite(f"{name} cannot be removed: {error.strerror}.") from error

    def export(self, config: Config, path: Path) -> None:
        """All that differs from the defaults; nothing of an earlier file stays."""
        path = path if path.suffix else path.with_suffix(".toml")
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise CannotWrite(f"{path} cannot be written: {error.strerror}.") from error
        settings.save(config, path)
        path.touch()

    def bring(self, path: Path) -> tuple[Config, tuple[str, ...]]:
        try:
            config, problems = read(path.read_text("utf-8-sig"), path.name)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", "") or "this is not UTF-8 text"
            raise UnreadableInput(f"{path} cannot be read: {reason}.") from error
        return config, tuple(map(str, problems))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise UsageError(f"{name!r} cannot be a profile's name; use letters and digits.")
        return self._folder / f"{name}.toml"
