"""All that was said, in both languages: search, copy, export."""

from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.captions import FORMATS, export
from core.events import Fate
from ui import theme
from ui.conversation import Conversation, Line
from ui.sentences import isolated, translated
from ui.widgets.basics import button, label, row

COALESCE = 250
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class LineTable(QAbstractTableModel):
    """Time, what was said, what was heard. Taken over from the conversation by `refresh`."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(conversation)
        self._conversation = conversation
        self._lines: list[Line] = []
        self._titles = (self.tr("Time"), self.tr("You said"), self.tr("They heard"))

    def refresh(self) -> None:
        lines = self._conversation.lines
        kept = min(len(lines), len(self._lines))
        if len(lines) < len(self._lines):
            self.beginResetModel()
            self._lines = lines
            self.endResetModel()
            return
        changed = [at for at in range(kept) if lines[at] != self._lines[at]]
        if len(lines) > kept:
            self.beginInsertRows(QModelIndex(), kept, len(lines) - 1)
            self._lines = lines
            self.endInsertRows()
        self._lines = lines
        for at in changed:
            self.dataChanged.emit(self.index(at, 0), self.index(at, 2))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: _Index, role: int = 0) -> object:
        line = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            words = f"{line.source} {line.guess}".strip()
            plain = role == Qt.ItemDataRole.EditRole
            who = line.who if plain else isolated(line.who)
            said = f"{who}: {words}" if line.speaker else words
            text = (clock(line.start), said, self._heard(line))[index.column()]
            return text if plain else isolated(text)
        if role == Qt.ItemDataRole.ForegroundRole and line.growing:
            return QColor(theme.current().dim)
        if role == Qt.ItemDataRole.ForegroundRole and line.fate is Fate.FAILED:
            return QColor(theme.current().bad if index.column() == 2 else theme.current().text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading
        return None

    def _heard(self, line: Line) -> str:
        if line.fate is Fate.FAILED and not line.translation:
            return self.tr("Not translated: {0}").format(translated(line.reason))
        return line.translation


class TranscriptWindow(QWidget):
    def __init__(self, conversation: Conversation, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._conversation = conversation
        self.setWindowTitle(self.tr("Transcript"))
        self.resize(820, 600)
        self.table = LineTable(conversation)
        self.found = QSortFilterProxyModel(self)
        self.found.setSourceModel(self.table)
        self.found.setFilterKeyColumn(-1)
        self.found.setFilterRole(Qt.ItemDataRole.EditRole)  # what is shown has marks of direction
        self.found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search both languages"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.found.setFilterFixedString)
        self.view = self._view()
        self.side, self.form = QComboBox(), QComboBox()
        self.says = label("", "dim", wrap=True)
        self._lay_out()
        self._timer = QTimer(self, interval=COALESCE, singleShot=True)
        self._timer.timeout.connect(self.refresh)
        conversation.changed.connect(self._soon)
        self.refresh()

    def refresh(self) -> None:
        bar = self.view.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        self.table.refresh()
        if at_end:
            self.view.scrollToBottom()

    def copy(self) -> None:
        """The selected lines, all when none is."""
        chosen = {index.row() for index in self.view.selectionModel().selectedIndexes()}
        rows = sorted(chosen) or range(self.found.rowCount())
        texts = (self._text(row_) for row_ in rows)
        QGuiApplication.clipboard().setText("\n".join(texts))
        self.says.setText(self.tr("Copied."))

    def write(self, path: Path) -> None:
        """In the chosen form; an ending that the user has typed decides."""
        known = path.suffix.removeprefix(".").lower()
        form = known if known in FORMATS else self.form.currentData()
        path = path if path.suffix else path.with_suffix(f".{form}")
        text = export(self._conversation.captions(), form, self.side.currentData())
        try:
            path.write_text(text, "utf-8", newline="\n")
            self.says.setText(self.tr("Written to {0}.").format(path))
        except OSError as error:
            failed = self.tr("{0} cannot be written: {1}.")
            self.says.setText(failed.format(path, error.strerror))

    def ask_file(self) -> None:
        form = self.form.currentData()
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export"), f"transcript.{form}", f"{form.upper()} (*.{form})"
        )
        if path:
            self.write(Path(path))

    def _text(self, at: int) -> str:
        role = Qt.ItemDataRole.EditRole
        parts = (self.found.index(at, column).data(role) for column in range(3))
        return "\t".join(part for part in parts if part)

    def _soon(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def showEvent(self, event: object) -> None:
        self.refresh()

    def _view(self) -> QTableView:
        view = QTableView()
        view.setModel(self.found)
        view.setAccessibleName(self.tr("Transcript"))
        view.setShowGrid(False)
        view.setWordWrap(True)
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        copying = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), view)
        copying.setContext(Qt.ShortcutContext.WidgetShortcut)
        copying.activated.connect(self.copy)
        return view

    def _lay_out(self) -> None:
        for side, title in (
            ("both", self.tr("Both languages")),
            ("source", self.tr("Your language")),
            ("translation", self.tr("Their language")),
        ):
            self.side.addItem(title, side)
        for form in FORMATS:
            self.form.addItem(form.upper(), form)
        self.side.setAccessibleName(self.tr("Languages to export"))
        self.form.setAccessibleName(self.tr("Form to export"))
        copy, save = button(self.tr("Copy"), "", "copy"), button(self.tr("Export"), "primary")
        copy.clicked.connect(self.copy)
        save.clicked.connect(self.ask_file)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(row(self.search, copy))
        column.addWidget(self.view, 1)
        line = row(self.says, self.side, self.form, save)
        line.setStretch(0, 1)
        column.addLayout(line)


def clock(seconds: float | None) -> str:
    """Minutes and seconds since the first start, with hours when there are any."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
