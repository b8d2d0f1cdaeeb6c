"""The last half minute of the microphone, and how it would be cut with the present settings."""

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.config import Config, Segmentation
from core.live import LiveStatus
from ui import theme
from ui.model import STATUS_EVERY, LiveModel
from ui.widgets.basics import Card, label

SECONDS = 30.0
STEP = STATUS_EVERY / 1000
QUIETEST = -70.0


def cuts(levels: Sequence[float], settings: Segmentation) -> list[tuple[float, float]]:
    """Where segments begin and end, in seconds, judged by loudness alone: pauses that are long
    enough end one, `longest` does so by force; what is too short waits for more. The session also
    knows clauses and complete sentences, and so cuts earlier."""
    if not levels:
        return []
    threshold = max(levels) + settings.drop_db
    found: list[tuple[float, float]] = []
    start: float | None = None
    spoken = 0.0
    for at, level in enumerate(levels):
        now = at * STEP
        if level > threshold:
            start = now if start is None else start
            spoken = now + STEP
        if start is None:
            continue
        paused = now - spoken >= settings.silence and spoken - start >= settings.shortest
        if paused or spoken - start >= settings.longest:
            found.append((start, spoken))
            start = None
    if start is not None:
        found.append((start, spoken))
    return found


class _Strip(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.levels: deque[float] = deque(maxlen=round(SECONDS / STEP))
        self.segments: list[tuple[float, float]] = []
        self.threshold = QUIETEST
        self.setAccessibleName(self.tr("How the last half minute would be cut"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(400, 84)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.well))
        painter.drawRoundedRect(self.rect(), 8, 8)
        second = self.width() / SECONDS
        left = self.width() - len(self.levels) * STEP * second
        painter.setBrush(QColor(colours.soft))
        painter.setPen(QColor(colours.accent))
        for start, end in self.segments:
            box = QRectF(left + start * second, 6, max(2.0, (end - start) * second), 72)
            painter.drawRoundedRect(box, 6, 6)
        painter.setBrush(QColor(colours.accent))
        painter.setPen(Qt.PenStyle.NoPen)
        for at, level in enumerate(self.levels):
            height = 64 * max(0.0, 1 - level / QUIETEST)
            painter.drawRect(QRectF(left + at * STEP * second, 76 - height, STEP * second, height))
        painter.setPen(QColor(colours.dim))
        line = 76 - 64 * max(0.0, 1 - self.threshold / QUIETEST)
        painter.drawLine(0, round(line), self.width(), round(line))


class StripCard(Card):
    """Collects levels whether it is seen or not, so that it has something to show when it is."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__("")
        self.heading.setText(self.tr("The last half minute"))
        self.heading.setVisible(True)
        self._model = model
        self.strip = _Strip()
        self.says = label("", "dim", wrap=True)
        self.body.addWidget(self.strip)
        self.body.addWidget(self.says)
        model.status_changed.connect(self.show_status)
        model.config_changed.connect(self.refresh)
        self.refresh(model.config)

    def show_status(self, status: LiveStatus) -> None:
        self.strip.levels.append(status.level.db)
        self.refresh(self._model.config)

    def refresh(self, config: Config) -> None:
        if not self.isVisible():
            return
        strip = self.strip
        strip.segments = cuts(strip.levels, config.segmentation)
        strip.threshold = max(strip.levels, default=0.0) + config.segmentation.drop_db
        text = self.tr("Segments: {0}, cut by loudness and pauses alone.")
        self.says.setText(text.format(len(strip.segments)))
        strip.setAccessibleDescription(self.says.text())
        strip.update()
