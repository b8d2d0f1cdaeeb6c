"""Both languages as they grow, beside each other."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from core.events import Fate
from core.text.languages import RIGHT_TO_LEFT
from ui import theme
from ui.conversation import Conversation, Line
from ui.languages import DETECT, language_title
from ui.model import LiveModel
from ui.sentences import translated
from ui.widgets.basics import label, row

SHOWN = 40
"""Lines that are laid out; the transcript has all."""
COALESCE = 60
"""Milliseconds within which further words are drawn together."""


class _Pane(QTextBrowser):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(2)
        self._html = ""

    def show_html(self, html: str) -> None:
        """Stays at the end, unless somebody has scrolled up to read."""
        if html == self._html:
            return
        self._html = html
        bar = self.verticalScrollBar()
        before, at_end = bar.value(), bar.value() >= bar.maximum() - 4
        self.setHtml(html)
        bar.setValue(bar.maximum() if at_end else before)


class Captions(QWidget):
    """What the user said on the one side, what the others hear on the other."""

    def __init__(self, model: LiveModel, conversation: Conversation) -> None:
        super().__init__()
        self._model, self._conversation = model, conversation
        self.source = _Pane(self.tr("What you said"))
        self.target = _Pane(self.tr("What they hear"))
        self.source_title, self.target_title = label("", "heading"), label("", "heading")
        columns = row(
            self._column(self.source_title, self.source),
            self._column(self.target_title, self.target),
            spacing=20,
        )
        self.setLayout(columns)
        self._timer = QTimer(self, interval=COALESCE, singleShot=True)
        self._timer.timeout.connect(self.refresh)
        conversation.changed.connect(self._soon)
        model.config_changed.connect(self._soon)
        self.refresh()

    def refresh(self) -> None:
        languages = self._model.config.languages
        you, they = self.tr("You · {0}"), self.tr("They hear · {0}")
        self.source_title.setText(you.format(self._spoken(languages.source)))
        self.target_title.setText(they.format(language_title(languages.target)))
        lines = self._conversation.lines[-SHOWN:]
        empty = self.tr("What you say appears here."), self.tr("And here what the others hear.")
        # On either side one language is read, whoever spoke.
        yours = [self._heard(line) if line.theirs else self._said(line) for line in lines]
        theirs = [self._said(line) if line.theirs else self._heard(line) for line in lines]
        self.source.show_html("".join(yours) or _quiet(empty[0]))
        self.target.show_html("".join(theirs) or _quiet(empty[1]))

    def _said(self, line: Line) -> str:
        return _paragraph(line.source, line.source_language, guess=line.guess, who=line.who)

    def _heard(self, line: Line) -> str:
        if line.fate is Fate.FAILED:
            failed = self.tr("Not translated: {0}").format(translated(line.reason))
            return f'<p style="color:{theme.current().bad}">{escape(failed)}</p>'
        text = line.translation
        if line.own:
            text = self.tr("In your own voice: {0}").format(text)
        return _paragraph(text, line.target_language, line.growing, who=line.who)

    def _spoken(self, language: str) -> str:
        """The language that was chosen, or that was found out last."""
        if language != DETECT:
            return language_title(language)
        lines = self._conversation.lines
        found = [one.source_language for one in lines if not one.speaker]
        known = [one for one in found if one != DETECT]
        return language_title(known[-1]) if known else self.tr("found out as you speak")

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _column(self, title: QWidget, pane: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(pane, 1)
        return column


def _paragraph(text: str, language: str, pale: bool = False, guess: str = "", who: str = "") -> str:
    """One line of the dialogue in the direction of its language; what may still change is paler.
    `who` said it, where it was not the user."""
    if not text and not guess:
        return ""
    colours = theme.current()
    paler = f'<span style="color:{colours.dim}"> {escape(guess)}</span>' if guess else ""
    colour = colours.dim if pale else colours.text
    name = f'<b style="color:{colours.accent}">{escape(who)}: </b>' if who else ""
    side = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    place = "right" if side == "rtl" else "left"
    style = f"color:{colour}; margin:0 0 8px 0; line-height:130%; font-size:11pt"
    return f'<p dir="{side}" align="{place}" style="{style}">{name}{escape(text)}{paler}</p>'


def escape(text: str) -> str:
    """For rich text. The library's `html` brings a table of entities that takes longer to load
    than this window to paint."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quiet(text: str) -> str:
    return f'<p style="color:{theme.current().dim}; font-size:11pt">{escape(text)}</p>'
