"""The doctor's findings as a list, each with the click that mends it where there is one."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMessageBox, QVBoxLayout, QWidget

from core.findings import Finding, State
from ui import theme
from ui.icons import icon
from ui.pages.found import finding_words
from ui.pages.titles import finding_title, state_title
from ui.services import Services
from ui.widgets.basics import Card, button, label, row
from ui.work import Work

_SIGNS = {State.OK: "check", State.HINT: "info", State.TROUBLE: "warning"}


class FindingList(QWidget):
    """`names` limits it to some of the findings, by how their names begin."""

    looked = Signal(list)

    def __init__(self, services: Services, work: Work, names: Sequence[str] = ()) -> None:
        super().__init__()
        self._services, self._work, self._names = services, work, tuple(names)
        self.card = Card()
        self.card.hide()
        self.rows: dict[str, Finding] = {}
        self._came = ""
        self.says = label("", wrap=True)
        self.again = button(self.tr("Look again"))
        self.again.clicked.connect(self.look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        self._place = QVBoxLayout()
        self._place.setSpacing(10)
        self.card.body.addLayout(self._place)
        column.addLayout(row(self.again, self.says, None))
        column.addStretch(1)

    def look(self) -> None:
        self._came = ""
        self._look()

    def mend(self, finding: Finding) -> None:
        """What needs the administrator's rights is asked for first. What came of it stays to be
        read when all has been looked at anew."""
        if finding.fix is None or not self._agreed(finding):
            return
        self._wait(self.tr("Working…"))
        name = finding.name
        self._work.ask(self, "fix", lambda: self._services.fix(name), self._mended, self._failed)

    def _look(self) -> None:
        self._wait(self._came or self.tr("Looking…"))
        self._work.ask(self, "doctor", self._services.doctor, self._show, self._failed)

    def _wait(self, text: str) -> None:
        """One thing at a time."""
        self.says.setText(text)
        self.card.setEnabled(False)
        self.again.setEnabled(False)

    def _end(self, text: str) -> None:
        self.says.setText(text)
        self.card.setEnabled(True)
        self.again.setEnabled(True)

    def _agreed(self, finding: Finding) -> bool:
        if finding.fix is None or not finding.fix.root:
            return True
        title = finding_title(finding.name)
        question = self.tr("This needs the administrator's rights:\n\n{0}\n\nDo it?")
        answer = QMessageBox.question(self, title, question.format(finding.fix.does))
        return bool(answer == QMessageBox.StandardButton.Yes)

    def _mended(self, sentence: str) -> None:
        self._came = finding_words(sentence)
        self._look()

    def _failed(self, sentence: str) -> None:
        self._end(finding_words(sentence))

    def _show(self, findings: Sequence[Finding]) -> None:
        self._end(self._came)
        wanted = [one for one in findings if not self._names or one.name.startswith(self._names)]
        self.rows = {one.name: one for one in wanted}
        while item := self._place.takeAt(0):
            if part := item.widget():
                part.deleteLater()
        for one in wanted:
            self._place.addWidget(self._row(one))
        self.card.setVisible(bool(wanted))
        self.looked.emit(wanted)

    def _row(self, finding: Finding) -> QWidget:
        colours = theme.current()
        ink = {State.OK: colours.good, State.HINT: colours.warn, State.TROUBLE: colours.bad}
        sign = label()
        sign.setPixmap(icon(_SIGNS[finding.state], ink[finding.state]).pixmap(20, 20))
        sign.setAccessibleName(state_title(finding.state))
        title = finding_title(finding.name)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(label(title, "heading"))
        words.addWidget(label(finding_words(finding.says), "dim", wrap=True))
        line = row(sign, words, spacing=12)
        line.setStretch(1, 1)
        if finding.fix is not None:
            mend = button(self.tr("Fix"), "primary")
            mend.setToolTip(finding.fix.does)
            mend.setAccessibleName(self.tr("Fix: {0}").format(title))
            mend.clicked.connect(lambda: self.mend(finding))
            line.addWidget(mend)
        part = QWidget()
        part.setLayout(line)
        return part
