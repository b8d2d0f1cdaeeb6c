"""The user's settings file: where it is, what it says, and writing to it.

It belongs to the user: writing changes the settings that differ and leaves comments, order and
whatever is not understood as they are.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from core.config import Config
from core.errors import CannotWrite, UsageError
from core.settings_file import Problem, read

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Loaded:
    """Settings that can be used, and what was wrong with the file that they come from."""

    config: Config
    problems: tuple[Problem, ...] = ()


def default_path() -> Path:
    return platformdirs.user_config_path("translated-camera", appauthor=False) / "settings.toml"


def load(path: Path | None = None) -> Loaded:
    """What the file says, defaults for the rest; all defaults when there is no file. Never
    raises for what is in the file or for not being let in: that is a problem, logged once."""
    path = path or default_path()
    try:
        config, problems = read(path.read_text("utf-8-sig"), str(path))
    except FileNotFoundError:
        return Loaded(Config())
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        config, problems = Config(), (Problem(str(path), line, "this is not UTF-8 text"),)
    except OSError as error:
        config, problems = Config(), (Problem(str(path), 0, f"cannot be read: {error.strerror}"),)
    for problem in problems:
        log.warning("%s", problem.told)
    return Loaded(config, problems)


def load_asked(path: Path | None) -> Loaded:
    """As `load`, for a file that somebody named: UsageError when it is not there."""
    if path is not None and not path.is_file():
        raise UsageError(f"There is no settings file {path}.")
    return load(path)


def save(config: Config, path: Path | None = None, before: Config | None = None) -> None:
    """Write what differs from the file, or only what has changed since the file said what `before`
    does; a wrong value in it stays until its setting is changed. A file that is no TOML is kept
    beside, under another name. CannotWrite when that fails."""
    # Reading needs none of what writing needs, and the window is waiting for it.
    from app.settings_writing import write

    path = (path or default_path()).resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(config, path, before)
    except OSError as error:
        raise CannotWrite(f"The settings cannot be written to {path}: {error.strerror}.") from error
