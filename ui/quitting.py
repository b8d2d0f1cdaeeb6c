"""The question before the devices disappear under a meeting."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget


def agrees_to_quit(parent: QWidget) -> bool:
    """Whether the user wants to quit though somebody looks."""
    translate = QCoreApplication.translate
    text = translate(
        "quitting",
        "A meeting program is using Translated Camera. If you quit, it loses picture and voice.",
    )
    box = QMessageBox(QMessageBox.Icon.Warning, "Translated Camera", text, parent=parent)
    stay = box.addButton(translate("quitting", "Stay"), QMessageBox.ButtonRole.RejectRole)
    leave = box.addButton(translate("quitting", "Quit"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    return box.clickedButton() is leave
