from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

from core.errors import EngineUnavailable
from core.mouth import mouth_track
from core.types import AudioChunk, Samples, Segment, Speech, Transcript, Translation
from engines.tts.espeak import EspeakVoice
from engines.tts.espeak_library import library
from engines.tts.utterance import trimmed

QUIET = 0.01


def translation(text: str, language: str = "es", spoken: bool = True) -> Translation:
    segment = Segment(0, AudioChunk(np.zeros(0, np.float32), 16000, 0.0))
    return Translation(Transcript(segment, text, "en"), text, language, spoken)


def speak(text: str, language: str = "es", **options: int) -> list[Speech]:
    return list(EspeakVoice(language, **options).speak(translation(text, language)))


def level(samples: Samples, first: float, last: float) -> float:
    rate = library().rate
    part = samples[max(0, int(first * rate)) : int(last * rate)]
    return float(np.sqrt(np.mean(part**2)))


def test_a_sentence_is_mono_float_sound_of_its_length() -> None:
    (speech,) = speak("Buenos días a todos, empezamos la reunión.")

    assert speech.audio.samples.dtype == np.float32
    assert 1.5 < speech.audio.duration < 4
    assert 0.02 < np.sqrt(np.mean(speech.audio.samples**2)) < 0.5
    assert np.abs(speech.audio.samples).max() <= 1
    assert speech.audio.pts == 0


def test_the_first_sound_comes_within_30_ms_and_the_last_ends_30_ms_before_the_end() -> None:
    (speech,) = speak("Mañana por la mañana.")
    loud = np.flatnonzero(np.abs(speech.audio.samples) > QUIET) / speech.audio.rate

    assert loud[0] <= 0.04
    assert speech.audio.duration - loud[-1] <= 0.04


def test_words_are_the_texts_own_with_ascending_times() -> None:
    (speech,) = speak("El niño comió ñoquis, ¿verdad? 😀".replace("? ", "?"))

    assert [w.text for w in speech.words][:4] == ["El", "niño", "comió", "ñoquis"]
    assert all(a.start < a.end <= b.start for a, b in pairwise(speech.words))
    assert speech.words[-1].end <= speech.audio.duration


def test_a_number_is_one_word() -> None:
    (speech,) = speak("Tengo 25 años.")

    assert [w.text for w in speech.words] == ["Tengo", "25", "años"]


def test_words_sound_and_the_pause_at_a_comma_does_not() -> None:
    (speech,) = speak("Primero esto, después aquello.")
    before, after = speech.words[1], speech.words[2]

    assert after.start - before.end > 0.08
    assert level(speech.audio.samples, before.end + 0.03, after.start - 0.03) < 0.002
    assert level(speech.audio.samples, before.start, before.end) > 0.02


def test_long_text_comes_in_pieces_by_sentence_with_a_pause_between() -> None:
    pieces = speak("Primera frase. Segunda frase. Tercera frase.")

    assert [p.words[0].text for p in pieces] == ["Primera", "Segunda", "Tercera"]
    assert [p.last for p in pieces] == [False, False, True]
    assert [p.audio.duration - p.words[-1].end > 0.2 for p in pieces] == [True, True, False]


def test_the_first_piece_of_ten_thousand_words_is_spoken_without_the_rest() -> None:
    voice = EspeakVoice("es")

    first = next(iter(voice.speak(translation("palabra " * 10_000))))

    assert len(first.words) == 40


@pytest.mark.parametrize("text", ["", "  ", "...", "¿?!", "\x00\x01"])
def test_what_has_nothing_to_say_gives_one_silent_piece(text: str) -> None:
    (speech,) = speak(text)

    assert speech.audio.duration == 0
    assert not speech.words


def test_a_translation_that_is_not_to_be_spoken_is_silent() -> None:
    (speech,) = EspeakVoice("es").speak(translation("Hola", spoken=False))

    assert speech.audio.duration == 0


def test_markup_and_phoneme_brackets_are_read_out_as_text() -> None:
    (plain,) = speak("b hola b")
    (marked,) = speak('<b>hola</b> & <break time="9s"/>')
    (brackets,) = speak("[[h@l'oU]]")

    assert {"hola", "break", "&"} <= {w.text for w in marked.words}
    assert marked.audio.duration < 9
    assert plain.audio.duration < marked.audio.duration
    assert brackets.words


def test_control_characters_are_passed_over() -> None:
    (speech,) = speak("Hola\x00 mun\x1bdo \ud800 fin")

    assert [w.text for w in speech.words] == ["Hola", "mun", "do", "fin"]


@pytest.mark.parametrize(
    ("language", "text"), [("ru", "Привет мир"), ("zh", "你好"), ("hi", "नमस्ते")]
)
def test_other_scripts_are_spoken(language: str, text: str) -> None:
    (speech,) = speak(text, language)

    assert speech.audio.duration > 0.2
    assert "".join(w.text for w in speech.words)[0] == text[0]


def test_a_higher_rate_is_shorter() -> None:
    text = "No creo que eso vaya a funcionar."
    slow, fast = speak(text, rate_wpm=140), speak(text, rate_wpm=240)

    assert fast[0].audio.duration < 0.75 * slow[0].audio.duration


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(EngineUnavailable, match=r"'xx'.* es,"):
        EspeakVoice("xx")


def test_an_unknown_voice_is_refused() -> None:
    with pytest.raises(EngineUnavailable, match="nobody"):
        EspeakVoice("es", voice="nobody")


def test_every_listed_language_has_its_voice() -> None:
    assert len(library().languages) > 100
    assert all(library().has_voice(voice) for voice in set(library().languages.values()))


def test_voices_in_many_threads_speak_as_they_do_alone() -> None:
    texts = [
        ("es", "Mi mamá me mima mucho."),
        ("en", "My mother minds me much."),
        ("fr", "Bonjour"),
    ]
    alone = [speak(text, language) for language, text in texts]

    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda job: speak(job[1], job[0]), texts * 20))

    # espeak's own lengths vary by a hundredth from one time to the next.
    for index, (speech,) in enumerate(together):
        (expected,) = alone[index % 3]
        assert [w.text for w in speech.words] == [w.text for w in expected.words]
        assert speech.audio.duration == pytest.approx(expected.audio.duration, rel=0.03)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Pablo abre la puerta por primera vez, pero Pepe empuja la mesa."),
        ("en", "Peter Piper picked a piece of pepper, and people keep stopping by."),
    ],
)
def test_the_lips_are_closed_while_a_p_is_silent(language: str, text: str) -> None:
    utterance = trimmed(EspeakVoice(language).say(text))
    mouth = mouth_track(utterance.phones, len(utterance.samples) / utterance.rate)
    inner = [p for p in utterance.phones if p.name == "p" and p.start > 0.1]

    assert len(inner) >= 5
    for phone in inner:
        middle = (phone.start + phone.end) / 2
        assert level(utterance.samples, middle - 0.008, middle + 0.008) < 0.004
        assert mouth.at(middle)[0] < 0.01
        assert mouth.at(middle)[4] > 0.85
