"""A window in a process of its own that says when it was first painted, and ends.

python -m app.desktop.first_paint empty
python -m app.desktop.first_paint ours SETTINGS
"""

import os
import sys
import time
from pathlib import Path


def empty() -> None:
    """The least that Qt can show."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    class Window(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            QTimer.singleShot(0, _seen)

    QApplication([])
    window = Window()
    window.resize(1180, 780)
    window.show()
    QApplication.exec()


def ours() -> None:
    """The way the console script goes, up to the first paint."""
    import gc

    import app.start  # noqa: F401 - what the console script imports
    from app.commands.window import run

    gc.disable()
    run(Path(sys.argv[2]), painted=_seen)


def _seen() -> None:
    print(time.monotonic(), flush=True)
    os._exit(0)


if __name__ == "__main__":
    {"empty": empty, "ours": ours}[sys.argv[1]]()
