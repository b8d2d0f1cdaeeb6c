import shutil
from itertools import pairwise

import numpy as np
import pytest

from core.errors import EngineUnavailable
from core.partials import Agreement
from core.types import AudioChunk, Segment
from engines.stt.whisper import WhisperRecogniser


@pytest.fixture(scope="module")
def english(whisper_folder):
    recogniser = WhisperRecogniser("en", model=whisper_folder)
    yield recogniser
    recogniser.close()


def segment(samples, rate=16000, pts=7.0):
    return Segment(0, AudioChunk(samples, rate, pts))


def test_what_was_learnt_is_transcribed_with_times_on_the_session_clock(english, spoken):
    samples, text, _, _ = spoken[0]
    transcript = english.recognise(segment(samples))
    assert transcript.text == text
    assert transcript.language == "en"
    assert [word.text for word in transcript.words] == text.split()
    times = [time for word in transcript.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[0] >= 7.0 and times[-1] <= 7.0 + len(samples) / 16000 + 0.1
    assert 0.5 < transcript.confidence <= 1.0


def test_noise_and_another_rate_change_nothing(english, spoken):
    samples, text, _, _ = spoken[0]
    noisy = samples + np.random.default_rng(1).normal(0, 0.003, len(samples)).astype(np.float32)
    assert english.recognise(segment(noisy)).text == text
    fast = np.repeat(samples, 3)
    assert english.recognise(segment(fast, 48000)).text == text


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(8000), np.full(16000, np.nan)])
def test_silence_is_not_even_listened_to(english, samples):
    assert english.recognise(segment(samples.astype(np.float32))).text == ""


def test_a_segment_longer_than_the_window_is_heard_in_parts(english, spoken):
    samples, *_ = spoken[0]
    gap = np.zeros(6400, np.float32)
    transcript = english.recognise(segment(np.concatenate([samples, gap, samples])))
    assert transcript.text.count("The house is big") == 2
    assert transcript.words[-1].start > 7.0 + len(samples) / 16000


def test_the_language_is_found_out_when_none_is_given(whisper_folder, spoken):
    recogniser = WhisperRecogniser(model=whisper_folder)
    for samples, text, language, _ in spoken:
        transcript = recogniser.recognise(segment(samples))
        assert (transcript.language, transcript.text) == (language, text)
        assert 0.3 < transcript.confidence <= 1.0
    recogniser.close()


def test_captions_grow_in_whatever_language_is_spoken(whisper_folder, spoken, monkeypatch):
    recogniser = WhisperRecogniser(model=whisper_folder)
    ear = recogniser.ear()
    for samples, text, language, _ in spoken:
        # So small a model cannot tell the languages of beginnings.
        told = [(language, 0.95)]
        monkeypatch.setattr(recogniser._network, "languages_of", lambda heard, told=told: told)
        for part in (samples, np.zeros(4800, np.float32)):
            ear.feed(AudioChunk(part, 16000, 7.0))
            ear.words(patience=30)
        assert ear.language == language
        assert " ".join(word.text for word in ear.words()) == text
        ear.restart()
    ear.close()
    recogniser.close()


def test_a_segment_in_the_others_language_is_told_from_one_in_the_own(whisper_folder, spoken):
    english, text, _, _ = spoken[0]
    other, words, theirs, _ = next(one for one in spoken if one[2] != "en")
    recogniser = WhisperRecogniser("en", theirs=theirs, model=whisper_folder)
    heard = [recogniser.recognise(segment(samples)) for samples in (english, other)]
    assert [(one.language, one.text) for one in heard] == [("en", text), (theirs, words)]
    assert recogniser.languages == ("en",)
    ear = recogniser.ear()
    assert ear is not None  # captions still grow
    ear.close()
    recogniser.close()


def test_finding_out_the_language_costs_no_second_look_at_the_sound(whisper_folder, spoken):
    recogniser = WhisperRecogniser(model=whisper_folder)
    looks = []
    encode = recogniser._network._whole.encode
    recogniser._network._whole.encode = lambda features: looks.append(1) or encode(features)
    for samples, text, _, _ in spoken[:2]:
        assert recogniser.recognise(segment(samples)).text == text
    assert len(looks) == 2
    recogniser.close()


def test_a_doubtful_language_is_that_of_the_segment_before(whisper_folder, spoken, monkeypatch):
    recogniser = WhisperRecogniser(model=whisper_folder)
    samples, _, language, _ = spoken[-1]
    assert recogniser.recognise(segment(samples)).language == language
    monkeypatch.setattr(recogniser._network, "languages_of", lambda samples: [("tr", 0.3)])
    assert recogniser.recognise(segment(samples)).language == language
    recogniser.close()


def test_without_a_model_for_many_languages_it_says_that_it_cannot_find_out_which(
    monkeypatch, tmp_path
):
    monkeypatch.setattr("engines.models.store.root", lambda: tmp_path)
    with pytest.raises(EngineUnavailable, match="No recognition model for many languages is here"):
        WhisperRecogniser()


def test_a_growing_segment_becomes_words_that_are_only_appended(english, spoken):
    samples, text, _, _ = spoken[0]
    ear, agreement = english.ear(), Agreement()
    shown = []
    for start in range(0, len(samples), 4000):
        ear.feed(AudioChunk(samples[start : start + 4000], 16000, 7.0 + start / 16000))
        agreement.hear(ear.words(patience=20.0))
        assert ear.caught_up
        shown.append(agreement.text)
    agreement.flush(ear.words())
    assert agreement.text == text
    assert all(later.startswith(earlier) for earlier, later in pairwise(shown))
    assert any(shown[:-1]), "nothing was shown before the end"
    ear.restart()
    assert ear.words() == ()
    ear.close()


@pytest.mark.parametrize("lost", ["config.json", "model.bin", "tokenizer.json"])
def test_a_folder_that_lacks_a_file_is_refused_by_that_files_name(whisper_folder, tmp_path, lost):
    shutil.copytree(whisper_folder, tmp_path / "model")
    (tmp_path / "model" / lost).unlink()
    with pytest.raises(EngineUnavailable, match=rf"lacks {lost}"):
        WhisperRecogniser("en", model=tmp_path / "model")


@pytest.mark.parametrize("damaged", ["config.json", "model.bin", "tokenizer.json"])
def test_a_truncated_file_is_refused_with_a_sentence(whisper_folder, tmp_path, damaged):
    shutil.copytree(whisper_folder, tmp_path / "model")
    path = tmp_path / "model" / damaged
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(EngineUnavailable, match="cannot be loaded"):
        WhisperRecogniser("en", model=tmp_path / "model")


def test_a_language_that_the_model_lacks_is_refused_by_name(whisper_folder):
    with pytest.raises(EngineUnavailable, match="does not know Navajo"):
        WhisperRecogniser("nv", model=whisper_folder)


def test_without_the_card_that_is_asked_for_the_same_model_works_on_the_processor(
    whisper_folder, spoken, monkeypatch
):
    monkeypatch.setattr("engines.device.cards", lambda: 0)
    recogniser = WhisperRecogniser("en", model=whisper_folder, device_name="cuda")
    samples, text, _, _ = spoken[0]
    assert recogniser.recognise(segment(samples)).text == text
    assert recogniser.note.endswith("since CUDA, which was asked for, is not found")
    recogniser.close()
