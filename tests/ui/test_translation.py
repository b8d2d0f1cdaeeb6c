import ast
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

import ui
from core.config import Config, declared
from ui import translation
from ui.model import LiveModel
from ui.window import MainWindow

OTHERS = [code for code in translation.LANGUAGES if code != "en"]


def messages(code: str) -> dict[str, str]:
    tree = ElementTree.parse(translation.FOLDER / f"window_{code}.ts")
    return {
        one.findtext("source", ""): one.findtext("translation", "")
        for one in tree.iter("message")
        if one.find("translation").get("type") != "unfinished"
    }


def texts_of_the_window() -> Iterator[str]:
    for path in Path(ui.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (text := _text(node)):
                yield text


def _text(call: ast.Call) -> str:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    at = {"tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1}.get(name)
    argument = call.args[at] if at is not None and len(call.args) > at else None
    value = argument.value if isinstance(argument, ast.Constant) else ""
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_of_the_window_is_translated(code):
    known = messages(code)
    assert sorted({text for text in texts_of_the_window() if not known.get(text)}) == []


@pytest.mark.parametrize("code", OTHERS)
def test_nearly_all_settings_are_translated_and_the_rest_is_shown_in_english(code):
    """`packaging/translations` says which are not."""
    known = messages(code)
    missing = [setting.name for setting in declared() if not known.get(setting.text)]
    assert len(missing) <= len(list(declared())) / 10, missing


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_keeps_the_places_for_figures_and_names(code):
    for source, text in messages(code).items():
        assert sorted(re.findall(r"\{\d\}", source)) == sorted(re.findall(r"\{\d\}", text)), source


@pytest.mark.parametrize(
    ("code", "start"),
    [
        ("en", "Start translating"), ("es", "Empezar a traducir"), ("tr", "Çeviriyi başlat"),
        ("zh", "开始翻译"), ("de", "Übersetzung starten"), ("fr", "Démarrer la traduction"),
        ("ar", "بدء الترجمة"),
    ],
)  # fmt: skip
def test_the_window_speaks_the_language_that_was_chosen(qtbot, spoken, code, start):
    spoken(code)
    window = MainWindow(LiveModel(Config()))
    qtbot.addWidget(window)
    assert window.controls.start.text() == start


def test_arabic_is_read_from_right_to_left(qtbot, spoken):
    spoken("ar")
    assert QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    window = MainWindow(LiveModel(Config()))
    qtbot.addWidget(window)
    window.resize(1180, 780)
    with qtbot.waitExposed(window):
        window.show()
    assert window.languages.mapTo(window, window.languages.rect().topLeft()).x() < 400
    assert window.preview.mapTo(window, window.preview.rect().topLeft()).x() > 300


def test_a_language_that_there_is_not_falls_back_to_english():
    assert translation.chosen("tlh") == "en"
