"""Where the program begins. Without arguments it shows its window, and what that does not need,
such as the command line, is not even loaded."""

import gc
import sys


def main() -> None:
    """The console script."""
    if sys.argv[1:]:
        from app.main import main as command_line

        command_line()
    else:
        _window()


def _window() -> None:
    from app.interrupts import leave, listen

    listen()
    # What is loaded on the way to the window stays; to look through it for rubbish takes time.
    gc.disable()
    # A thread that computes in Python would hold up the window for 5 ms at a time.
    sys.setswitchinterval(0.0005)
    try:
        from app.commands.window import run

        code = run()
    except BaseException as error:  # noqa: BLE001 - told and reported as any command's
        code = _told(error)
    leave(code)


def _told(error: BaseException) -> int:
    from app.failures import guarded

    def fail() -> None:
        raise error

    return guarded(fail)


if __name__ == "__main__":
    main()
