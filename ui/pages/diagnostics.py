"""What to look at when something is wrong: the doctor, the delay over time, the log."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.model import LiveModel
from ui.pages.findings import FindingList
from ui.pages.plot import LatencyPlot
from ui.services import Services
from ui.widgets.basics import button, label, row, scrolled
from ui.work import Work

LOG_EVERY = 1000


class DiagnosticsWindow(QWidget):
    def __init__(self, model: LiveModel, services: Services, work: Work, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._services, self._work = services, work
        self.setWindowTitle(self.tr("Diagnostics"))
        self.resize(820, 600)
        self.findings = FindingList(services, work)
        self.plot = LatencyPlot(model, work)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setTabChangesFocus(True)
        self.log.setAccessibleName(self.tr("Log"))
        self.says = label("", "dim", wrap=True)
        self.stack = QStackedWidget()
        self._lay_out()
        self._timer = QTimer(self, interval=LOG_EVERY)
        self._timer.timeout.connect(self.refresh)
        self.refresh()
        self.findings.look()

    def refresh(self) -> None:
        text = self._services.log_text()
        if self.log.toPlainText() != text:
            bar = self.log.verticalScrollBar()
            at_end = bar.value() >= bar.maximum() - 4
            self.log.setPlainText(text)
            if at_end:
                bar.setValue(bar.maximum())

    def write(self, path: Path) -> None:
        self.says.setText(self.tr("Writing…"))
        done = self.tr("Written to {0}. It holds nothing that was said.").format(path)
        self._work.ask(
            self,
            "bundle",
            lambda: self._services.bundle(path),
            lambda _: self.says.setText(done),
            self.says.setText,
        )

    def ask_file(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save report"), "translated-camera-report.zip", "ZIP (*.zip)"
        )
        if path:
            self.write(Path(path))

    def showEvent(self, event: object) -> None:
        self._timer.start()

    def hideEvent(self, event: object) -> None:
        self._timer.stop()

    def _lay_out(self) -> None:
        self.tabs = QButtonGroup(self)
        buttons = []
        checks = QWidget()
        inner = QVBoxLayout(checks)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.findings)
        inner.addStretch(1)
        for at, (title, part) in enumerate(
            (
                (self.tr("Check-up"), scrolled(checks)),
                (self.tr("Delay"), self.plot),
                (self.tr("Log"), self.log),
            )
        ):
            self.stack.addWidget(part)
            tab = button(title)
            tab.setCheckable(True)
            tab.setChecked(at == 0)
            tab.clicked.connect(lambda _, wanted=at: self.stack.setCurrentIndex(wanted))
            self.tabs.addButton(tab)
            buttons.append(tab)
        save = button(self.tr("Save report…"), "primary")
        save.clicked.connect(self.ask_file)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(row(*buttons, None, spacing=6))
        column.addWidget(self.stack, 1)
        line = row(self.says, save)
        line.setStretch(0, 1)
        column.addLayout(line)
