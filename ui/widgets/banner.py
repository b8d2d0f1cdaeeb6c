"""What needs the user's attention, above everything else; each notice by a name, once."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui import theme
from ui.icons import icon
from ui.widgets.basics import button, label, row, tool


class _Notice(QFrame):
    def __init__(self, text: str, kind: str) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("kind", kind)
        self.setAccessibleName(text)
        sign = label()
        colours = theme.current()
        colour = {"bad": colours.bad, "info": colours.accent}.get(kind, colours.warn)
        sign.setPixmap(icon("info" if kind == "info" else "warning", colour).pixmap(20, 20))
        self.text = label(text, wrap=True)
        self.line = row(sign, self.text, spacing=10)
        self.line.setStretch(1, 1)
        self.line.setContentsMargins(12, 8, 8, 8)
        self.setLayout(self.line)


class Banners(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._notices: dict[str, _Notice] = {}
        self._waved_off: dict[str, str] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.hide()

    @property
    def texts(self) -> dict[str, str]:
        return {name: notice.text.text() for name, notice in self._notices.items()}

    def tell(
        self,
        name: str,
        text: str,
        kind: str = "warn",
        action: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Show it, in place of an earlier one of that name; with no text, take it away. What the
        user has closed comes back when it says something else, or was gone in between."""
        if not text:
            self._waved_off.pop(name, None)
            self._remove(name)
            return
        if self._waved_off.get(name) == text or self.texts.get(name) == text:
            return
        self._remove(name)
        notice = self._notices[name] = _Notice(text, kind)
        if action is not None:
            doing = button(action[0])
            doing.clicked.connect(action[1])
            notice.line.addWidget(doing)
        close = tool("close", self.tr("Close this notice"))
        close.clicked.connect(lambda: self._wave_off(name))
        notice.line.addWidget(close)
        self._column.addWidget(notice)
        self.show()

    def _wave_off(self, name: str) -> None:
        self._waved_off[name] = self.texts[name]
        self._remove(name)

    def _remove(self, name: str) -> None:
        notice = self._notices.pop(name, None)
        if notice is not None:
            self._column.removeWidget(notice)
            notice.deleteLater()
        self.setVisible(bool(self._notices))
