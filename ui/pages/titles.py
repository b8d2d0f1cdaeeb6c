"""What the doctor's findings are called in the window's language.

Findings are told apart by their English names, which `app.doctor` gives; what is called by a name
of its own (Qt, PipeWire, v4l2loopback) keeps it.
"""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from core.findings import State

CONTEXT = "findings"
TITLES = (
    QT_TRANSLATE_NOOP("findings", "Microphone"),
    QT_TRANSLATE_NOOP("findings", "Microphone's sound"),
    QT_TRANSLATE_NOOP("findings", "Guests' microphones"),
    QT_TRANSLATE_NOOP("findings", "Sound server"),
    QT_TRANSLATE_NOOP("findings", "Virtual microphone"),
    QT_TRANSLATE_NOOP("findings", "Default microphone"),
    QT_TRANSLATE_NOOP("findings", "Default loudspeaker"),
    QT_TRANSLATE_NOOP("findings", "Camera"),
    QT_TRANSLATE_NOOP("findings", "Camera permission"),
    QT_TRANSLATE_NOOP("findings", "Busy camera"),
    QT_TRANSLATE_NOOP("findings", "Camera's picture"),
    QT_TRANSLATE_NOOP("findings", "Virtual camera"),
    QT_TRANSLATE_NOOP("findings", "Virtual camera device"),
    QT_TRANSLATE_NOOP("findings", "PipeWire camera"),
    QT_TRANSLATE_NOOP("findings", "Camera portal"),
    QT_TRANSLATE_NOOP("findings", "Virtual cable"),
    QT_TRANSLATE_NOOP("findings", "Permissions"),
    QT_TRANSLATE_NOOP("findings", "Recognition"),
    QT_TRANSLATE_NOOP("findings", "Translation"),
    QT_TRANSLATE_NOOP("findings", "Voice"),
    QT_TRANSLATE_NOOP("findings", "Speech detection"),
    QT_TRANSLATE_NOOP("findings", "Ends of sentences"),
    QT_TRANSLATE_NOOP("findings", "Face"),
    QT_TRANSLATE_NOOP("findings", "Lips"),
    QT_TRANSLATE_NOOP("findings", "Languages"),
    QT_TRANSLATE_NOOP("findings", "Graphics card"),
    QT_TRANSLATE_NOOP("findings", "CUDA for recognition and translation"),
    QT_TRANSLATE_NOOP("findings", "Processor"),
    QT_TRANSLATE_NOOP("findings", "Memory"),
    QT_TRANSLATE_NOOP("findings", "Disk"),
    QT_TRANSLATE_NOOP("findings", "Settings folder"),
    QT_TRANSLATE_NOOP("findings", "Data folder"),
    QT_TRANSLATE_NOOP("findings", "Log folder"),
    QT_TRANSLATE_NOOP("findings", "Cache folder"),
    QT_TRANSLATE_NOOP("findings", "Settings file"),
    QT_TRANSLATE_NOOP("findings", "Fonts for captions"),
    QT_TRANSLATE_NOOP("findings", "Right-to-left captions"),
    QT_TRANSLATE_NOOP("findings", "Display"),
    QT_TRANSLATE_NOOP("findings", "Python packages"),
)
_BROKEN = "Check of "
_STATES = {
    State.OK: QT_TRANSLATE_NOOP("findings", "All right"),
    State.HINT: QT_TRANSLATE_NOOP("findings", "Hint"),
    State.TROUBLE: QT_TRANSLATE_NOOP("findings", "Trouble"),
}


def finding_title(name: str) -> str:
    """Of a check that broke, the subject stays as it is."""
    if name.startswith(_BROKEN):
        check = QCoreApplication.translate("findings", "Check of {0}")
        return check.format(name.removeprefix(_BROKEN))
    return QCoreApplication.translate(CONTEXT, name)


def state_title(state: State) -> str:
    return QCoreApplication.translate(CONTEXT, str(_STATES[state]))
