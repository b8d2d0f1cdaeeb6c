"""The main window: what is seen, heard and said, how late it is and why."""

from collections.abc import Callable

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.config import Config
from core.events import Event, Notice, State
from core.live import HEARS_ITSELF, LiveStatus, Voiced
from ui.actions import Keys
from ui.conversation import Conversation
from ui.model import LiveModel
from ui.sentences import isolated, translated
from ui.services import Offer
from ui.widgets.banner import Banners
from ui.widgets.basics import GAP, Card, button, label, row, scrolled, tool
from ui.widgets.captions import Captions
from ui.widgets.controls import Controls
from ui.widgets.delay import DelayCard
from ui.widgets.languages import LanguageCard
from ui.widgets.preview import Preview, View
from ui.widgets.rungs import DeviceCard, RungCard
from ui.widgets.voice import VoiceCard

SIDE, BAR = 330, 16
"""The least width of the column at the side, and of its scroll bar."""


class MainWindow(QMainWindow):
    """Knows the session through the model alone. Pages are opened by whoever fills `pages`."""

    painted = Signal()
    """Once: there is something to see."""
    help_wanted = Signal()
    """Something is wrong with a device."""
    closing = Signal(QCloseEvent)
    """May be ignored by whoever handles it; then the window stays."""

    def __init__(
        self,
        model: LiveModel,
        geometry: QSettings | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self._geometry = geometry
        self.conversation = Conversation(model)
        self.banners = Banners()
        self.preview = Preview(model)
        self.captions = Captions(model, self.conversation)
        self.controls = Controls(model)
        self.languages = LanguageCard(model)
        self.voice = VoiceCard(model)
        self.delay, self.rungs, self.devices = DelayCard(), RungCard(), DeviceCard()
        self.keys = Keys(model, self)
        self.setWindowTitle("Translated Camera")
        self.setMinimumSize(760, 520)
        self.resize(1180, 780)
        self._build()
        self._connect()
        if geometry is not None and (kept := geometry.value("geometry")) is not None:
            self.restoreGeometry(kept)
        self.show_status(model.status)
        self.controls.start.setFocus()

    # --- building ------------------------------------------------------------------------------

    def _build(self) -> None:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        inner = QVBoxLayout()
        inner.setContentsMargins(20, 14, 20, 14)
        inner.setSpacing(GAP)
        inner.addLayout(self._header())
        inner.addWidget(self.banners)
        inner.addLayout(self._body(), 1)
        column.addLayout(inner, 1)
        column.addWidget(self.controls)
        self.setCentralWidget(whole)

    def _header(self) -> QHBoxLayout:
        self.title = label("Translated Camera", "title")
        self.state = label("", "dim")
        self.transcript = button(self.tr("Transcript"), "", "transcript")
        self.settings = button(self.tr("Settings"), "", "settings")
        self.more = tool("menu", self.tr("More"))
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.more)
        self.more.setMenu(self.menu)
        return row(self.title, self.state, None, self.transcript, self.settings, self.more)

    def _body(self) -> QHBoxLayout:
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(GAP)
        self.split.addWidget(self._picture())
        captions = Card()
        captions.body.addWidget(self.captions)
        captions.setMinimumHeight(120)
        self.split.addWidget(captions)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        side = QWidget()
        cards = QVBoxLayout(side)
        beside = (4, 0, 0, 0) if side.isRightToLeft() else (0, 0, 4, 0)
        cards.setContentsMargins(*beside)
        cards.setSpacing(GAP)
        for card in (self.languages, self.voice, self.delay, self.rungs, self.devices):
            cards.addWidget(card)
        cards.addStretch(1)
        area = scrolled(side)
        # Some languages need more room than others.
        area.setFixedWidth(max(SIDE, side.minimumSizeHint().width() + BAR))
        return row(self.split, area, spacing=GAP)

    def _picture(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.preview, 1)
        self.views = QButtonGroup(self)
        names = {
            View.RESULT: self.tr("What they see"),
            View.BESIDE: self.tr("Side by side"),
            View.WIPE: self.tr("Wipe"),
        }
        buttons: list[QPushButton] = []
        for view, name in names.items():
            made = button(name)
            made.setCheckable(True)
            made.setChecked(view is View.RESULT)
            made.clicked.connect(lambda _, wanted=view: self.preview.show_as(wanted))
            self.views.addButton(made)
            buttons.append(made)
        column.addLayout(row(None, *buttons, None, spacing=6))
        return part

    def _connect(self) -> None:
        model = self.model
        model.status_changed.connect(self.show_status)
        model.restart_needed.connect(self._offer_restart)
        model.config_changed.connect(self._same_language)
        model.state_changed.connect(self._started)
        model.told.connect(self._noticed)
        self.keys.held.connect(self.controls.show_held)
        self.preview.watching.connect(model.preview)
        self.preview.chosen.connect(model.choose_face)

    def add_page(self, text: str, open_page: Callable[[], object]) -> None:
        """An entry of the menu."""
        self.menu.addAction(text).triggered.connect(open_page)

    # --- showing -------------------------------------------------------------------------------

    def show_status(self, status: LiveStatus) -> None:
        config = self.model.config
        self.state.setText(self._state_words(status))
        self.controls.show_status(status)
        if not self.isVisible():
            return
        self.languages.show_status(status)
        self.voice.show_status(status, config.segmentation.silence)
        self.delay.show_status(status, config.lag.budget)
        self.rungs.show_rungs(status.rungs)
        self.devices.show_status(status)
        self._notices(status)

    def show_offer(self, offer: Offer) -> None:
        self.languages.show_offer(offer)

    def _state_words(self, status: LiveStatus) -> str:
        if not self.model.ready:
            return self.tr("Opening camera and microphone…")
        if status.voiced is Voiced.MUTED:
            return self.tr("Muted")
        if status.voiced is Voiced.ORIGINAL:
            return self.tr("Passing your own voice on")
        if status.state is State.RUNNING and status.own:
            return self.tr("Passing your own voice on")
        return {
            State.STARTING: self.tr("Loading models…"),
            State.RUNNING: self.tr("Translating"),
            State.STOPPING: self.tr("Stopping…"),
            State.FAILED: self.tr("Could not start"),
        }.get(status.state, self.tr("Ready"))

    def _notices(self, status: LiveStatus) -> None:
        for name in ("camera", "microphone", "virtual_camera", "virtual_microphone"):
            device = getattr(status, name)
            wanted = getattr(self.model.config.devices, name) != "off"
            broken = wanted and not device.works and self.model.ready
            helps = (self.tr("What helps?"), self.help_wanted.emit)
            self.banners.tell(name, translated(device.says) if broken else "", "bad", helps)
        others = status.others
        for name in ("source", "output"):
            device = getattr(others, name)
            broken = others.state is State.RUNNING and not device.works
            self.banners.tell(f"others {name}", translated(device.says) if broken else "")
        guests = ((one.name, one.microphone) for one in status.guests)
        unheard = (
            f"{isolated(who)}: {translated(one.says)}"
            for who, one in guests
            if one.says and not one.works
        )
        self.banners.tell("guests", "\n".join(unheard) if self.model.ready else "")
        failed = translated(status.reason) if status.state is State.FAILED else ""
        self.banners.tell("failed", failed, "bad")
        echo = self.tr("The microphone hears the translation. Headphones help.")
        self.banners.tell("echo", echo if status.hears_itself else "")

    def _noticed(self, event: Event) -> None:
        """What the session has to say; the newest takes the place of the one before."""
        if isinstance(event, Notice) and event.text != HEARS_ITSELF:
            self.banners.tell("notice", translated(event.text))

    def _offer_restart(self, names: tuple[str, ...]) -> None:
        text = self.tr("Some changes take effect when the translation starts anew.")
        self.banners.tell(
            "restart", text, "info", (self.tr("Start anew now"), lambda: self.model.restart())
        )

    def _started(self, state: State, reason: str) -> None:
        if state in (State.STARTING, State.STOPPED, State.IDLE):
            self.banners.tell("restart", "")
        if state is State.STARTING:
            self.banners.tell("notice", "")
            self._same_language(self.model.config)

    def _same_language(self, config: Config) -> None:
        """Nothing is to be translated between a language and itself."""
        same = config.languages.source == config.languages.target
        if same and self.model.status.voiced is Voiced.TRANSLATED:
            self._passing = True
            self.model.panic()
        elif not same and self._passing:
            self._passing = False
            if self.model.status.voiced is Voiced.ORIGINAL:
                self.model.panic()

    _passing = False
    _painted = False

    # --- Qt's events ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, lambda: self.show_status(self.model.status))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._geometry is not None:
            self._geometry.setValue("geometry", self.saveGeometry())

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)
