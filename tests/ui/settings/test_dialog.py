from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.config import Config, declared
from ui.services import Offer, Option
from ui.settings.dialog import SettingsDialog, options_of
from ui.settings.editors import Choice, Lines, Range, Shortcut, Switch


@pytest.fixture
def dialog(qtbot, model, services, work, window):
    dialog = SettingsDialog(model, services, work, window)
    dialog.show()
    qtbot.waitUntil(lambda: not work.busy)
    return dialog


def editor_of(dialog, name):
    return dialog.page(name.split(".")[0]).editors[name]


def test_every_declared_setting_has_a_widget_that_shows_its_value(dialog):
    assert list(dialog.editors) == [setting.name for setting in declared()]
    for setting in declared():
        editor = editor_of(dialog, setting.name)
        shown = next(part for part in editor.findChildren(QWidget) if part.accessibleName())
        assert shown.accessibleName() == setting.text


def test_each_kind_has_its_own_kind_of_widget(dialog):
    kinds = {
        "segmentation.silence": Range,
        "segmentation.clauses": Switch,
        "picture.mode": Choice,
        "engines.stt": Choice,
        "text.keep": Lines,
        "text.glossary": Lines,
        "shortcuts.panic": Shortcut,
    }
    assert all(isinstance(editor_of(dialog, name), kind) for name, kind in kinds.items())


def test_a_choice_is_called_what_it_means_for_its_setting(dialog):
    titles = {
        name: editor_of(dialog, name).box.itemText(0)
        for name in ("voice.original", "enhance.engine", "picture.mode")
    }
    assert titles == {"voice.original": "Silent", "enhance.engine": "Off", "picture.mode": "Live"}


def test_a_slider_changes_the_running_session(qtbot, dialog, live, model):
    model.start()
    slider = editor_of(dialog, "segmentation.drop_db").slider
    slider.setValue(slider.maximum())
    assert live.config.segmentation.drop_db == -5
    assert model.config.segmentation.drop_db == -5
    assert "restart" not in dialog.parent().banners.texts


def test_whatever_a_slider_or_a_switch_gives_is_allowed(dialog, model):
    for setting in declared():
        editor = editor_of(dialog, setting.name)
        if isinstance(editor, Range):
            for place in (editor.slider.maximum() // 3, editor.slider.maximum()):
                editor.slider.setValue(place)
                assert setting.of(model.config) == pytest.approx(editor.number.value())
        elif isinstance(editor, Switch):
            editor.box.click()
            assert setting.of(model.config) is not setting.default
    assert dialog.problem.text() == ""


def test_a_number_can_be_typed(qtbot, dialog, model):
    number = editor_of(dialog, "segmentation.silence").number
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "0.75")
    qtbot.keyClick(number, Qt.Key.Key_Tab)
    assert model.config.segmentation.silence == 0.75


def test_a_change_from_elsewhere_is_shown(dialog, model):
    model.set("segmentation.silence", 2.0)
    editor = editor_of(dialog, "segmentation.silence")
    assert editor.number.value() == 2.0
    assert editor.slider.value() > 100


def test_the_glossary_is_written_as_lines(dialog, model):
    lines = editor_of(dialog, "text.glossary")
    lines.field.setPlainText("hub = centro\nunfinished\nrig = equipo = x")
    assert model.config.text.glossary == {"hub": "centro", "rig": "equipo = x"}
    assert "unfinished" in lines.field.toPlainText()


def test_what_the_machine_offers_can_be_chosen(qtbot, dialog, model):
    box = editor_of(dialog, "devices.camera").box
    qtbot.waitUntil(lambda: box.findData("Cam 2") >= 0)
    box.setCurrentIndex(box.findData("Cam 2"))
    box.activated.emit(box.currentIndex())
    assert model.config.devices.camera == "Cam 2"


def test_a_device_that_is_not_here_stays_chosen(qtbot, dialog, model):
    model.set("devices.camera", "My other camera")
    dialog.look()
    box = editor_of(dialog, "devices.camera").box
    qtbot.waitUntil(lambda: box.findData("Cam 2") >= 0)
    assert box.currentData() == "My other camera"


def test_a_list_that_is_open_stays_and_is_brought_up_to_date_when_it_is_closed(qtbot, dialog):
    choice = editor_of(dialog, "devices.camera")
    cameras = [Option(name, name) for name in ("", "Cam 2", "Cam 3")]
    choice.offer(cameras)
    dialog.list.setCurrentRow(list(dialog._sections).index("devices"))
    qtbot.waitUntil(choice.box.isVisible)
    choice.box.showPopup()
    qtbot.keyClick(choice.box.view(), Qt.Key.Key_Down)
    for offered in (list(cameras), [*cameras, Option("Cam 4", "Cam 4")]):
        choice.offer(offered)
        assert choice.box.view().currentIndex().data() == "Cam 2"
        assert choice.box.count() == 3
    choice.box.hidePopup()
    choice.offer(offered)
    assert choice.box.count() == 4


def test_a_device_that_is_gone_is_offered_no_longer_than_it_is_chosen(qtbot, dialog, model):
    box = editor_of(dialog, "devices.camera").box
    qtbot.waitUntil(lambda: box.findData("Cam 2") >= 0)
    model.set("devices.camera", "My other camera")
    model.set("devices.camera", "Cam 2")
    dialog.look()
    qtbot.waitUntil(lambda: box.findData("My other camera") < 0)
    assert box.currentData() == "Cam 2"


def test_a_page_goes_back_to_its_defaults(qtbot, dialog, model):
    model.set("segmentation.silence", 2.0)
    model.set("voice.rate", 1.5)
    dialog.page("segmentation").defaults.click()
    assert model.config == replace(Config(), voice=model.config.voice)
    assert model.config.voice.rate == 1.5


def test_pages_are_built_one_after_the_other_and_at_once_when_they_are_wanted(
    qtbot, model, services, work, window
):
    dialog = SettingsDialog(model, services, work, window)
    assert list(dialog._built) == ["languages"]
    dialog.list.setCurrentRow(list(dialog._sections).index("devices"))
    assert list(dialog._built) == ["languages", "devices"]
    dialog.note("shortcuts", "Only here.")
    qtbot.waitUntil(lambda: len(dialog._built) == len(dialog._sections))
    qtbot.waitUntil(lambda: not work.busy)
    assert dialog.stack.count() == len(dialog._sections) + 1


def test_the_pages_are_walked_by_key(qtbot, dialog):
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.stack.currentIndex() == 1


def test_profiles_are_saved_switched_imported_and_exported(dialog, model, services):
    page = dialog.profiles
    model.set("voice.rate", 1.5)
    page.save("Work")
    model.set("voice.rate", 1.0)
    page.list.setCurrentRow(0)
    page.switch()
    assert model.config.voice.rate == 1.5
    page.export(Path("/there/work.toml"))
    model.set("voice.rate", 0.8)
    page.bring(Path("/there/work.toml"))
    assert model.config.voice.rate == 1.5
    assert "no setting x" in page.says.text()
    page.list.setCurrentRow(0)
    page.remove()
    assert services.profiles.names() == (str(Path("/there/work.toml")),)


def test_autostart_is_offered_where_the_system_has_it(dialog, services):
    box = (
        dialog.page("window")
        .grid.itemAtPosition(dialog.page("window").grid.rowCount() - 1, 1)
        .widget()
    )
    box.click()
    assert services.autostart is True


def test_the_sound_of_the_others_and_where_it_is_heard_are_chosen_of_what_is_there():
    offer = Offer(
        options={
            "others.source": (Option("", "Automatic"), Option("Firefox", "Firefox")),
            "others.output": (Option("", "The system's"), Option("Headset", "Headset")),
        }
    )
    found = options_of(offer, Config())
    assert [one.title for one in found["others.source"]] == ["Automatic", "Firefox"]
    assert [one.title for one in found["others.output"]] == ["The system's", "Headset"]


def test_what_is_chosen_by_its_name_is_not_asked_for_as_a_code():
    chosen = options_of(Offer(), Config())
    texts = {one.name: one.text for one in declared() if one.name in chosen}
    assert {"languages.source", "languages.target"} <= set(texts)
    assert [name for name, text in texts.items() if "code" in text.split()] == []


@pytest.mark.parametrize("section", ["devices", "guests"])
def test_a_device_that_is_plugged_in_while_its_page_is_open_can_be_chosen(
    qtbot, dialog, services, monkeypatch, section
):
    asked = []
    monkeypatch.setattr(dialog, "look", lambda: asked.append(section))
    dialog._looking.setInterval(1)
    dialog.list.setCurrentRow(list(dialog._sections).index(section))
    qtbot.waitUntil(lambda: len(asked) > 2)
    dialog.list.setCurrentRow(0)
    assert not dialog._looking.isActive()
