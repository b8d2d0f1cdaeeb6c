from dataclasses import replace

import pytest

from app.live.others.settings import turned_round
from core.config import Config, Enhance, Languages, Models, Others, Text, Voice
from core.errors import UsageError

CONFIG = Config(languages=Languages("en", "es"))


def pair(config):
    languages = turned_round(config).languages
    return languages.source, languages.target


def test_the_others_speak_what_they_hear_and_are_heard_in_what_the_user_speaks():
    assert pair(CONFIG) == ("es", "en")


def test_they_may_speak_and_be_heard_in_other_languages():
    assert pair(replace(CONFIG, others=Others(speak="fr", language="ca"))) == ("fr", "ca")
    assert pair(replace(CONFIG, others=Others(speak="auto"))) == ("auto", "en")


def test_who_speaks_the_users_language_already_needs_no_translation():
    with pytest.raises(UsageError, match="English already"):
        turned_round(replace(CONFIG, others=Others(speak="en")))


def test_a_user_whose_language_is_found_out_must_say_what_they_hear():
    config = replace(CONFIG, languages=Languages("auto", "es"))
    with pytest.raises(UsageError, match="--others-to"):
        turned_round(config)
    assert pair(replace(config, others=Others(language="en"))) == ("es", "en")


def test_what_is_meant_for_the_users_own_voice_and_words_is_not_used_for_the_others():
    config = replace(
        CONFIG,
        models=Models(device="cpu", stt="whisper-small", mt="opus-mt-en-es", tts="es_voice"),
        voice=Voice(name="+f3", own="me", rate=1.2),
        text=Text(keep=("Ann",), glossary={"house": "casa"}),
        enhance=Enhance("av"),
    )
    turned = turned_round(config)
    assert turned.models == Models(device="cpu", stt="whisper-small")
    assert (turned.voice.name, turned.voice.own, turned.voice.rate) == ("", "", 1.2)
    assert (turned.text.keep, dict(turned.text.glossary)) == (("Ann",), {})
    assert turned.enhance.engine == "rnnoise"
