import shutil
from itertools import pairwise

import numpy as np
import pytest

from core.errors import EngineUnavailable
from core.mouth import mouth_track
from core.types import AudioChunk, Segment, Speech, Transcript, Translation
from engines.tts.flite import FliteVoice
from engines.tts.utterance import trimmed

needs_flite = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")


def speak(text: str, **options: int) -> list[Speech]:
    segment = Segment(0, AudioChunk(np.zeros(0, np.float32), 16000, 0.0))
    translation = Translation(Transcript(segment, text, "es"), text, "en")
    return list(FliteVoice(**options).speak(translation))


@needs_flite
def test_a_sentence_has_sound_words_and_a_moving_mouth() -> None:
    (speech,) = speak("Good morning, we start with the budget.")

    assert speech.audio.rate == 16000
    assert 1.5 < speech.audio.duration < 4
    assert " ".join(w.text for w in speech.words) == "Good morning we start with the budget"
    assert all(a.start < a.end <= b.start for a, b in pairwise(speech.words))
    assert speech.mouth.shapes[:, 0].max() > 0.5


@needs_flite
def test_the_first_sound_comes_at_once() -> None:
    (speech,) = speak("Hello everybody.")
    loud = np.flatnonzero(np.abs(speech.audio.samples) > 0.01)

    assert loud[0] / speech.audio.rate < 0.06


@needs_flite
def test_words_sound_and_the_pause_between_them_does_not() -> None:
    (speech,) = speak("First this one, afterwards that one.")
    one, afterwards = speech.words[2:4]
    gap = speech.audio.samples[
        int((one.end + 0.05) * 16000) : int((afterwards.start - 0.02) * 16000)
    ]

    assert afterwards.start - one.end > 0.1
    assert np.sqrt(np.mean(gap**2)) < 0.01


@needs_flite
def test_the_lips_are_closed_where_a_p_is_quiet() -> None:
    utterance = trimmed(FliteVoice().say("Peter Piper picked a piece of pepper happily."))
    samples, rate = utterance.samples, utterance.rate
    mouth = mouth_track(utterance.phones, len(samples) / rate)
    closures = [(p.start + p.end) / 2 for p in utterance.phones if p.name == "p" and p.start > 0.1]
    at_p = [samples[int((c - 0.01) * rate) : int((c + 0.01) * rate)] for c in closures]

    assert len(closures) >= 7
    assert max(mouth.at(c)[0] for c in closures) < 0.01
    assert min(mouth.at(c)[4] for c in closures) > 0.9
    assert np.sqrt(np.mean(np.square(at_p))) < 0.1 * np.sqrt(np.mean(samples**2))


@needs_flite
def test_numbers_abbreviations_accents_and_quotes_keep_their_words() -> None:
    (speech,) = speak("Dr. Paz’s “naïve” café has 25 tables.")  # noqa: RUF001

    assert [w.text for w in speech.words][-5:] == ["naïve", "café", "has", "25", "tables"]


@needs_flite
@pytest.mark.parametrize("sign", ["·", "😀", "¨", "мир"])
def test_what_flite_cannot_read_does_not_take_the_times_of_the_other_words(sign: str) -> None:
    (speech,) = speak(f"It costs 5 {sign} there.")

    assert [w.text for w in speech.words] == ["It", "costs", "5", "there"]


@needs_flite
@pytest.mark.parametrize("price", ["€5 million", "€ 5 million", "£5m", "1½ euros"])
def test_a_price_has_the_times_of_its_own_words(price: str) -> None:
    (speech,) = speak(f"They paid {price} yesterday evening.")
    times = {word.text: word.end - word.start for word in speech.words}

    assert [word.text for word in speech.words][-2:] == ["yesterday", "evening"]
    assert "€" not in times
    assert sum(times[word] for word in price.split() if word in times) > times["yesterday"]
    assert all(a.end == b.start for a, b in pairwise(speech.words))


@needs_flite
@pytest.mark.parametrize("text", ["", "...", "你好", "<>", "-o x", "--", "a\x00b", "\ud800"])
def test_text_without_english_or_with_oddities_is_safe(text: str) -> None:
    assert all(np.isfinite(s.audio.samples).all() for s in speak(text))


@needs_flite
def test_a_higher_rate_is_shorter() -> None:
    text = "I do not think that this will work."

    assert speak(text, rate_wpm=250)[0].audio.duration < 0.8 * speak(text)[0].audio.duration


@needs_flite
def test_sentences_come_one_by_one() -> None:
    assert [s.last for s in speak("One sentence. Another sentence.")] == [False, True]


@needs_flite
def test_an_unknown_voice_is_refused() -> None:
    with pytest.raises(EngineUnavailable, match="nobody"):
        FliteVoice(voice="nobody")


def test_another_language_is_refused() -> None:
    with pytest.raises(EngineUnavailable, match="English"):
        FliteVoice("es")


def test_without_the_program_the_way_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineUnavailable, match="apt install flite"):
        FliteVoice()
