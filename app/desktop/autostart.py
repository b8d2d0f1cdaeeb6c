"""Starting with the desktop: a file in the folder that desktops of freedesktop.org look into."""

import os
import shutil
import sys
from pathlib import Path

from core.errors import CannotWrite

NAME = "translated-camera.desktop"


def available() -> bool:
    return sys.platform.startswith("linux")


def path() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "autostart" / NAME


def wanted() -> bool:
    return path().exists()


def want(yes: bool) -> None:
    """CannotWrite when the folder does not let us."""
    file = path()
    try:
        if yes:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(entry(command()), "utf-8")
        else:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(f"{file} cannot be written: {error.strerror}.") from error


def command() -> str:
    """How this very program is started without a window."""
    beside = Path(sys.executable).parent / "translated-camera"
    found = str(beside) if beside.exists() else shutil.which("translated-camera") or ""
    program = f'"{found}"' if found else f'"{sys.executable}" -m app.main'
    return f"{program} window --hidden"


def entry(start: str) -> str:
    return "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            "Name=Translated Camera",
            f"Exec={start}",
            "Icon=translated-camera",
            "X-GNOME-Autostart-enabled=true",
            "",
        )
    )
