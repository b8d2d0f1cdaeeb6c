"""The model manager: what is here, what can be had, its size and licence; download and removal."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.services import ModelEntry, ModelStore
from ui.widgets.basics import Card, button, label, row, scrolled
from ui.work import Work


class _Download(QObject):
    """One download; told of on its thread, shown on ours."""

    moved = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.cancelled = False

    def progress(self, done: int, whole: int) -> bool:
        self.moved.emit(float(done), float(whole))
        return not self.cancelled


class ModelRow(Card):
    """One model. `wanted`: "pull", "cancel" or "remove"."""

    wanted = Signal(str, str)

    def __init__(self, entry: ModelEntry) -> None:
        super().__init__("")
        self.entry = entry
        self.action = QPushButton()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of {0}").format(entry.title))
        self.bar.hide()
        self.says = label("", "dim", wrap=True)
        self.says.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(entry.title, "heading"))
        words.addWidget(label(self._facts(), "dim", wrap=True))
        if not entry.commercial:
            text = self.tr("Not for commercial use.")
            words.addWidget(label(text, "warn"))
        if entry.note:
            words.addWidget(label(entry.note, "dim", wrap=True))
        line = row(words, self.action, spacing=12)
        line.setStretch(0, 1)
        self.body.addLayout(line)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.says)
        self.action.clicked.connect(lambda: self.wanted.emit(self._does, entry.name))
        self._set_action("remove" if entry.installed else "pull")

    def show_progress(self, done: float, whole: float) -> None:
        self.bar.show()
        self.bar.setValue(round(1000 * done / whole) if whole else 0)
        self._set_action("cancel")
        self.say(self.tr("{0} of {1}").format(size_text(done), size_text(whole)))

    def stopped(self, sentence: str) -> None:
        """The download has ended without a model; what came stays, and is used next time."""
        self.bar.hide()
        self._set_action("pull")
        self.say(sentence)

    def say(self, text: str) -> None:
        self.says.setText(text)
        self.says.setVisible(bool(text))

    def _set_action(self, does: str) -> None:
        self._does = does
        text = {
            "pull": self.tr("Download"),
            "cancel": self.tr("Cancel"),
            "remove": self.tr("Remove"),
        }[does]
        self.action.setText(text)
        self.action.setAccessibleName(f"{text}: {self.entry.title}")

    def _facts(self) -> str:
        here = self.tr("here") if self.entry.installed else self.tr("to be had")
        kinds = {
            "stt": self.tr("Recognition"),
            "mt": self.tr("Translation"),
            "tts": self.tr("Voice"),
            "turn": self.tr("Sentence end"),
            "lips": self.tr("Lips"),
        }
        kind = kinds.get(self.entry.kind, self.entry.kind)
        size = size_text(self.entry.size) if self.entry.size else ""
        return " · ".join(part for part in (kind, size, self.entry.licence, here) if part)


class ModelWindow(QWidget):
    """Over a store; without one it says what works all the same."""

    changed = Signal()
    """Models came or went: there is more or less to choose from."""

    def __init__(self, store: ModelStore | None, work: Work, parent: QWidget | None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._store, self._work = store, work
        self.rows: dict[str, ModelRow] = {}
        self._running: dict[str, _Download] = {}
        self.setWindowTitle(self.tr("Models"))
        self.resize(680, 600)
        text = self.tr(
            "What is built in works without any of these. Better models are downloaded only when"
            " you ask for them; nothing you say leaves this machine."
        )
        self.says = label("", wrap=True)
        self.bring = button(self.tr("Import from disk…"))
        self.bring.clicked.connect(self.ask_file)
        self.bring.setEnabled(store is not None)
        inner = QWidget()
        self.place = QVBoxLayout(inner)
        self.place.setContentsMargins(0, 0, 6, 0)
        self.place.setSpacing(10)
        self.place.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(label(text, "dim", wrap=True))
        column.addWidget(scrolled(inner), 1)
        line = row(self.says, self.bring)
        line.setStretch(0, 1)
        column.addLayout(line)
        self.refresh()

    def refresh(self) -> None:
        if self._store is None:
            self.says.setText(self.tr("This installation has no catalogue of models."))
            return
        self._work.ask(self, "models", self._store.entries, self._show, self.says.setText)

    def take(self, path: Path) -> None:
        """A model from the user's disk."""
        if (store := self._store) is not None:
            self._work.ask(self, "import", lambda: store.bring(path), self._done, self.says.setText)

    def ask_file(self) -> None:
        title = self.tr("Import from disk…")
        path = QFileDialog.getExistingDirectory(self, title)
        question = self.tr("Do you accept the licence of this model?")
        if path and _yes(self, title, f"{path}\n\n{question}"):
            self.take(Path(path))

    def _show(self, entries: Sequence[ModelEntry]) -> None:
        for old in self.rows.values():
            self.place.removeWidget(old)
            old.deleteLater()
        self.rows = {}
        for at, entry in enumerate(entries):
            made = self.rows[entry.name] = ModelRow(entry)
            made.wanted.connect(self._wanted)
            self.place.insertWidget(at, made)
            if entry.name in self._running:
                self._running[entry.name].moved.connect(made.show_progress)

    def _wanted(self, does: str, name: str) -> None:
        if does == "cancel" and name in self._running:
            self._running[name].cancelled = True
        elif does == "pull" and self._agreed(self.rows[name].entry):
            self._pull(name)
        elif does == "remove" and (store := self._store) is not None:
            self._work.ask(
                self, "remove", lambda: store.remove(name), self._done, self.says.setText
            )

    def _agreed(self, entry: ModelEntry) -> bool:
        """The licence is shown before anything is fetched."""
        question = self.tr("{0}\n\nSize: {1}\nLicence: {2}\n\nDownload it?")
        text = question.format(entry.title, size_text(entry.size), entry.licence)
        return _yes(self, self.tr("Licence"), text)

    def _pull(self, name: str) -> None:
        store, download = self._store, _Download()
        if store is None or name in self._running:
            return
        self._running[name] = download
        download.moved.connect(self.rows[name].show_progress)
        self.rows[name].show_progress(0, self.rows[name].entry.size)

        def ended(sentence: str) -> None:
            self._running.pop(name, None)
            cancelled = self.tr("Stopped. What came is kept and used next time.")
            self.rows[name].stopped(cancelled if download.cancelled else sentence)

        def came(_: None) -> None:
            if download.cancelled:
                ended("")
                return
            self._running.pop(name, None)
            self._done(name)

        self._work.ask(self, "pull", lambda: store.pull(name, download.progress), came, ended)

    def _done(self, _: object) -> None:
        self.refresh()
        self.changed.emit()


def _yes(parent: QWidget, title: str, question: str) -> bool:
    return bool(QMessageBox.question(parent, title, question) == QMessageBox.StandardButton.Yes)


def size_text(size: float) -> str:
    """In the unit that a person would take."""
    for unit in ("B", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
