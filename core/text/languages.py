"""Which languages there are: their ISO 639 codes and English names, and what a user may write."""

import difflib
import re

from core.errors import UsageError

# code (639-1 where there is one), 639-3 code, English name
_TABLE = """
aa aar Afar; ab abk Abkhazian; ae ave Avestan; af afr Afrikaans; ak aka Akan; am amh Amharic; an
arg Aragonese; ar ara Arabic; arz arz Egyptian Arabic; as asm Assamese; ast ast Asturian; av ava
Avaric; ay aym Aymara; az aze Azerbaijani; ba bak Bashkir; bar bar Bavarian; be bel Belarusian;
bg bul Bulgarian; bi bis Bislama; bm bam Bambara; bn ben Bengali; bo bod Tibetan; br bre Breton;
bs bos Bosnian; ca cat Catalan; ce che Chechen; ceb ceb Cebuano; ch cha Chamorro; ckb ckb
Central Kurdish; co cos Corsican; cr cre Cree; crh crh Crimean Tatar; cs ces Czech; csb csb
Kashubian; cu chu Church Slavonic; cv chv Chuvash; cy cym Welsh; da dan Danish; de deu German;
dsb dsb Lower Sorbian; dv div Dhivehi; dz dzo Dzongkha; ee ewe Ewe; el ell Greek; en eng
English; eo epo Esperanto; es spa Spanish; et est Estonian; eu eus Basque; fa fas Persian; ff
ful Fulah; fi fin Finnish; fil fil Filipino; fj fij Fijian; fo fao Faroese; fr fra French; frp
frp Arpitan; fur fur Friulian; fy fry Western Frisian; ga gle Irish; gd gla Scottish Gaelic; gl
glg Galician; gn grn Guarani; gu guj Gujarati; gv glv Manx; ha hau Hausa; haw haw Hawaiian; he
heb Hebrew; hi hin Hindi; ho hmo Hiri Motu; hr hrv Croatian; hsb hsb Upper Sorbian; ht hat
Haitian Creole; hu hun Hungarian; hy hye Armenian; hz her Herero; ia ina Interlingua; id ind
Indonesian; ie ile Interlingue; ig ibo Igbo; ii iii Sichuan Yi; ik ipk Inupiaq; io ido Ido; is
isl Icelandic; it ita Italian; iu iku Inuktitut; ja jpn Japanese; jv jav Javanese; ka kat
Georgian; kaa kaa Karakalpak; kg kon Kongo; ki kik Kikuyu; kj kua Kuanyama; kk kaz Kazakh; kl
kal Greenlandic; km khm Khmer; kmr kmr Northern Kurdish; kn kan Kannada; ko kor Korean; kr kau
Kanuri; ks kas Kashmiri; ku kur Kurdish; kum kum Kumyk; kv kom Komi; kw cor Cornish; ky kir
Kirghiz; la lat Latin; lb ltz Luxembourgish; lg lug Ganda; li lim Limburgan; lij lij Ligurian;
ln lin Lingala; lo lao Lao; lt lit Lithuanian; lu lub Luba-Katanga; lv lav Latvian; mg mlg
Malagasy; mh mah Marshallese; mhr mhr Eastern Mari; mi mri Maori; mk mkd Macedonian; ml mal
Malayalam; mn mon Mongolian; mr mar Marathi; ms msa Malay; mt mlt Maltese; my mya Burmese; myv
myv Erzya; na nau Nauru; nap nap Neapolitan; nb nob Norwegian Bokmål; nd nde North Ndebele; ne
nep Nepali; ng ndo Ndonga; nl nld Dutch; nn nno Norwegian Nynorsk; no nor Norwegian; nog nog
Nogai; nr nbl South Ndebele; nv nav Navajo; ny nya Nyanja; oc oci Occitan; oj oji Ojibwa; olo
olo Livvi; om orm Oromo; or ori Odia; os oss Ossetian; pa pan Punjabi; pap pap Papiamento; pi
pli Pali; pl pol Polish; ps pus Pashto; pt por Portuguese; qu que Quechua; rm roh Romansh; rn
run Rundi; ro ron Romanian; ru rus Russian; rup rup Aromanian; rw kin Kinyarwanda; sa san
Sanskrit; sah sah Yakut; sc srd Sardinian; scn scn Sicilian; sco sco Scots; sd snd Sindhi; se
sme Northern Sami; sg sag Sango; sh hbs Serbo-Croatian; si sin Sinhala; sk slk Slovak; sl slv
Slovenian; sm smo Samoan; sma sma Southern Sami; smj smj Lule Sami; smn smn Inari Sami; sn sna
Shona; so som Somali; sq sqi Albanian; sr srp Serbian; ss ssw Swati; st sot Southern Sotho; su
sun Sundanese; sv swe Swedish; sw swa Swahili; szl szl Silesian; ta tam Tamil; te tel Telugu; tg
tgk Tajik; th tha Thai; ti tir Tigrinya; tk tuk Turkmen; tl tgl Tagalog; tn tsn Tswana; to ton
Tongan; tr tur Turkish; ts tso Tsonga; tt tat Tatar; tw twi Twi; ty tah Tahitian; tyv tyv Tuvan;
udm udm Udmurt; ug uig Uyghur; uk ukr Ukrainian; ur urd Urdu; uz uzb Uzbek; ve ven Venda; vec
vec Venetian; vi vie Vietnamese; vo vol Volapük; wa wln Walloon; wo wol Wolof; xh xho Xhosa; yi
yid Yiddish; yo yor Yoruba; yue yue Cantonese; za zha Zhuang; zh zho Chinese; zu zul Zulu
"""

DETECT = "auto"
"""In place of the language that is spoken: it is found out for each segment."""

_ENTRIES = [entry.split(maxsplit=2) for entry in _TABLE.split(";")]
_NAMES = {code: " ".join(name.split()) for code, _, name in _ENTRIES}
_LONG = {code: long for code, long, _ in _ENTRIES}

# The older three-letter codes of libraries (639-2/B), still met in file names and containers.
_BIBLIOGRAPHIC = {
    "alb": "sq", "arm": "hy", "baq": "eu", "bur": "my", "chi": "zh", "cze": "cs", "dut": "nl",
    "fre": "fr", "geo": "ka", "ger": "de", "gre": "el", "ice": "is", "mac": "mk", "mao": "mi",
    "may": "ms", "per": "fa", "rum": "ro", "slo": "sk", "tib": "bo", "wel": "cy",
}  # fmt: skip

_CODES = (
    {name.casefold(): code for code, name in _NAMES.items()}
    | _BIBLIOGRAPHIC
    | {long: code for code, long in _LONG.items()}
    | {code: code for code in _NAMES}
)

RIGHT_TO_LEFT = frozenset({"ar", "arz", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def language_code(wanted: str) -> str:
    """The code used everywhere inside, from a code of two or three letters, with or without a
    region ("en", "eng", "en-US", "pt_BR"), or an English name. UsageError for anything else."""
    text = wanted.strip().casefold()
    known = _CODES.get(text) or _CODES.get(re.split(r"[-_]", text)[0])
    if known is None:
        raise UsageError(f"There is no language {wanted!r}.{_suggestion(text)}")
    return known


def spoken_code(wanted: str) -> str:
    """As `language_code`, and DETECT for itself."""
    return DETECT if wanted.strip().casefold() == DETECT else language_code(wanted)


def language_name(code: str) -> str:
    """The English name, "Spanish" for "es"; accepts whatever `language_code` does."""
    return _NAMES[language_code(code)]


def iso639_3(code: str) -> str:
    """The three-letter code, "spa" for "es"."""
    return _LONG[language_code(code)]


def codes() -> tuple[str, ...]:
    """All known codes, sorted."""
    return tuple(sorted(_NAMES))


def _suggestion(text: str) -> str:
    close = difflib.get_close_matches(text, _CODES, n=2)
    found = dict.fromkeys(_CODES[word] for word in close)
    if not found:
        return ' Give a code such as "en" or a name such as "English".'
    return " Did you mean " + " or ".join(f"{code} ({_NAMES[code]})" for code in found) + "?"
