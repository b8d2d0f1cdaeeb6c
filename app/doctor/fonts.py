"""The fonts that captions are written with."""

from collections.abc import Iterator

from app.devices.machine import Machine
from app.doctor.mending import mended, packages
from core.findings import Finding, Fix, State
from core.text.languages import DETECT, RIGHT_TO_LEFT, language_code, language_name

FONTS, DIRECTION = "Fonts for captions", "Right-to-left captions"
_LETTERS = {
    "am": "አ", "ar": "ع", "arz": "ع", "as": "অ", "be": "ж", "bg": "ж", "bn": "অ", "ckb": "ع",
    "el": "λ", "fa": "گ", "gu": "અ", "he": "ש", "hi": "अ", "hy": "Ֆ", "ja": "あ", "ka": "ა",
    "kk": "қ", "km": "ក", "kn": "ಅ", "ko": "한", "ky": "ж", "lo": "ກ", "mk": "ѓ", "ml": "അ",
    "mn": "ө", "mr": "अ", "my": "က", "ne": "अ", "or": "ଅ", "pa": "ਅ", "ps": "ع", "ru": "ж",
    "sd": "ع", "si": "අ", "sr": "ђ", "ta": "அ", "te": "అ", "tg": "ж", "th": "ก", "ug": "ع",
    "uk": "ї", "ur": "ٹ", "vi": "ế", "yi": "ש", "yue": "中", "zh": "中",
}  # fmt: skip
"""A letter that is written in no other script; what is missing is written in Latin."""


def check(machine: Machine) -> Iterator[Finding]:
    languages = machine.config.languages
    wanted = [one for one in (languages.source, languages.target) if one != DETECT]
    codes = [language_code(one) for one in wanted]
    missing = [code for code in codes if not machine.probes.has_font(code, _LETTERS.get(code, "a"))]
    if missing:
        names = " and ".join(map(language_name, missing))
        finding = Finding(FONTS, State.TROUBLE, f"No font here has the letters of {names}.")
        yield mended(finding, _noto(machine))
    else:
        yield Finding(FONTS, State.OK, "There are fonts for both languages.")
    if set(codes) & RIGHT_TO_LEFT and not machine.probes.lays_out_right_to_left():
        says = "What lays out right-to-left text is missing: its letters stand apart, or reversed."
        fix = packages(machine, apt="libfribidi0", dnf="fribidi", pacman="fribidi",
                       zypper="libfribidi0")  # fmt: skip
        yield mended(Finding(DIRECTION, State.TROUBLE, says), fix)


def _noto(machine: Machine) -> Fix | None:
    return packages(
        machine,
        apt="fonts-noto-core fonts-noto-cjk",
        dnf="google-noto-sans-fonts google-noto-sans-cjk-fonts",
        pacman="noto-fonts noto-fonts-cjk",
        zypper="google-noto-sans-fonts noto-sans-cjk-fonts",
    )
