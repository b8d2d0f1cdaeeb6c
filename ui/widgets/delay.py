"""How late the translation is and where the time goes."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from core.live import LiveStatus
from ui import theme
from ui.widgets.basics import NOTHING, Card, label, row

STAGES = ("recognise", "translate", "speak", "picture")
SHADES = (1.0, 0.72, 0.48, 0.28)
"""One colour, lighter from stage to stage."""
LATE = 0.8
"""The share of the budget from which on the lag is a warning."""


def shade(colour: str, under: str, share: float) -> QColor:
    """So much of a colour over another."""
    one, other = QColor(colour), QColor(under)
    mixed = (a * share + b * (1 - share) for a, b in zip(_parts(one), _parts(other), strict=True))
    return QColor(*(round(part) for part in mixed))


def _parts(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


class _Bar(QWidget):
    """Parts beside each other, as shares of the whole width."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.parts: list[tuple[float, QColor]] = []
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(160, 10)

    def show_parts(self, parts: list[tuple[float, QColor]]) -> None:
        if parts != self.parts:
            self.parts = parts
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        whole = QRectF(0, 0, self.width(), self.height())
        painter.setBrush(QColor(theme.current().well))
        painter.drawRoundedRect(whole, 5, 5)
        left = 0.0
        for share, colour in self.parts:
            width = min(share * self.width(), self.width() - left)
            if width > 0:
                painter.setBrush(colour)
                painter.drawRoundedRect(QRectF(left, 0, max(3.0, width), self.height()), 3, 3)
            left += width


class DelayCard(Card):
    """Stages, lag against its budget, skew, pictures a second and lost ones."""

    def __init__(self) -> None:
        super().__init__("")
        self.heading.setText(self.tr("Delay"))
        self.heading.setVisible(True)
        self.setAccessibleName(self.tr("Delay"))
        self.lag = label(NOTHING)
        self.lag_bar = _Bar(self.tr("Delay against what you allow"))
        self.step = label("", "dim")
        self.stages = _Bar(self.tr("Time of each stage"))
        self.times = {name: label(NOTHING) for name in STAGES}
        self.names = {
            "recognise": self.tr("Recognise"),
            "translate": self.tr("Translate"),
            "speak": self.tr("Speak"),
            "picture": self.tr("Lips and picture"),
        }
        self.picture = label("", "dim", wrap=True)
        self.body.addLayout(row(label(self.tr("Behind you"), "dim"), None, self.lag))
        self.body.addWidget(self.lag_bar)
        self.body.addWidget(self.step)
        self.body.addWidget(self.stages)
        self.body.addLayout(self._legend())
        self.body.addWidget(self.picture)

    def show_status(self, status: LiveStatus, budget: float) -> None:
        colours = theme.current()
        late = status.lag > LATE * budget
        seconds = self.tr("{0} of {1} s").format(f"{status.lag:.1f}", f"{budget:.1f}")
        self.lag.setText(seconds)
        self.lag_bar.setAccessibleDescription(seconds)
        fill = QColor(colours.warn if late else colours.accent)
        self.lag_bar.show_parts([(min(1.0, status.lag / budget), fill)])
        self.step.setText(self._step(status.lag_step))
        self._show_stages(status)
        self.picture.setText(self._picture(status))

    def _legend(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for at, name in enumerate(STAGES):
            grid.addWidget(_Swatch(SHADES[at]), at, 0)
            grid.addWidget(label(self.names[name], "dim"), at, 1)
            grid.addWidget(self.times[name], at, 2, Qt.AlignmentFlag.AlignRight)
        return grid

    def _show_stages(self, status: LiveStatus) -> None:
        colours = theme.current()
        known = {name: status.stages.get(name, 0.0) for name in STAGES}
        whole = max(sum(known.values()), 0.5)
        parts = [
            (seconds / whole, shade(colours.accent, colours.surface, part))
            for seconds, part in zip(known.values(), SHADES, strict=True)
        ]
        self.stages.show_parts(parts)
        for name, seconds in known.items():
            self.times[name].setText(self._short(seconds) if name in status.stages else NOTHING)
        self.stages.setAccessibleDescription(
            ", ".join(
                f"{self.names[name]} {self._short(seconds)}" for name, seconds in known.items()
            )
        )

    def _short(self, seconds: float) -> str:
        if seconds < 0.0995:
            return self.tr("{0} ms").format(f"{seconds * 1000:.0f}")
        return self.tr("{0} s").format(f"{seconds:.2f}")

    def _step(self, step: str) -> str:
        return {
            "normal": self.tr("On time"),
            "tempo": self.tr("Catching up: the voice speaks faster"),
            "fillers": self.tr("Catching up: fillers are left out"),
            "shorter": self.tr("Catching up: the translation is shorter"),
            "captions": self.tr("Too late to speak: captions only"),
        }.get(step, step)

    def _picture(self, status: LiveStatus) -> str:
        if status.idle:
            return self.tr("The picture rests: nobody is looking.")
        text = self.tr("{0} pictures/s · {1} dropped · lips {2} ms from the voice")
        return text.format(f"{status.fps:.0f}", status.dropped, f"{status.skew_ms:.0f}")


class _Swatch(QLabel):
    """The colour of a stage."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share
        self.setFixedSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade(colours.accent, colours.surface, self._share))
        painter.drawRoundedRect(self.rect(), 3, 3)
