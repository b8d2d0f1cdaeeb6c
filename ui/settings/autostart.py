"""Whether the program starts with the desktop: a setting of the system, not of our file."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox

from core.errors import TranslatedCameraError
from ui.sentences import translated
from ui.services import Services
from ui.settings.page import SectionPage


def autostart_row(services: Services, page: SectionPage) -> None:
    """Add it to the page, where the system has such a thing."""
    wanted = services.autostart
    if wanted is None:
        return
    box = QCheckBox()
    box.setChecked(wanted)
    page.add_row(
        QCoreApplication.translate("settings", "Start with the desktop, without a window."), box
    )

    def clicked(checked: bool) -> None:
        try:
            services.set_autostart(checked)
        except TranslatedCameraError as error:
            box.setToolTip(translated(str(error)))
            box.setChecked(bool(services.autostart))

    box.clicked.connect(clicked)
