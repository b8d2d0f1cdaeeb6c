"""What settings, their sections and their choices are called in the window's language.

The texts of settings are those of their declarations; `packaging/translations` reads them there.
"""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from core.setting import Setting

CONTEXT = "settings"
SECTIONS = {
    "languages": QT_TRANSLATE_NOOP("settings", "Languages"),
    "segmentation": QT_TRANSLATE_NOOP("settings", "Listening"),
    "engines": QT_TRANSLATE_NOOP("settings", "Engines"),
    "models": QT_TRANSLATE_NOOP("settings", "Models"),
    "cards": QT_TRANSLATE_NOOP("settings", "Graphics cards"),
    "recognition": QT_TRANSLATE_NOOP("settings", "Recognition"),
    "translating": QT_TRANSLATE_NOOP("settings", "Translation"),
    "lag": QT_TRANSLATE_NOOP("settings", "Delay"),
    "text": QT_TRANSLATE_NOOP("settings", "Words"),
    "voice": QT_TRANSLATE_NOOP("settings", "Voice"),
    "captions": QT_TRANSLATE_NOOP("settings", "Captions"),
    "picture": QT_TRANSLATE_NOOP("settings", "Picture"),
    "expression": QT_TRANSLATE_NOOP("settings", "Expression"),
    "devices": QT_TRANSLATE_NOOP("settings", "Devices"),
    "others": QT_TRANSLATE_NOOP("settings", "The others"),
    "guests": QT_TRANSLATE_NOOP("settings", "Guests"),
    "window": QT_TRANSLATE_NOOP("settings", "Window"),
    "placement": QT_TRANSLATE_NOOP("settings", "Where it runs"),
    "enhance": QT_TRANSLATE_NOOP("settings", "Noise"),
    "shortcuts": QT_TRANSLATE_NOOP("settings", "Shortcuts"),
}
CHOICES = {
    "auto": QT_TRANSLATE_NOOP("settings", "Automatic"),
    "cpu": QT_TRANSLATE_NOOP("settings", "The processor"),
    "cuda": QT_TRANSLATE_NOOP("settings", "The graphics card"),
    "default": QT_TRANSLATE_NOOP("settings", "As for all"),
    "off": QT_TRANSLATE_NOOP("settings", "Off"),
    "voice.original.off": QT_TRANSLATE_NOOP("settings", "Silent"),
    "enhance.engine.rnnoise": QT_TRANSLATE_NOOP("settings", "Noise suppressor"),
    "enhance.engine.av": QT_TRANSLATE_NOOP("settings", "By your lips"),
    "duck": QT_TRANSLATE_NOOP("settings", "Softly under the translation"),
    "pass": QT_TRANSLATE_NOOP("settings", "As it is"),
    "both": QT_TRANSLATE_NOOP("settings", "Both languages"),
    "source": QT_TRANSLATE_NOOP("settings", "Your language"),
    "target": QT_TRANSLATE_NOOP("settings", "Their language"),
    "bottom": QT_TRANSLATE_NOOP("settings", "At the bottom"),
    "top": QT_TRANSLATE_NOOP("settings", "At the top"),
    "live": QT_TRANSLATE_NOOP("settings", "Live"),
    "dubbed": QT_TRANSLATE_NOOP("settings", "Dubbed"),
    "thread": QT_TRANSLATE_NOOP("settings", "In this program"),
    "process": QT_TRANSLATE_NOOP("settings", "In a process of its own"),
    "broker": QT_TRANSLATE_NOOP("settings", "On another machine"),
    "system": QT_TRANSLATE_NOOP("settings", "The system's"),
    "light": QT_TRANSLATE_NOOP("settings", "Light"),
    "dark": QT_TRANSLATE_NOOP("settings", "Dark"),
}


def setting_text(setting: Setting) -> str:
    """The one line that says what it is."""
    return QCoreApplication.translate(CONTEXT, setting.text)


def section_title(section: str) -> str:
    """A section that has no name yet is called by its own, with a capital."""
    return QCoreApplication.translate(CONTEXT, str(SECTIONS.get(section, section.capitalize())))


def choice_title(setting: Setting, choice: str) -> str:
    """By the setting's own word for it, by the common one, or as it is."""
    own = CHOICES.get(f"{setting.name}.{choice}")
    return QCoreApplication.translate(CONTEXT, str(own or CHOICES.get(choice, choice)))
