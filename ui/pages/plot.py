"""Lag and stages over the last minutes, on a pyqtgraph plot."""

from collections import deque
from importlib import import_module
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.live import LiveStatus
from ui import theme
from ui.model import STATUS_EVERY, LiveModel
from ui.qt_classes import QtClasses
from ui.widgets.basics import label
from ui.widgets.delay import SHADES, STAGES, shade
from ui.work import Work

MINUTES = 5
EVERY = 5
"""Of so many looks at the status one is kept."""


class LatencyPlot(QWidget):
    """Remembers from its making on. The library is loaded in the background: that takes longer
    than a window may stand still. It asks for all of Qt's classes, so these are made before."""

    def __init__(self, model: LiveModel, work: Work) -> None:
        super().__init__()
        self._model = model
        kept = MINUTES * 60_000 // (STATUS_EVERY * EVERY)
        self.series: dict[str, deque[float]] = {
            name: deque(maxlen=kept) for name in ("lag", *STAGES)
        }
        self._looks = 0
        self._curves: dict[str, Any] = {}
        self._budget: Any = None
        self.setAccessibleName(self.tr("Delay over the last minutes"))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.waiting = label(self.tr("Preparing the plot…"), "dim")
        self.column.addWidget(self.waiting)
        model.status_changed.connect(self.take)
        self._work = work
        self._classes = QtClasses(self._load, self)

    def _load(self) -> None:
        self._work.ask(
            self, "plot", lambda: import_module("pyqtgraph"), self._ready, self.waiting.setText
        )

    def take(self, status: LiveStatus) -> None:
        self._looks += 1
        if self._looks % EVERY:
            return
        self.series["lag"].append(status.lag)
        for name in STAGES:
            self.series[name].append(status.stages.get(name, 0.0))
        if self.isVisible():
            self._draw()

    def _ready(self, pyqtgraph: Any) -> None:
        colours = theme.current()
        plot = pyqtgraph.PlotWidget(background=colours.surface)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.showGrid(x=False, y=True, alpha=0.15)
        for side, text in (("left", self.tr("seconds")), ("bottom", self.tr("minutes ago"))):
            plot.getAxis(side).setPen(colours.line)
            plot.getAxis(side).setTextPen(colours.dim)
            plot.setLabel(side, text, color=colours.dim)
        legend = plot.addLegend(offset=(-10, 10), labelTextColor=colours.text)
        legend.setBrush(QColor(colours.surface))
        self._add_curves(pyqtgraph, plot)
        self.waiting.hide()
        self.column.addWidget(plot)
        self._draw()

    def _add_curves(self, pyqtgraph: Any, plot: Any) -> None:
        colours = theme.current()
        names = {
            "lag": self.tr("Behind you"),
            "recognise": self.tr("Recognise"),
            "translate": self.tr("Translate"),
            "speak": self.tr("Speak"),
            "picture": self.tr("Lips and picture"),
        }
        for share, name in zip(SHADES, STAGES, strict=True):
            pen = pyqtgraph.mkPen(shade(colours.accent, colours.surface, share), width=2)
            self._curves[name] = plot.plot(pen=pen, name=names[name])
        lag = pyqtgraph.mkPen(colours.text, width=2.5)
        self._curves["lag"] = plot.plot(pen=lag, name=names["lag"])
        dashed = pyqtgraph.mkPen(colours.warn, width=1, style=Qt.PenStyle.DashLine)
        self._budget = pyqtgraph.InfiniteLine(angle=0, pen=dashed)
        plot.addItem(self._budget)

    def _draw(self) -> None:
        if not self._curves:
            return
        self._budget.setValue(self._model.config.lag.budget)
        step = STATUS_EVERY * EVERY / 60_000
        for name, curve in self._curves.items():
            values = list(self.series[name])
            curve.setData([(at - len(values) + 1) * step for at in range(len(values))], values)
