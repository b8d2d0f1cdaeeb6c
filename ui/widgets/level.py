"""A level as a bar."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.widgets.meter import share


class LevelBar(QWidget):
    """From -70 dB to full scale; empty where there is nothing to show."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.db: float | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(160, 12)

    def show_db(self, db: float | None) -> None:
        if db != self.db:
            self.db = db
            self.setAccessibleDescription("" if db is None else f"{db:.0f} dB")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        painter.setBrush(QColor(colours.well))
        painter.drawRoundedRect(self.rect(), 6, 6)
        if self.db is not None:
            width = max(float(self.height()), self.width() * share(self.db))
            painter.setBrush(QColor(colours.accent))
            painter.drawRoundedRect(QRectF(0, 0, width, self.height()), 6, 6)
