"""What keeping noise away brings: the level before and after, and to listen to oneself."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout

from core.events import State
from core.live import LiveStatus
from core.types import AudioChunk
from ui.model import LiveModel
from ui.services import Services
from ui.widgets.basics import NOTHING, Card, button, label, row
from ui.widgets.level import LevelBar
from ui.work import Work

SECONDS = 5
OFF = "off"


class NoiseCard(Card):
    """The levels of this moment; and five seconds that are recorded, to be heard as they are and
    with noise kept away. What was recorded is nowhere kept but here, until the next one."""

    def __init__(self, model: LiveModel, services: Services, work: Work) -> None:
        super().__init__("")
        self._model, self._services, self._work = model, services, work
        self.heading.setText(self.tr("What it brings"))
        self.heading.setVisible(True)
        self.before = LevelBar(self.tr("Level before"))
        self.after = LevelBar(self.tr("Level after"))
        self.gain = label(NOTHING, "dim", wrap=True)
        self.record = button(self.tr("Listen to yourself (5 s)"), "", "microphone")
        self.play_before = button(self.tr("As it is"), "", "play")
        self.play_after = button(self.tr("Without noise"), "", "play")
        self.says = label("", "dim", wrap=True)
        self._lay_out()
        self._left = 0
        self._heard: AudioChunk | None = None
        self._made: AudioChunk | None = None
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.tick)
        self.record.clicked.connect(self.start)
        self.play_before.clicked.connect(lambda: self._play(self._heard))
        self.play_after.clicked.connect(lambda: self._play(self._made))
        model.status_changed.connect(self.show_status)
        self.show_status(model.status)
        self._show_buttons()

    def show_status(self, status: LiveStatus) -> None:
        at_work = status.state is State.RUNNING and self._model.config.enhance.engine != OFF
        self.before.show_db(status.before_db if at_work else status.level.db)
        self.after.show_db(status.after_db if at_work else None)
        text = self.tr("Chosen above, it shows while you translate what it takes away.")
        if at_work:
            taken = max(0.0, status.before_db - status.after_db)
            text = self.tr("{0} dB are taken away at this moment.").format(f"{taken:.0f}")
        self.gain.setText(text)

    def start(self) -> None:
        self._left, self._heard, self._made = SECONDS, None, None
        self._second.start()
        self._show_left()
        self._show_buttons()

    def tick(self) -> None:
        """A second has passed."""
        self._left -= 1
        if self._left > 0:
            self._show_left()
            return
        self._second.stop()
        self._take()
        self._show_buttons()

    def _take(self) -> None:
        found = self._model.recent(SECONDS)
        self.says.setText("" if found else self.tr("The microphone is not open yet."))
        if found is None:
            return
        self._heard, self._made = found
        settings = self._model.config.enhance
        if self._made is None and settings.engine != OFF:
            heard = self._heard
            self.says.setText(self.tr("Working…"))
            self._work.ask(
                self,
                "enhance",
                lambda: self._services.enhanced(heard, settings),
                self._enhanced,
                self.says.setText,
            )
        elif self._made is None:
            self.says.setText(self.tr("Nothing is kept away: choose above what does it."))

    def _enhanced(self, made: AudioChunk) -> None:
        self._made = made
        self.says.setText("")
        self._show_buttons()

    def _play(self, audio: AudioChunk | None) -> None:
        if audio is not None:
            self._work.ask(
                self, "play", lambda: self._services.play(audio), lambda _: None, self.says.setText
            )

    def _show_left(self) -> None:
        self.says.setText(self.tr("Speak… {0}").format(self._left))

    def _show_buttons(self) -> None:
        self.record.setEnabled(not self._left)
        self.play_before.setEnabled(self._heard is not None)
        self.play_after.setEnabled(self._made is not None)

    def _lay_out(self) -> None:
        bars = QGridLayout()
        bars.setColumnStretch(1, 1)
        for at, (name, bar) in enumerate(
            ((self.tr("Before"), self.before), (self.tr("After"), self.after))
        ):
            bars.addWidget(label(name, "dim"), at, 0)
            bars.addWidget(bar, at, 1)
        self.body.addLayout(bars)
        self.body.addWidget(self.gain)
        self.body.addLayout(row(self.record, self.play_before, self.play_after, None))
        self.body.addWidget(self.says)
