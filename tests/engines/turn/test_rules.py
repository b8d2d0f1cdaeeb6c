import numpy as np
import pytest

from core.types import AudioChunk, Word
from engines.turn.prosody import Prosody, prosody
from engines.turn.rules import RulesTurn
from engines.turn.syntax import completeness

RATE = 16000

COMPLETE = {
    "en": [
        "we will meet you at the station tomorrow morning",
        "please send me the report before the end of the week",
        "i think that we should wait until the others are here",
        "he did not want to talk about it because he was tired",
        "thank you very much",
        "yes",
        "good morning everybody",
        "yes i do",
        "come in",
        "if you need more time let me know",
        "the train leaves at seven and arrives at nine",
        "could you tell me how much this would cost",
        "she opened the window and looked at the garden",
        "that is what i wanted to say to you",
        "my brother lives in a small house near the sea",
        "i have never seen anything like this before",
        "what are you talking about",
        "the price of oil has gone up again this year",
    ],
    "es": [
        "mañana nos vemos en la estación",
        "muchas gracias",
        "el tren sale a las siete y llega a las nueve",
        "no quiero hablar de eso porque estoy cansado",
        "mi hermano vive en una casa cerca del mar",
        "si necesitas más tiempo yo puedo esperar un poco",
        "la reunión empieza a las diez de la mañana",
        "sí",
        "creo que debemos esperar a los otros",
        "abrió la ventana y miró el jardín",
    ],
}
INCOMPLETE = {
    "en": [
        "we will meet you at the",
        "please send me the report before",
        "i think that",
        "he did not want to talk about it because",
        "i would like to",
        "if you need more time",
        "when the meeting is over",
        "my brother lives in a",
        "could you tell me how much this would",
        "the price of",
        "she opened the window and",
        "what i want",
        "there are three more questions that i",
        "the man with the very",
        "we need",
        "so um",
        "the big red house on the hill",
        "because of the weather we",
    ],
    "es": [
        "mañana nos vemos en la",
        "no quiero hablar de eso porque",
        "si necesitas más tiempo",
        "mi hermano vive en una",
        "creo que",
        "la reunión de los",
        "cuando termina la reunión",
        "yo quiero",
        "el precio de",
        "la casa grande de mi hermano",
    ],
}


def said(text):
    return tuple(
        Word(word, 0.3 * index, 0.3 * index + 0.3) for index, word in enumerate(text.split())
    )


def voice(glide, pause=0.15, fade=1.0):
    """A buzz of 120 Hz for two seconds that glides by so many semitones in its last 0.4 s, and
    fades to a part of its level; then a pause with a little hiss."""
    times = np.arange(2 * RATE) / RATE
    ending = np.clip((times - 1.6) / 0.4, 0, 1)
    wobble = 0.8 * np.sin(2 * np.pi * 1.3 * times) * (1 - ending)
    phase = np.cumsum(120 * 2 ** ((glide * ending + wobble) / 12)) * 2 * np.pi / RATE
    buzz = sum(np.sin(n * phase) / n for n in range(1, 12)) * 0.1 * (1 - (1 - fade) * ending)
    samples = np.concatenate([buzz, np.zeros(int(pause * RATE))])
    samples += 1e-4 * np.random.default_rng(0).standard_normal(len(samples))
    return AudioChunk(samples.astype(np.float32), RATE, 0.0)


CLOSING, NEUTRAL, GOING_ON = voice(-6, fade=0.3), voice(-1), voice(4)


def judge(audio, text, language="en"):
    return RulesTurn().complete(audio, said(text), language)


@pytest.mark.parametrize("language", ["en", "es"])
def test_whole_sentences_with_a_falling_voice_are_dispatched(language):
    right = [judge(CLOSING, text, language) >= 0.85 for text in COMPLETE[language]]
    assert np.mean(right) >= 0.9


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("sound", [CLOSING, NEUTRAL, GOING_ON])
def test_broken_off_sentences_are_not_dispatched_however_they_sound(language, sound):
    right = [judge(sound, text, language) < 0.85 for text in INCOMPLETE[language]]
    assert np.mean(right) >= 0.95


@pytest.mark.parametrize("language", ["en", "es"])
def test_broken_off_sentences_are_known_to_go_on(language):
    right = [judge(NEUTRAL, text, language) < 0.3 for text in INCOMPLETE[language]]
    assert np.mean(right) >= 0.8


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_words_alone_tell_whole_from_broken(language):
    whole = [completeness(text.split(), language) > 0.45 for text in COMPLETE[language]]
    broken = [completeness(text.split(), language) < 0.45 for text in INCOMPLETE[language]]
    assert np.mean(whole + broken) >= 0.93


def test_a_whole_sentence_with_a_rising_voice_waits():
    assert judge(GOING_ON, "he was not an ill man") < 0.6 < judge(CLOSING, "he was not an ill man")


@pytest.mark.parametrize("language", ["en", "pl"])
def test_without_words_or_grammar_the_voice_decides(language):
    text = "" if language == "en" else "nie wiem co robić"
    assert judge(CLOSING, text, language) > 0.7
    assert judge(GOING_ON, text, language) < 0.4


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("i can do that", True),
        ("what happens after that", True),
        ("not yet", True),
        ("welcome to our meeting", True),
        ("we can ask that", False),
        ("it took us almost", False),
        ("the people who work at night have", False),
    ],
)
def test_small_words_tell_the_end(text, whole):
    assert (completeness(text.split(), "en") > 0.45) is whole


def test_a_voice_that_moves_little_ends_all_the_same():
    flat, lively = (Prosody(fall=fall, depth=depth) for fall, depth in ((1.4, 1.2), (4.2, 3.6)))
    assert flat.closing == pytest.approx(lively.closing, abs=0.1)
    assert flat.closing > 0.4 > Prosody(fall=1.2, depth=3.6).closing


def test_a_voice_too_short_to_have_a_melody_tells_nothing():
    assert Prosody(fade=3.0).closing == 0.0


def test_a_longer_pause_makes_an_end_likelier():
    text = "we go home"
    assert judge(voice(-1, pause=0.6), text) > judge(voice(-1, pause=0.15), text)


@pytest.mark.parametrize("language", ["fr", "de"])
def test_grammars_without_more_still_know_dangling_words(language):
    text = {"fr": "je voudrais parler de la", "de": "wir treffen uns an der"}[language]
    assert judge(CLOSING, text, language) < 0.3


@pytest.mark.parametrize("rate", [8000, 16000, 48000])
def test_melody_fading_and_pause_are_measured_at_any_rate(rate):
    step = RATE / rate
    source = voice(-5, pause=0.4, fade=0.3)
    places = np.arange(0, len(source.samples) - 1, step)
    samples = np.interp(places, np.arange(len(source.samples)), source.samples)
    heard = prosody(AudioChunk(samples.astype(np.float32), rate, 0.0))
    assert heard.fall == pytest.approx(4.0, abs=1.2)
    assert heard.fade > 3
    assert heard.pause == pytest.approx(0.4, abs=0.05)


def test_a_rising_voice_has_a_negative_fall():
    assert prosody(GOING_ON).fall < -2


AWKWARD = {
    "nothing": np.zeros(0),
    "silence": np.zeros(RATE),
    "one sample": np.ones(1),
    "NaN": np.full(RATE, np.nan),
    "noise": 0.1 * np.random.default_rng(0).standard_normal(RATE),
}


@pytest.mark.parametrize("sound", AWKWARD)
def test_what_is_no_voice_tells_nothing(sound):
    audio = AudioChunk(AWKWARD[sound].astype(np.float32), RATE, 0.0)
    assert abs(prosody(audio).fall) < 1.0
    assert 0.0 < judge(audio, "") < 0.85
