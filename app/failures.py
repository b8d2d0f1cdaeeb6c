"""How a command ends when it does not succeed: a sentence, an exit code, and a report of what
was our fault."""

import contextlib
import errno
import os
import select
import sys
import time
import traceback
from collections.abc import Callable

from typer import Abort
from typer.exceptions import TyperException

from core.errors import CannotWrite, Interrupted, TranslatedCameraError

OUR_FAULT = 1
_CUT = errno.EPIPE, errno.EIO
"""What writing to a pipe that nobody reads fails with, and to a terminal that was closed."""


def guarded(command: Callable[[], object]) -> int:
    """Run a command; the exit code it ends with. What it raises becomes a sentence on the
    error output, never a traceback."""
    try:
        result = command()
        if sys.stdout is not None:
            sys.stdout.flush()
    except TyperException as exc:
        # Typer's own choices are checked by pydantic, which says so.
        message = exc.format_message().replace("Value error, ", "")
        return _say(f"{message} (--help tells more.)", exc.exit_code)
    except (KeyboardInterrupt, Abort):
        return _say("Stopped.", Interrupted.exit_code)
    except TranslatedCameraError as exc:
        return _say(str(exc), exc.exit_code)
    except OSError as exc:
        if exc.errno == errno.ENOSPC or (exc.errno in _CUT and _is_cut_off()):
            return _unheard(exc)
        return _broken()
    except Exception:  # noqa: BLE001 - the last net: a report instead of a traceback
        return _broken()
    # Typer makes an exit code of the KeyboardInterrupt that comes through it, without a word.
    if result == Interrupted.exit_code:
        return _say("Stopped.", Interrupted.exit_code)
    return result if isinstance(result, int) else 0


def _broken() -> int:
    """Of the error that is being handled."""
    where = _reported(traceback.format_exc())
    return _say(f"Something broke that should not have. {where}", OUR_FAULT)


def _is_cut_off() -> bool:
    """Whether nobody reads our output; other pipes break, too."""
    if sys.stdout is None:
        return False
    try:
        ends = select.poll()
        ends.register(sys.stdout.fileno(), 0)
        return any(how & (select.POLLERR | select.POLLHUP) for _, how in ends.poll(0))
    # Windows has no poll, and what takes the place of the output no number.
    except (AttributeError, OSError, ValueError):
        return True


def _unheard(error: OSError) -> int:
    """Who read the output has gone, which needs no words, or what it went to is full. Python
    would try again to write the rest when it ends, so that goes nowhere."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    code = CannotWrite.exit_code
    return code if error.errno in _CUT else _say("The disk is full.", code)


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _reported(trace: str) -> str:
    """Where the report is. Without a place to write, the report itself."""
    import platformdirs

    try:
        folder = platformdirs.user_log_path("translated-camera", appauthor=False)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / time.strftime("crash-%Y%m%d-%H%M%S.txt")
        path.write_text(f"{sys.version}\n{trace}", encoding="utf-8")
    except OSError:
        return f"No report could be written; this is what it would say:\n{trace}"
    return f"A report is in {path}."
