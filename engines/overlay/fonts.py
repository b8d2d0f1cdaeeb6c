"""The fonts of this machine, and which of them has a character."""

import importlib.util
import logging
import os
import sys
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from engines.overlay.coverage import coverage

log = logging.getLogger(__name__)

_PLAIN = ("DejaVuSans.ttf", "segoeui.ttf", "Helvetica.ttc", "NotoSans-Regular.ttf", "arial.ttf")
# By the language that is written: its own letter shapes come first.
_OWN = {
    "ar": ("NotoSansArabicUI-Regular.ttf", "NotoSansArabic-Regular.ttf", "GeezaPro.ttc"),
    "ja": ("NotoSansCJK-Regular.ttc", "YuGothM.ttc", "meiryo.ttc", "Hiragino Sans GB.ttc"),
    "ko": ("NotoSansCJK-Regular.ttc:1", "malgun.ttf", "AppleSDGothicNeo.ttc"),
    "zh": ("NotoSansCJK-Regular.ttc:2", "msyh.ttc", "PingFang.ttc", "STHeiti Light.ttc"),
}
_OTHERS = (
    *(name for names in _OWN.values() for name in names),
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "wqy-microhei.ttc",
    "Nirmala.ttf",
    "Nirmala.ttc",
    "leelawui.ttf",
    "Kohinoor.ttc",
    "Thonburi.ttc",
    "Arial Unicode.ttf",
    "seguisym.ttf",
    "seguiemj.ttf",
    "Apple Symbols.ttf",
)
_ADVICE = "Install the Noto fonts (fonts-noto-core, fonts-noto-cjk) to have them."
_SANS = "NotoSans"
_KINDS = (".ttf", ".otf", ".ttc")


class Face:
    """One font of a file."""

    def __init__(self, path: Path | None, index: int = 0) -> None:
        """Without a path: the one that Pillow brings along, Latin only."""
        self._path = path
        self._index = index
        self._sizes: dict[tuple[int, bool], ImageFont.FreeTypeFont] = {}

    def has(self, char: str) -> bool:
        return ord(char) < len(self._covered) and bool(self._covered[ord(char)])

    def at(self, size: int, shaped: bool) -> ImageFont.FreeTypeFont:
        """`shaped`: laid out by libraqm."""
        if (size, shaped) not in self._sizes:
            layout = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
            self._sizes[size, shaped] = self._loaded(size, layout)
        return self._sizes[size, shaped]

    def _loaded(self, size: int, layout: ImageFont.Layout) -> ImageFont.FreeTypeFont:
        if self._path is not None:
            return ImageFont.truetype(str(self._path), size, self._index, layout_engine=layout)
        font = ImageFont.load_default(size)
        assert isinstance(font, ImageFont.FreeTypeFont)
        return font.font_variant(layout_engine=layout)

    @cached_property
    def _covered(self) -> NDArray[np.bool_]:
        latin = np.zeros(0x250, bool)
        if self._path is None:
            latin[0x20:0x17F] = True
            return latin
        try:
            found = coverage(self._path, self._index)
            self.at(16, shaped=False)
            return found
        except (OSError, ValueError) as error:
            log.info("font %s left out: %s", self._path, error)
            return latin


class Fonts:
    """For text in one language, the face that has a character. For one thread."""

    def __init__(self, language: str = "en", folders: tuple[Path, ...] | None = None) -> None:
        """`folders`: where to look instead of where this system keeps its fonts."""
        files = _files(_folders() if folders is None else folders)
        self._faces = [*_faces(files, language.split("-")[0]), Face(None)]
        self._known: dict[str, Face | None] = {}
        self._missed: set[str] = set()
        self.language = language

    def find(self, char: str) -> Face | None:
        """None when no font here has it, which the log says once for each script."""
        if char not in self._known:
            self._known[char] = next((face for face in self._faces if face.has(char)), None)
            if self._known[char] is None:
                self._miss(char)
        return self._known[char]

    def _miss(self, char: str) -> None:
        script = _script(char)
        if script not in self._missed:
            self._missed.add(script)
            log.warning("No font here has %s; captions leave them out. %s", script, _ADVICE)


def _script(char: str) -> str:
    if unicodedata.category(char)[0] != "L":
        return "some emoji or signs"
    return unicodedata.name(char, "unnamed").split()[0].lower() + " letters"


def _folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft/Windows/Fonts"
        return (Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", local)
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    own = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    return (*(Path(folder) / "fonts" for folder in shared.split(":")), own / "fonts")


def _files(folders: tuple[Path, ...]) -> dict[str, Path]:
    """Font files by name; DejaVu comes with matplotlib where the system has none."""
    found: dict[str, Path] = {}
    for folder in (*folders, *_bundled()):
        for where, _, names in os.walk(folder):
            for name in names:
                if name.lower().endswith(_KINDS):
                    found.setdefault(name, Path(where) / name)
    return found


def _bundled() -> Iterator[Path]:
    spec = importlib.util.find_spec("matplotlib")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "mpl-data/fonts/ttf"


def _faces(files: dict[str, Path], language: str) -> Iterator[Face]:
    """Those of the language, a plain one, those of other scripts, then any other plain Noto."""
    scripts = sorted(
        name
        for name in files
        if name.startswith(_SANS) and name.endswith(("-Regular.ttf", "-Regular.otf"))
    )
    plain = (*_PLAIN, *_OTHERS, *scripts)
    for wanted in dict.fromkeys((*_OWN.get(language, ()), *plain)):
        name, _, index = wanted.partition(":")
        if name in files:
            yield Face(files[name], int(index or 0))
