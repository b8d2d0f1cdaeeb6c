"""What is wrong in a settings file, in the window's language: as `core.settings_file` says it."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from ui.sentences import KNOWN, translated

WRONG = (
    QT_TRANSLATE_NOOP("sentences", "there is no setting {0}; did you mean {1}?"),
    QT_TRANSLATE_NOOP("sentences", "there is no setting {0}; there are: {1}"),
    QT_TRANSLATE_NOOP("sentences", "there is no section {0}; did you mean {1}?"),
    QT_TRANSLATE_NOOP("sentences", "there is no section {0}"),
    QT_TRANSLATE_NOOP("sentences", "{0} is {1} or more, not {2}"),
    QT_TRANSLATE_NOOP("sentences", "{0} is {1} or less, not {2}"),
    QT_TRANSLATE_NOOP("sentences", "{0} is one of {1}, not {2}"),
    QT_TRANSLATE_NOOP("sentences", "{0} is true or false, not {1}"),
    QT_TRANSLATE_NOOP("sentences", "{0} is a whole number, not {1}"),
    QT_TRANSLATE_NOOP("sentences", "{0} is a number, not {1}"),
    QT_TRANSLATE_NOOP("sentences", "{0} is a text in quotes"),
    QT_TRANSLATE_NOOP("sentences", "{0} is a list of texts"),
    QT_TRANSLATE_NOOP("sentences", "{0} is a table of texts"),
    QT_TRANSLATE_NOOP("sentences", "this is not TOML: {0}"),
)


def problem_words(text: str) -> str:
    """One problem; what the file says of places and names stays as it is."""
    return translated(text, (*WRONG, *KNOWN))
