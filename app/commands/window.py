"""`translated-camera` without a command: the window."""

from pathlib import Path


def run(config: Path | None = None) -> int:
    """Show the window until the user quits; the exit code. `config` takes the place of the user's
    own settings file."""
    from app.desktop import run as show

    return show(config)
