"""What badge and floor indicator say, in the language of those who watch."""
# ruff: noqa: RUF001 - letters of many languages look alike

from dataclasses import dataclass

_PHRASES = {
    "ar": ("مترجَم", "جارٍ الترجمة", "جارٍ الترجمة، بقي {} ث"),
    "bg": ("преведено", "превежда се", "превежда се, още {} с"),
    "ca": ("traduït", "traduint", "traduint, queden {} s"),
    "cs": ("přeloženo", "překládá se", "překládá se, ještě {} s"),
    "da": ("oversat", "oversætter", "oversætter, {} s tilbage"),
    "de": ("übersetzt", "wird übersetzt", "wird übersetzt, noch {} s"),
    "el": ("μεταφρασμένο", "μετάφραση", "μετάφραση, ακόμη {} δ"),
    "en": ("translated", "translating", "translating, {} s left"),
    "es": ("traducido", "traduciendo", "traduciendo, quedan {} s"),
    "eu": ("itzulita", "itzultzen", "itzultzen, {} s falta dira"),
    "fa": ("ترجمه‌شده", "در حال ترجمه", "در حال ترجمه، {} ث مانده"),
    "fi": ("käännetty", "käännetään", "käännetään, {} s jäljellä"),
    "fr": ("traduit", "traduction", "traduction, encore {} s"),
    "gl": ("traducido", "traducindo", "traducindo, quedan {} s"),
    "he": ("מתורגם", "מתרגם", "מתרגם, נותרו {} שנ׳"),
    "hi": ("अनूदित", "अनुवाद जारी", "अनुवाद जारी, {} से. शेष"),
    "hu": ("fordítva", "fordítás", "fordítás, még {} mp"),
    "id": ("diterjemahkan", "menerjemahkan", "menerjemahkan, {} d lagi"),
    "it": ("tradotto", "traduzione", "traduzione, ancora {} s"),
    "ja": ("翻訳", "翻訳中", "翻訳中、残り{}秒"),
    "ko": ("번역됨", "번역 중", "번역 중, {}초 남음"),
    "mk": ("преведено", "се преведува", "се преведува, уште {} с"),
    "nl": ("vertaald", "vertaling", "vertaling, nog {} s"),
    "no": ("oversatt", "oversetter", "oversetter, {} s igjen"),
    "pl": ("przetłumaczono", "tłumaczenie", "tłumaczenie, jeszcze {} s"),
    "pt": ("traduzido", "traduzindo", "traduzindo, faltam {} s"),
    "ro": ("tradus", "se traduce", "se traduce, încă {} s"),
    "ru": ("переведено", "перевод", "перевод, ещё {} с"),
    "sk": ("preložené", "prekladá sa", "prekladá sa, ešte {} s"),
    "sv": ("översatt", "översätter", "översätter, {} s kvar"),
    "th": ("แปลแล้ว", "กำลังแปล", "กำลังแปล เหลือ {} วิ"),
    "tr": ("çevrildi", "çevriliyor", "çevriliyor, {} sn kaldı"),
    "uk": ("перекладено", "переклад", "переклад, ще {} с"),
    "vi": ("đã dịch", "đang dịch", "đang dịch, còn {} giây"),
    "zh": ("已翻译", "翻译中", "翻译中，还剩 {} 秒"),
}


@dataclass(frozen=True)
class Phrases:
    """`left` has a place for the seconds."""

    language: str
    badge: str
    coming: str
    left: str


def phrases(language: str) -> Phrases:
    """English for a language that has none here."""
    code = language.split("-")[0]
    code = code if code in _PHRASES else "en"
    return Phrases(code, *_PHRASES[code])
