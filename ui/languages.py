"""Names of languages in their own and in the window's language."""

from functools import cache

from PySide6.QtCore import QLocale

from core.errors import UsageError
from core.text.languages import DETECT, language_name

__all__ = ["DETECT", "language_title"]

_PLAIN = {"en": "English", "es": "Español", "pt": "Português", "zh": "中文"}
"""Qt adds the country to these."""


@cache
def language_title(code: str) -> str:
    """The language by its own name, "Español" for "es"; in English where Qt does not know it."""
    if code in _PLAIN:
        return _PLAIN[code]
    locale = QLocale(code)
    own = locale.nativeLanguageName()
    if locale.language() is QLocale.Language.C or not own or not _same(locale, code):
        try:
            return language_name(code)
        except UsageError:
            return code
    plain = own.split("(")[0].strip()
    return plain[:1].upper() + plain[1:]


def _same(locale: QLocale, code: str) -> bool:
    """Qt takes the nearest it knows for a language that it does not."""
    return locale.name().split("_")[0].casefold() == code.split("-")[0].casefold()
