"""Files of text that commands write: captions, reports, figures. They are checked before any work
begins, and are no more in the way of other files than a translated clip itself."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from core.errors import CannotWrite, UsageError

_LENT = ("/dev", "/proc")


def caption_files(target: Path, formats: Iterable[str], languages: tuple[str, str]) -> list[Path]:
    """One for each format and language, the spoken language first: talk.en.srt, talk.es.srt."""
    return [target.with_suffix(f".{code}.{form}") for form in formats for code in languages]


def refuse(paths: Iterable[Path], source: Path, target: Path, *, overwrite: bool) -> None:
    """UsageError when one of them is the clip, its target or another of them; CannotWrite when
    it cannot be written, or exists and is not to be replaced."""
    taken = {_place(source): "the recording itself", _place(target): "the translated clip"}
    _refuse(paths, taken, overwrite)


def refuse_targets(paths: Iterable[Path], inputs: Iterable[Path], *, overwrite: bool) -> None:
    """The same for files that are written beside no clip, while `inputs` are read."""
    _refuse(paths, {_place(one): "an input" for one in inputs}, overwrite)


def write_text(path: Path, text: str) -> None:
    """The whole file or none, as private as it was; what is no plain file, such as a pipe, and
    what the system lends by another name, such as /dev/stdout, takes it as it comes. CannotWrite
    when that fails."""
    from engines.media.target import writing

    with writing(path):
        lent = any(path.is_relative_to(place) for place in _LENT)
        if lent or (path.exists() and not path.is_file()):
            _write(path, text, "a")
            return
        whole = path.resolve()
        partial = whole.with_name(f".{uuid4().hex}.partial")
        try:
            _write(partial, text)
            if whole.exists():
                shutil.copymode(whole, partial)
            partial.replace(whole)
        finally:
            partial.unlink(missing_ok=True)


def _write(path: Path, text: str, mode: str = "w") -> None:
    """A name that is no UTF-8 is written as JSON escapes it."""
    with path.open(mode, encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)


def _refuse(paths: Iterable[Path], taken: dict[Path, str], overwrite: bool) -> None:
    for path in paths:
        if _place(path) in taken:
            raise UsageError(f"{path} is {taken[_place(path)]}; choose another name.")
        taken[_place(path)] = "written already"
        if path.is_dir() or not path.name:
            raise CannotWrite(f"{str(path)!r} is a folder; name a file in it.")
        if not path.parent.is_dir():
            raise CannotWrite(f"{path} cannot be written: its folder does not exist.")
        if path.exists() and not overwrite:
            raise CannotWrite(f"{path} exists already; use --force to replace it.")


def _place(path: Path) -> Path:
    """The file that a path leads to, whatever it is called."""
    return path.resolve()
