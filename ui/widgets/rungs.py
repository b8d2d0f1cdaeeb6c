"""Which engine of each kind is at work, and why; the four devices, and whether they work."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy

from core.live import Device, LiveStatus, Rung
from ui.sentences import translated
from ui.widgets.basics import NOTHING, Card, button, label, row, set_role

BASIC = "(basic)"
LEARNT = ("stt", "mt", "tts")
"""Kinds for which better models can be had."""
RIGHT_TO_LEFT_MARK = "\N{RIGHT-TO-LEFT MARK}"
_REMEDY = re.compile(r" (See what there is|Get one) with `[^`]*`(, and get one with `[^`]*`)?\.")
_REFUSED = re.compile(r"; not ([^\s:]+):")


class RungCard(Card):
    """One row a kind. The reason is the row's tooltip and what a screen reader says. While a basic
    rung is at work, the way to better models is offered."""

    models_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("")
        self.heading.setText(self.tr("Engines"))
        self.heading.setVisible(True)
        self.empty = label(self.tr("Chosen when you start."), "dim")
        self.body.addWidget(self.empty)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(10)
        self.grid.setVerticalSpacing(4)
        self.grid.setColumnStretch(1, 1)
        self.body.addLayout(self.grid)
        self.better = button(self.tr("Get better models…"), "", "download")
        self.better.clicked.connect(self.models_wanted)
        self.better.hide()
        self.body.addLayout(row(self.better, None))
        self.rows: dict[str, tuple[QLabel, QLabel]] = {}
        self._shown: Sequence[Rung] = ()

    def show_rungs(self, rungs: Sequence[Rung]) -> None:
        if rungs == self._shown:
            return
        self._shown = rungs
        self.empty.setVisible(not rungs)
        for kind in [kind for kind in self.rows if kind not in {rung.kind for rung in rungs}]:
            for part in self.rows.pop(kind):
                self.grid.removeWidget(part)
                part.deleteLater()
        for rung in rungs:
            self._show(rung)
        basic = [one for one in rungs if one.kind in LEARNT and BASIC in one.reason]
        self.better.setVisible(bool(basic))

    def _show(self, rung: Rung) -> None:
        if rung.kind not in self.rows:
            at = self.grid.rowCount()
            self.rows[rung.kind] = label(self._kind(rung.kind), "dim"), label("", wrap=True)
            for column, part in enumerate(self.rows[rung.kind]):
                self.grid.addWidget(part, at, column, Qt.AlignmentFlag.AlignTop)
        for part in self.rows[rung.kind]:
            part.setToolTip(translated(rung.reason))
        self.rows[rung.kind][1].setText(self._words(rung))

    def _words(self, rung: Rung) -> str:
        """Its name and the reason; how to get a better one, the button tells."""
        plain = _REMEDY.sub("", rung.reason.removeprefix(f"{rung.kind}: "))
        plain = plain.replace(BASIC, self.tr("(basic)"))
        refused = self.tr("; not {0}:")
        text = translated(_REFUSED.sub(lambda found: refused.format(found[1]), plain))
        # What begins with a name in Latin letters would be laid out from left to right.
        right_to_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return f"{RIGHT_TO_LEFT_MARK}{text}" if right_to_left else text

    def _kind(self, kind: str) -> str:
        return {
            "vad": self.tr("Speech or noise"),
            "turn": self.tr("Sentence end"),
            "stt": self.tr("Recognition"),
            "mt": self.tr("Translation"),
            "tts": self.tr("Voice"),
            "face": self.tr("Face"),
            "lips": self.tr("Lips"),
            "enhance": self.tr("Noise"),
        }.get(kind, kind)


class DeviceCard(Card):
    def __init__(self) -> None:
        super().__init__("")
        self.heading.setText(self.tr("Devices"))
        self.heading.setVisible(True)
        self._titles = {
            "camera": self.tr("Camera"),
            "microphone": self.tr("Microphone"),
            "virtual_camera": self.tr("To the meeting: picture"),
            "virtual_microphone": self.tr("To the meeting: voice"),
        }
        self.rows: dict[str, QLabel] = {}
        for name, title in self._titles.items():
            self.body.addWidget(label(title, "dim"))
            self.rows[name] = label(NOTHING, wrap=True)
            self.rows[name].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            self.body.addWidget(self.rows[name])

    def show_status(self, status: LiveStatus) -> None:
        for name, part in self.rows.items():
            device: Device = getattr(status, name)
            part.setText(self._words(device))
            part.setAccessibleName(self._titles[name])
            set_role(part, "role", "" if device.works or not device.name else "bad")

    def _words(self, device: Device) -> str:
        if not device.name and not device.says:
            return NOTHING
        watched = {True: self.tr("in use"), False: self.tr("nobody looks"), None: ""}
        state = watched[device.watched] if device.works else ""
        parts = [device.name, translated(device.says) or state]
        return " · ".join(part for part in parts if part)
