"""Guests in the settings: added, changed, removed, and what is wrong with them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

import core.guests
from core.config import Config, Guests, Languages, declared
from core.guests import MOST
from core.live import Device, GuestStatus, LiveStatus
from ui import translation
from ui.conversation import others_title
from ui.services import Offer, Option
from ui.settings.dialog import SettingsDialog
from ui.settings.guest_card import LONGEST_NAME
from ui.settings.guests import GuestsPage

ANA, BEN = "Ana=USB", "Ben=Headset,from=es,to=en,voice=en+m7"
OFFER = Offer(
    sources=("en", "es", "de"),
    targets={"en": ("es", "fr"), "es": ("en",), "de": ("en",)},
    detect=True,
    options={"devices.microphone": tuple(Option(one, one) for one in ("", "USB", "Table"))},
)


PAIR = "This pair cannot be translated with what is installed."

SETTINGS = [one for one in declared() if one.section == "guests"]


@pytest.fixture
def page(qtbot, model):
    """By itself, as the dialog has it."""
    page = GuestsPage("guests", SETTINGS, {})
    qtbot.addWidget(page)
    page.edited.connect(model.set)
    model.config_changed.connect(page.show_config)
    page.show_config(model.config)
    page.show_offer(OFFER)
    with qtbot.waitExposed(page):
        page.show()
    return page


@pytest.fixture
def guests(page):
    return page.guests


def choose(box, value):
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def call(qtbot, card, name):
    card.name.setFocus()
    card.name.selectAll()
    qtbot.keyClicks(card.name, name)
    qtbot.keyClick(card.name, Qt.Key.Key_Return)


def speakers(model):
    return model.config.guests.speakers


def titles(box):
    return [box.itemText(at) for at in range(box.count())]


def test_a_guest_is_added_by_keys_and_by_choice(qtbot, guests, model):
    guests.adding.click()
    (card,) = guests.cards
    qtbot.waitUntil(card.isVisible)
    assert card.name.hasFocus()
    assert speakers(model) == ()
    assert card.says.text() == "Which microphone do they speak into?"
    call(qtbot, card, "Ana")
    choose(card.source, "USB")
    assert speakers(model) == ("Ana=USB",)
    choose(card.from_, "es")
    choose(card.to, "en")
    choose(card.voice, "+f3")
    assert speakers(model) == ("Ana=USB,from=es,to=en,voice=+f3",)
    assert card.says.text() == ""


def test_everybody_in_the_settings_is_shown_and_nothing_of_them_is_lost(guests, model):
    model.change(Config(guests=Guests((ANA, BEN))))
    ben = guests.cards[1]
    boxes = (ben.source, ben.from_, ben.to, ben.voice)
    assert [one.name.text() for one in guests.cards] == ["Ana", "Ben"]
    assert [box.currentData() for box in boxes] == ["Headset", "es", "en", "en+m7"]
    choose(guests.cards[0].voice, "+m3")
    assert speakers(model) == ("Ana=USB,voice=+m3", BEN)


def test_a_guest_is_removed_and_the_next_one_is_at_hand(qtbot, guests, model):
    model.change(Config(guests=Guests((ANA, BEN))))
    guests.cards[0].remove.click()
    assert speakers(model) == (BEN,)
    assert guests.cards[0].remove.hasFocus()
    guests.cards[0].remove.click()
    assert speakers(model) == ()
    assert guests.adding.hasFocus()


def test_what_can_be_heard_depends_on_what_they_speak(guests, model):
    model.change(Config(guests=Guests((ANA,))))
    card = guests.cards[0]
    assert titles(card.source) == ["USB", "Table"]
    assert titles(card.from_) == ["The same as you", "Detect", "Deutsch", "English", "Español"]
    assert titles(card.to) == ["The same as for you", "Español", "Français"]
    choose(card.from_, "de")
    assert titles(card.to) == ["The same as for you", "English"]


@pytest.mark.parametrize("english", ["English", "en-US", "eng"])
def test_a_language_is_the_same_however_it_is_written(guests, model, english):
    text = f"Ana=USB,from={english},to=Spanish"
    model.change(Config(guests=Guests((text, BEN))))
    card = guests.cards[0]
    assert titles(card.from_).count("English") == 1
    assert titles(card.to) == ["The same as for you", "Español", "Français"]
    assert (card.from_.currentText(), card.to.currentText()) == ("English", "Español")
    assert (card.changed, card.says.text()) == (False, "")
    choose(guests.cards[1].voice, "+f3")
    assert speakers(model)[0] == text
    choose(card.voice, "+m3")
    assert speakers(model)[0] == "Ana=USB,from=en,to=es,voice=+m3"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "What are they called?"),
        ("A=B", "A=B cannot be a name here: leave out the equals sign."),
        ("ben", "Each further speaker needs a name of their own."),
        ("Others", "Others is what everybody at the far end is called: choose another name."),
    ],
)
def test_a_name_that_cannot_be_is_told_and_the_guest_stays_who_they_were(
    qtbot, guests, model, name, says
):
    model.change(Config(guests=Guests((ANA, BEN))))
    call(qtbot, guests.cards[0], name or "\b")
    assert guests.cards[0].says.text() == says
    assert speakers(model) == (ANA, BEN)
    call(qtbot, guests.cards[0], "Eve")
    assert guests.cards[0].says.text() == ""
    assert speakers(model) == ("Eve=USB", BEN)


def test_who_cannot_be_translated_or_heard_is_told_at_once(guests, model):
    model.change(Config(languages=Languages("en", "es"), guests=Guests((ANA, "Ben=USB,from=es"))))
    shared = "Ana needs a microphone that nobody else speaks into."
    already = "Ben speaks Spanish already: nothing to translate."
    assert [one.says.text() for one in guests.cards] == [shared, already]
    choose(guests.cards[1].source, "Table")
    choose(guests.cards[1].to, "en")
    assert [one.says.text() for one in guests.cards] == ["", ""]


def test_a_pair_for_which_nothing_is_installed_is_told(guests, model):
    model.change(Config(languages=Languages("en", "es"), guests=Guests(("Ana=USB,from=de",))))
    card = guests.cards[0]
    assert card.says.text() == PAIR
    choose(card.to, "en")
    assert card.says.text() == ""


def test_a_microphone_that_is_gone_or_is_the_users_is_told_where_it_is_chosen(page, guests, model):
    model.change(Config(guests=Guests((ANA, BEN))))
    gone = Device("", False, "The microphone USB was unplugged.")
    there = Device("Headset", True)
    both = GuestStatus("Ana", gone, source="USB"), GuestStatus("Ben", there, source="Headset")
    page.show_status(LiveStatus(microphone=there, guests=both))
    shared = "Ben needs a microphone that nobody else speaks into."
    assert [one.says.text() for one in guests.cards] == [gone.says, shared]
    page.show_status(LiveStatus(microphone=Device("Table", True), guests=both[1:]))
    assert [one.says.text() for one in guests.cards] == ["", ""]


def test_a_list_that_is_open_stays_until_it_is_closed(qtbot, page, guests, model):
    model.change(Config(guests=Guests((ANA,))))
    (card,) = guests.cards
    qtbot.waitUntil(card.isVisible)
    card.source.showPopup()
    qtbot.keyClick(card.source.view(), Qt.Key.Key_Down)
    found = tuple(Option(one, one) for one in ("", "AirPods", "USB", "Table"))
    for offered in 2 * [replace(OFFER, options={"devices.microphone": found})]:
        page.show_offer(offered)
        assert card.source.view().currentIndex().data() == "Table"
    card.source.hidePopup()
    page.show_offer(offered)
    assert titles(card.source) == ["AirPods", "USB", "Table"]


def test_no_more_are_added_than_can_be_heard(guests, model):
    full = tuple(f"{name}=mic {name}" for name in "abcdefgh"[:MOST])
    model.change(Config(guests=Guests(full)))
    assert not guests.adding.isEnabled()
    assert str(MOST) in guests.adding.toolTip()
    guests.cards[0].remove.click()
    assert guests.adding.isEnabled()


def test_in_the_dialog_there_is_what_the_machine_has_and_no_key_of_a_name_closes_it(
    qtbot, model, services, work, window
):
    services.offered = OFFER
    dialog = SettingsDialog(model, services, work, window)
    dialog.show()
    dialog.list.setCurrentRow(list(dialog._sections).index("guests"))
    qtbot.waitUntil(lambda: not work.busy)
    guests = dialog.page("guests").guests
    guests.adding.click()
    (card,) = guests.cards
    qtbot.waitUntil(card.isVisible)
    model.start()
    model.look()
    call(qtbot, card, "Ana")
    choose(card.source, "Table")
    assert dialog.isVisible()
    assert speakers(model) == ("Ana=Table",)
    assert "restart" in window.banners.texts


def test_each_field_says_whose_it_is(guests, model):
    model.change(Config(guests=Guests((ANA, BEN))))
    names = [
        part.accessibleName()
        for card in guests.cards
        for part in (card.name, card.source, card.from_, card.to, card.voice, card.remove)
    ]
    assert len(set(names)) == 12
    assert names[1] == "Microphone: Ana"
    assert names[-1] == "Remove Ben" == guests.cards[1].remove.toolTip()


def test_each_field_says_what_is_wrong_with_the_guest_to_who_hears_it_read_out(guests, model):
    model.change(Config(languages=Languages("en", "es"), guests=Guests((ANA, "Ben=Table,from=es"))))
    ana, ben = guests.cards
    already = "Ben speaks Spanish already: nothing to translate."
    assert {part.accessibleDescription() for part in ben.parts} == {already}
    assert {part.accessibleDescription() for part in ana.parts} == {""}
    choose(ben.to, "en")
    assert {part.accessibleDescription() for part in ben.parts} == {""}


def test_all_of_it_is_reached_by_the_tab_key(qtbot, guests, model):
    model.change(Config(guests=Guests((ANA,))))
    (card,) = guests.cards
    qtbot.waitUntil(card.isVisible)
    card.name.setFocus()
    reached = []
    for _ in range(6):
        reached.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    fields = [card.name, card.source, card.from_, card.to, card.voice, card.remove]
    assert reached == fields
    assert QApplication.focusWidget() is guests.adding


def test_a_guest_that_is_begun_survives_changes_elsewhere(guests, model):
    guests.adding.click()
    guests.cards[0].name.setText("Eve")
    model.set("voice.rate", 1.5)
    assert [one.name.text() for one in guests.cards] == ["Eve"]


@pytest.fixture
def arabic(qapp):
    before = QLocale()
    translation.install(qapp, "ar")
    yield
    translation.install(qapp, "en")
    QLocale.setDefault(before)


def test_in_arabic_fields_begin_at_the_right(arabic, qtbot, guests, model):
    model.change(Config(guests=Guests((ANA,))))
    (card,) = guests.cards
    qtbot.waitUntil(card.isVisible)
    assert card.name.x() > card.source.x() == card.remove.x()
    assert card.name.alignment() & Qt.AlignmentFlag.AlignRight


def test_a_wrong_entry_costs_nobody_else_anything_and_stays_until_it_is_mended(
    qtbot, guests, model
):
    model.change(Config(guests=Guests((ANA, "Eve", "Zed=a,from=x-x", BEN))))
    says = [one.says.text() for one in guests.cards]
    assert says[0] == says[3] == ""
    assert "NAME=SOURCE" in says[1] and "no such language" in says[2]
    choose(guests.cards[0].voice, "+m3")
    assert speakers(model) == ("Ana=USB,voice=+m3", "Eve", "Zed=a,from=x-x", BEN)
    choose(guests.cards[1].source, "Table")
    choose(guests.cards[2].from_, "de")
    assert speakers(model) == ("Ana=USB,voice=+m3", "Eve=Table", "Zed=a,from=de", BEN)
    assert [one.says.text() for one in guests.cards[1:3]] == ["", PAIR]


@pytest.mark.parametrize("away", [lambda qtbot, card: call(qtbot, card, "Zed"),
                                  lambda qtbot, card: card.remove.click()])  # fmt: skip
def test_a_name_is_taken_over_as_soon_as_nobody_else_has_it(qtbot, guests, model, away):
    model.change(Config(guests=Guests((ANA, BEN))))
    told = []
    guests.changed.connect(told.append)
    ana, ben = guests.cards
    call(qtbot, ana, "Ben")
    away(qtbot, ben)
    assert speakers(model)[0] == "Ben=USB"
    assert len(told) == 1
    assert ana.says.text() == ""


def test_a_name_that_is_given_back_is_nothing_to_complain_of(qtbot, guests, model):
    model.change(Config(guests=Guests((ANA, BEN))))
    call(qtbot, guests.cards[0], "Ben")
    call(qtbot, guests.cards[0], "Ana")
    assert guests.cards[0].says.text() == ""


def test_what_was_written_by_hand_stays_as_it_was_written_and_its_cards_too(guests, model):
    model.change(Config(guests=Guests(("Ana = USB", BEN))))
    cards = list(guests.cards)
    choose(cards[1].voice, "+f3")
    assert speakers(model) == ("Ana = USB", "Ben=Headset,from=es,to=en,voice=+f3")
    assert guests.cards == cards


def test_a_language_for_which_nothing_at_all_is_installed_is_told(page, guests, model):
    model.change(Config(languages=Languages("en", "es"), guests=Guests(("Ana=USB,from=tr",))))
    assert guests.cards[0].says.text() == PAIR
    model.set("guests.speakers", ("Ana=USB,from=auto",))
    assert guests.cards[0].says.text() == PAIR
    page.show_offer(Offer())
    assert guests.cards[0].says.text() == ""


def test_a_microphone_whose_name_looks_like_options_is_one_like_any_other(page, guests, model):
    odd = "Mic, from=de"
    page.show_offer(replace(OFFER, options={"devices.microphone": (Option(odd, odd),)}))
    model.change(Config(guests=Guests((ANA,))))
    choose(guests.cards[0].source, odd)
    assert guests.cards[0].says.text() == ""
    assert [one.source for one in core.guests.guests(speakers(model))] == [odd]


def test_another_microphone_is_not_blamed_for_the_one_before(page, guests, model):
    model.change(Config(guests=Guests((ANA,))))
    gone = Device("", False, "The microphone USB was unplugged.")
    page.show_status(LiveStatus(guests=(GuestStatus("Ana", gone, source="USB"),)))
    assert guests.cards[0].says.text() == gone.says
    choose(guests.cards[0].source, "Table")
    assert guests.cards[0].says.text() == ""


def test_one_microphone_under_two_names_is_told(page, guests, model):
    model.change(Config(guests=Guests((ANA, "Ben=alsa.usb"))))
    both = (GuestStatus("Ana", Device("USB", True), source="USB"),
            GuestStatus("Ben", Device("USB", True), source="alsa.usb"))  # fmt: skip
    page.show_status(LiveStatus(guests=both))
    assert all("nobody else speaks into" in one.says.text() for one in guests.cards)


def test_a_name_is_short_on_one_line_and_no_markup(qtbot, guests, model):
    model.change(Config(guests=Guests((ANA,))))
    (card,) = guests.cards
    QApplication.clipboard().setText("Ana\nMaría" + "a" * 400)
    card.name.selectAll()
    card.name.paste()
    qtbot.keyClick(card.name, Qt.Key.Key_Return)
    name = core.guests.guests(speakers(model))[0].name
    assert name.startswith("Ana María") and len(name) <= LONGEST_NAME
    call(qtbot, card, "<b>Ana</b>")
    assert "<b>" not in card.remove.toolTip() and "&lt;b&gt;Ana" in card.remove.toolTip()
    assert card.remove.accessibleName() == "Remove <b>Ana</b>"
    call(qtbot, card, "\b")
    assert card.source.accessibleName() == "Microphone: Guest"
    assert card.remove.accessibleName() == "Remove Guest"


@pytest.fixture
def german(qapp):
    before = QLocale()
    translation.install(qapp, "de")
    yield
    translation.install(qapp, "en")
    QLocale.setDefault(before)


def test_the_windows_own_word_for_the_others_is_no_name(german, qtbot, guests, model):
    model.change(Config(guests=Guests((ANA,))))
    word = others_title()
    for name in (word, word.upper(), "Others"):
        call(qtbot, guests.cards[0], name)
        assert guests.cards[0].says.text().startswith(name)
        assert speakers(model) == (ANA,)
    assert word != "Others"
