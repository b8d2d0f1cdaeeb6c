"""The picture that the meeting sees, alone or against the camera's: side by side, or wiped."""

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.latest import Latest
from core.types import Frame
from ui import theme
from ui.model import LiveModel

FPS = 30
ROUND = 12.0
STEP = 0.05


class View(Enum):
    RESULT = "result"
    BESIDE = "beside"
    WIPE = "wipe"


class _Source:
    """The newest picture of a mailbox, without a copy."""

    def __init__(self) -> None:
        self.image: QImage | None = None
        self._latest: Latest[Frame] | None = None
        self._version = 0
        self._frame: Frame | None = None

    def fetch(self, latest: Latest[Frame] | None) -> bool:
        if latest is not self._latest:
            self._latest, self._version = latest, 0
        found = latest.get(self._version) if latest is not None else None
        if found is None:
            return False
        self._version, self._frame = found
        pixels = self._frame.image
        height, width = pixels.shape[:2]
        # The array is kept as long as the image that looks at it.
        self.image = QImage(pixels.data, width, height, pixels.strides[0], _RGB)
        return True


_RGB = QImage.Format.Format_RGB888


class Preview(QWidget):
    """Pulls the newest picture thirty times a second while it is to be seen, and none otherwise."""

    chosen = Signal(float, float)
    """A double click: the place in the picture, in its pixels."""
    watching = Signal(bool)

    def __init__(self, model: LiveModel, *, camera: bool = False) -> None:
        """`camera`: show what the camera gives, whatever the meeting sees."""
        super().__init__()
        self._model, self._camera = model, camera
        self._after, self._before = _Source(), _Source()
        self._view = View.RESULT
        self._split = 0.5
        self.hint = ""
        """What is said while there is no picture."""
        self.setAccessibleName(self.tr("Preview of the outgoing picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._timer = QTimer(self, interval=1000 // FPS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.pull)

    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    @property
    def view(self) -> View:
        return self._view

    def show_as(self, view: View) -> None:
        self._view = view
        self.update()

    def pull(self) -> None:
        """Take over what is new."""
        model = self._model
        fresh = self._after.fetch(model.taken if self._camera else model.shown)
        if self._view is not View.RESULT:
            fresh |= self._before.fetch(model.taken)
        if fresh:
            self.update()

    # --- Qt's events ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        self._timer.start()
        self.watching.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        self.watching.emit(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        path = QPainterPath()
        path.addRoundedRect(area, ROUND, ROUND)
        painter.fillPath(path, QColor(theme.current().well))
        painter.setClipPath(path)
        self._paint(painter, area)
        painter.setClipping(False)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.current().accent), 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), ROUND, ROUND)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}
        if self._view is View.WIPE and event.key() in steps:
            self._wipe(self._split + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._view is View.WIPE:
            area = self._area()
            self._wipe((event.position().x() - area.left()) / area.width())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        image, area = self._after.image, self._area()
        if self._view is View.RESULT and image is not None and area.contains(event.position()):
            place = (event.position() - area.topLeft()) * (image.width() / area.width())
            self.chosen.emit(place.x(), place.y())

    # --- drawing -------------------------------------------------------------------------------

    def _wipe(self, split: float) -> None:
        self._split = min(1.0, max(0.0, split))
        self.update()

    def _area(self) -> QRectF:
        """Where the picture stands: as large as its shape allows."""
        image = self._after.image
        shape = image.width() / image.height() if image is not None else 16 / 9
        shape *= 2 if self._view is View.BESIDE else 1
        width = min(float(self.width()), self.height() * shape)
        height = width / shape
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        after, before = self._after.image, self._before.image
        if after is None:
            painter.setPen(QColor(theme.current().dim))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.hint)
        elif self._view is View.RESULT or before is None:
            painter.drawImage(area, after)
        elif self._view is View.BESIDE:
            half = QRectF(area.left(), area.top(), area.width() / 2, area.height())
            painter.drawImage(half, before)
            painter.drawImage(half.translated(half.width(), 0), after)
            self._names(painter, area)
        else:
            self._paint_wipe(painter, area, before, after)

    def _paint_wipe(self, painter: QPainter, area: QRectF, before: QImage, after: QImage) -> None:
        painter.drawImage(area, after)
        seam = area.left() + area.width() * self._split
        left = QRectF(area.left(), area.top(), seam - area.left(), area.height())
        part = QRectF(0, 0, before.width() * self._split, before.height())
        painter.drawImage(left, before, part)
        painter.setPen(QPen(QColor("white"), 2))
        painter.drawLine(QPointF(seam, area.top()), QPointF(seam, area.bottom()))
        painter.setBrush(QColor("white"))
        painter.drawEllipse(QPointF(seam, area.center().y()), 7, 7)
        self._names(painter, area)

    def _names(self, painter: QPainter, area: QRectF) -> None:
        room = area.adjusted(18, 12, -18, -12)
        for text, side in (
            (self.tr("Camera"), Qt.AlignmentFlag.AlignLeft),
            (self.tr("Meeting sees"), Qt.AlignmentFlag.AlignRight),
        ):
            size = painter.fontMetrics().size(0, text)
            left = (
                room.left() if side is Qt.AlignmentFlag.AlignLeft else room.right() - size.width()
            )
            box = QRectF(left, room.top(), size.width(), size.height()).adjusted(-8, -4, 8, 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 170))
            painter.drawRoundedRect(box, 6, 6)
            painter.setPen(QColor("white"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
