"""The window's own language: Qt's translators, and the direction in which it is read."""

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

import resources

FOLDER = Path(resources.__file__).parent / "ui" / "translations"
LANGUAGES = {
    "en": "English",
    "es": "Español",
    "tr": "Türkçe",
    "zh": "中文",
    "de": "Deutsch",
    "fr": "Français",
    "ar": "العربية",
}
_QT_NAMES = {"zh": "zh_CN"}
_installed: list[QTranslator] = []


def chosen(wanted: str) -> str:
    """The language of the setting `window.language`: a code, or "auto" for the system's, English
    where there is no translation."""
    if wanted != "auto":
        return wanted if wanted in LANGUAGES else "en"
    for name in QLocale.system().uiLanguages():
        code = name.replace("_", "-").split("-")[0]
        if code in LANGUAGES:
            return code
    return "en"


def install(app: QApplication, wanted: str) -> str:
    """What is made from here on speaks that language; its code."""
    code = chosen(wanted)
    while _installed:
        app.removeTranslator(_installed.pop())
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    name = _QT_NAMES.get(code, code)
    for folder, file in ((qt, f"qtbase_{name}"), (str(FOLDER), f"window_{code}")):
        translator = QTranslator(app)
        if translator.load(file, folder):
            app.installTranslator(translator)
            _installed.append(translator)
    locale = QLocale(code)
    QLocale.setDefault(locale)
    app.setLayoutDirection(locale.textDirection())
    return code
