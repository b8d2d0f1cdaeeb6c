"""What this program is, which version, and under which licences its parts are."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from ui.icons import icon
from ui.services import Licence, Services
from ui.widgets.basics import label, row
from ui.work import Work


class AboutWindow(QWidget):
    def __init__(self, services: Services, work: Work, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("About"))
        self.resize(640, 560)
        sign = label()
        sign.setPixmap(icon("app").pixmap(40, 40))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label("Translated Camera", "title"))
        words.addWidget(label(self.tr("Version {0}").format(services.version()), "dim"))
        text = self.tr(
            "You speak your language; the meeting sees and hears you speak theirs. Everything"
            " happens on this machine. What the machine makes is marked in the picture.\n\n"
            "Free software under the GNU General Public License, version 2 or later, without any"
            " warranty. It stands on these:"
        )
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName(self.tr("Licences"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("Part"), self.tr("Version"), self.tr("Licence")]
        )
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        column.addLayout(row(sign, words, None, spacing=14))
        column.addWidget(label(text, wrap=True))
        column.addWidget(self.table, 1)
        work.ask(self, "licences", services.licences, self.show_licences)

    def show_licences(self, licences: Sequence[Licence]) -> None:
        self.table.setRowCount(len(licences))
        for at, one in enumerate(licences):
            for column, text in enumerate((one.name, one.version, one.licence)):
                item = QTableWidgetItem(text)
                item.setToolTip(one.text or text)
                self.table.setItem(at, column, item)
