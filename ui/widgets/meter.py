"""The microphone's level, with what the segmenter makes of it: threshold, speech, silence timer."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.live import Level
from ui import theme

LOW, HIGH = -70.0, 0.0
SPEECH = 0.5


class Meter(QWidget):
    """A bar from -70 dB to full scale with a tick where silence begins; under it a thin bar that
    fills with silence until the segment ends."""

    def __init__(self) -> None:
        super().__init__()
        self._level = Level()
        self._ends_after = 0.5
        self._said = ""
        self.setAccessibleName(self.tr("Microphone level"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 28)

    @property
    def words(self) -> str:
        """The same as text, for those who do not see the bar, and for those who do."""
        level = self._level
        if level.speech >= SPEECH and not level.silence:
            return self.tr("Speech")
        if level.silence < self._ends_after:
            seconds = self.tr("Silence {0} of {1} s")
            return seconds.format(f"{level.silence:.1f}", f"{self._ends_after:.1f}")
        return self.tr("Silence")

    def show_level(self, level: Level, ends_after: float) -> None:
        """`ends_after`: the seconds of silence that end a segment."""
        self._level, self._ends_after = level, ends_after
        if self.words != self._said:
            self._said = self.words
            self.setAccessibleDescription(self._said)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, level = theme.current(), self._level
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        speaks = level.speech >= SPEECH
        self._bar(painter, 5, 12, share(level.db), colours.accent if speaks else colours.edge)
        tick = self.width() * share(level.threshold_db)
        painter.setBrush(QColor(colours.text))
        painter.drawRoundedRect(QRectF(tick - 1, 1, 2, 20), 1, 1)
        silent = min(1.0, level.silence / self._ends_after)
        self._bar(painter, 24, 3, silent, colours.dim)

    def _bar(self, painter: QPainter, top: float, height: float, share: float, fill: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().well))
        painter.drawRoundedRect(QRectF(0, top, self.width(), height), height / 2, height / 2)
        if share > 0:
            painter.setBrush(QColor(fill))
            painter.drawRoundedRect(
                QRectF(0, top, max(height, self.width() * share), height), height / 2, height / 2
            )


def share(db: float) -> float:
    return min(1.0, max(0.0, (db - LOW) / (HIGH - LOW)))
