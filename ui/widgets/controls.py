"""The bar at the bottom: start, panic, mute, push to translate."""

from PySide6.QtWidgets import QFrame, QPushButton

from core.config import Config
from core.events import State
from core.live import LiveStatus, Voiced
from ui.model import LiveModel
from ui.widgets.basics import button, label, paint_icon, row, set_role


class Controls(QFrame):
    def __init__(self, model: LiveModel) -> None:
        super().__init__()
        self._model = model
        self.setProperty("role", "bar")
        self.start = button("", "primary", "play")
        self.start.setProperty("scale", "big")
        self.start.setMinimumWidth(210)
        self.panic = button(self.tr("My own voice now"), "danger", "original")
        self.panic.setProperty("scale", "big")
        self.mute = button(self.tr("Mute"), "", "microphone")
        self.push = button(self.tr("Push to translate"), "", "talk")
        for made in (self.panic, self.mute, self.push):
            made.setCheckable(True)
        self.says = label("", "dim")
        line = row(self.start, self.panic, self.mute, self.push, None, self.says, spacing=10)
        line.setContentsMargins(20, 12, 20, 12)
        self.setLayout(line)
        self.start.clicked.connect(model.toggle)
        self.panic.clicked.connect(model.panic)
        self.mute.clicked.connect(model.mute)
        self.push.toggled.connect(self._push)
        model.config_changed.connect(self.refresh)
        self.refresh(model.config)
        self.show_status(model.status)

    def refresh(self, config: Config) -> None:
        keys = config.shortcuts
        self._hint(self.panic, self.tr("Your own picture and voice, at once, and back"), keys.panic)
        self._hint(self.mute, self.tr("The meeting hears nothing"), keys.mute)
        text = self.tr("Only what you say while holding the key is translated")
        self._hint(self.push, text, keys.talk)
        self._start_hint = keys.start

    def show_status(self, status: LiveStatus) -> None:
        at_work = status.state in (State.STARTING, State.RUNNING)
        set_role(self.start, "kind", "" if at_work else "primary")
        self._show(self.start, "stop" if at_work else "play", self._start_text(status.state))
        self.start.setEnabled(status.state is not State.STOPPING)
        self.start.setToolTip(self._start_hint)
        self._check(self.panic, status.voiced is Voiced.ORIGINAL)
        self._check(self.mute, status.voiced is Voiced.MUTED)
        muted = status.voiced is Voiced.MUTED
        text = self.tr("Muted") if muted else self.tr("Mute")
        self._show(self.mute, "muted" if muted else "microphone", text)
        panic = status.voiced is Voiced.ORIGINAL
        text = self.tr("Back to translation") if panic else self.tr("My own voice now")
        self._show(self.panic, "original", text)

    def show_held(self, held: bool) -> None:
        self.push.setText(
            self.tr("Translating…")
            if held
            else self.tr("Hold {0}").format(self._model.config.shortcuts.talk)
        )

    def _push(self, wanted: bool) -> None:
        self._model.wait_for_key(wanted)
        if wanted:
            self.show_held(False)
        else:
            self.push.setText(self.tr("Push to translate"))

    def _start_text(self, state: State) -> str:
        return {
            State.STARTING: self.tr("Starting… (stop)"),
            State.RUNNING: self.tr("Stop translating"),
            State.STOPPING: self.tr("Stopping…"),
        }.get(state, self.tr("Start translating"))

    def _show(self, made: QPushButton, icon_name: str, text: str) -> None:
        if made.text() != text or made.property("icon_name") != icon_name:
            made.setText(text)
            made.setProperty("icon_name", icon_name)
            paint_icon(made)

    def _check(self, made: QPushButton, checked: bool) -> None:
        """A click has changed it already; what counts is what the session says."""
        if made.isChecked() != checked:
            made.setChecked(checked)
        paint_icon(made)

    def _hint(self, made: QPushButton, text: str, keys: str) -> None:
        made.setToolTip(f"{text} ({keys})" if keys else text)
        made.setAccessibleDescription(made.toolTip())
