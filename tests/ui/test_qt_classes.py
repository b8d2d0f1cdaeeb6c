"""Qt's classes are made before another thread asks for them."""

import subprocess
import sys

from PySide6.QtCore import QObject, QThread

from ui.qt_classes import QtClasses

PLOT = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
import PySide6.QtCore, PySide6.QtGui, PySide6.QtWidgets
from ui.qt_classes import QtClasses
app = QCoreApplication([])
made = []
def done():
    for module in (PySide6.QtCore, PySide6.QtGui, PySide6.QtWidgets):
        made.append(set(dir(module)) - set(vars(module)))
    app.quit()
classes = QtClasses(done, app)
app.exec()
print(sum(len(names) for names in made))
"""


def test_all_are_there_when_it_says_so(qtbot):
    called = []
    parent = QObject()
    QtClasses(lambda: called.append(QThread.currentThread()), parent)
    qtbot.waitUntil(lambda: bool(called))
    assert called == [parent.thread()]


def test_in_a_fresh_program_none_is_left_to_be_made():
    done = subprocess.run(
        [sys.executable, "-c", PLOT], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "0\n"
