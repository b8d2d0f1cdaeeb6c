"""What a command tells programs: one JSON object, into a file or to the standard output."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.side_files import write_text
from core.errors import UsageError


def check(json_: bool, target: Path | None) -> None:
    """UsageError for a file that nothing would be written to."""
    if target is not None and not json_:
        raise UsageError(f"Nothing is written to {target} without --json.")


def write(content: Mapping[str, Any], target: Path | None) -> None:
    """No target, or "-", is the standard output. CannotWrite."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    if target is None or str(target) == "-":
        sys.stdout.write(text)
        return
    write_text(target, text)
