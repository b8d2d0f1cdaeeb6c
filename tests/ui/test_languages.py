from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel

from core.events import Fate, Guessing, Hearing, Recognised, Settled, Translated
from core.types import AudioChunk, Segment, Transcript, Translation
from ui import theme
from ui.languages import DETECT
from ui.rehearsed import LINES
from ui.services import Offer

DETECTING = Offer(
    sources=("en", "es"),
    targets={"en": ("es",), "es": ("en",), DETECT: ("en", "es")},
    detect=True,
)


def choose(card, code):
    card.source.setCurrentIndex(card.source.findData(code))
    card.source.activated.emit(card.source.currentIndex())


def test_finding_out_the_language_cannot_be_chosen_where_nothing_does_it(window, services):
    card = window.languages
    window.show_offer(services.offered)
    items = card.source.model()
    assert isinstance(items, QStandardItemModel)
    item = items.item(card.source.findData(DETECT))
    assert not item.isEnabled() and "needs a model" in item.toolTip()
    assert not card.pass_theirs.isEnabled() and "needs a model" in card.pass_theirs.toolTip()


def test_the_language_that_was_found_out_is_shown_and_theirs_is_passed_on(
    qtbot, window, model, live, play
):
    window.show_offer(DETECTING)
    choose(window.languages, DETECT)
    assert live.config.languages.source == DETECT
    assert window.languages.pass_theirs.isChecked()
    assert not window.languages.pass_theirs.isEnabled()
    assert [window.languages.target.itemData(at) for at in range(2)] == ["en", "es"]
    model.start()
    play(4.0)
    assert window.languages.note.text() == "You speak English."
    qtbot.waitUntil(lambda: window.captions.source_title.text() == "You · English")
    play(1.0)
    qtbot.waitUntil(lambda: window.captions.source_title.text() == "You · English")
    play(7.0)
    assert window.state.text() == "Passing your own voice on"
    assert window.languages.note.text() == "You speak their language: your own voice is passed on."
    heard = f"In your own voice: {LINES['es'][2]}"
    qtbot.waitUntil(lambda: heard in window.captions.target.toPlainText())


def test_that_theirs_is_passed_on_can_be_chosen_for_a_language_of_ones_own(qtbot, window, model):
    window.show_offer(DETECTING)
    qtbot.mouseClick(window.languages.pass_theirs, Qt.MouseButton.LeftButton)
    assert model.config.languages.pass_theirs
    qtbot.mouseClick(window.languages.pass_theirs, Qt.MouseButton.LeftButton)
    assert not model.config.languages.pass_theirs


def test_swapping_keeps_the_other_wishes(qtbot, window, model):
    model.change(replace(model.config, languages=replace(model.config.languages, pass_theirs=True)))
    window.show_offer(DETECTING)
    qtbot.mouseClick(window.languages.swap, Qt.MouseButton.LeftButton)
    languages = model.config.languages
    assert (languages.source, languages.target, languages.pass_theirs) == ("es", "en", True)


@pytest.fixture
def tell(window):
    return window.conversation.take


def transcript(text, number=0):
    segment = Segment(number, AudioChunk(np.zeros(16000, np.float32), 16000, 1.0))
    return Transcript(segment, text, "en")


def test_what_may_still_change_is_paler_and_gives_way_to_what_was_understood(window, tell):
    tell(Hearing(0, "good"))
    tell(Guessing(0, "mourning hall"))
    window.captions.refresh()
    assert window.captions.source.toPlainText() == "good mourning hall"
    html = window.captions.source._html
    assert html.index("good") < html.index(theme.current().dim) < html.index("mourning")
    tell(Recognised(transcript("Good morning all.")))
    tell(Hearing(0, "good mourning hall"))
    tell(Guessing(0, "late"))
    window.captions.refresh()
    assert window.captions.source.toPlainText() == "Good morning all."
    assert theme.current().dim not in window.captions.source._html


def test_a_guess_that_came_to_nothing_goes(window, tell):
    tell(Guessing(0, "hm"))
    tell(Settled(0, Fate.EMPTY))
    assert window.conversation.lines == []


def test_each_line_is_in_the_language_that_it_was_said_in(window, tell):
    said = replace(transcript("صباح الخير"), language="ar")
    tell(Recognised(said))
    tell(Translated(Translation(said, "Buenos días.", "es")))
    (line,) = window.conversation.lines
    assert (line.source_language, line.own) == ("ar", False)
    window.captions.refresh()
    assert 'dir="rtl"' in window.captions.source._html
