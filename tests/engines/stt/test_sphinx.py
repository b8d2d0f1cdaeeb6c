import os
import shutil
import signal
import subprocess
import threading
import time

import numpy as np
import pytest
import soxr

from core.errors import EngineFailed, EngineUnavailable
from core.partials import Agreement
from core.types import AudioChunk, Segment
from engines.registry import build

RATE = 16000
SENTENCE = "please send me the report before the end of the week"


@pytest.fixture(scope="module")
def voice(tmp_path_factory):
    """A function that says a text, 16 kHz."""
    if not shutil.which("flite"):
        pytest.skip("flite, which says the sentences, is not installed")
    path = tmp_path_factory.mktemp("voice") / "said.wav"

    def say(text):
        subprocess.run(["flite", "-voice", "rms", "-t", text, "-o", str(path)], check=True)
        header = path.read_bytes()[:44]
        rate = int.from_bytes(header[24:28], "little")
        raw = np.frombuffer(path.read_bytes()[44:], np.int16).astype(np.float32) / 32768
        return soxr.resample(raw, rate, RATE).astype(np.float32)

    return say


@pytest.fixture(scope="module")
def stt():
    recogniser = build("stt", "sphinx")
    yield recogniser
    recogniser.close()


@pytest.fixture
def ear(stt):
    hearing = stt.ear()
    yield hearing
    hearing.close()


def segment(samples, rate=RATE, pts=0.0, final=True):
    return Segment(0, AudioChunk(samples, rate, pts), final=final)


def stream(ear, samples, pts=0.0):
    for first in range(0, len(samples), 1600):
        ear.feed(AudioChunk(samples[first : first + 1600], RATE, pts + first / RATE))
        yield ear.words(60.0)


def text(words):
    return " ".join(word.text for word in words)


def test_a_clear_sentence_is_recognised(stt, voice):
    transcript = stt.recognise(segment(voice(SENTENCE)))
    assert transcript.text == SENTENCE
    assert (transcript.language, transcript.final) == ("en", True)
    assert 0.3 < transcript.confidence <= 1.0


def test_word_times_are_on_the_session_clock(stt, voice):
    samples = np.concatenate([np.zeros(RATE, np.float32), voice(SENTENCE)])
    words = stt.recognise(segment(samples, pts=100.0)).words
    assert words[0].start == pytest.approx(101.0, abs=0.3)
    assert words[-1].end == pytest.approx(100.0 + len(samples) / RATE, abs=0.4)
    assert all(word.start < word.end for word in words)
    starts = [word.start for word in words]
    assert starts == sorted(starts)


@pytest.mark.parametrize("rate", [8000, 44100, 48000])
def test_other_rates_are_resampled(stt, voice, rate):
    samples = soxr.resample(voice(SENTENCE), RATE, rate)
    words = stt.recognise(segment(samples, rate)).words
    assert words[-1].end == pytest.approx(len(samples) / rate, abs=0.4)
    wanted = set(SENTENCE.split())
    assert len(wanted & {word.text for word in words}) > 0.7 * len(wanted)


def test_a_draft_gives_a_running_transcript(stt, voice):
    assert not stt.recognise(segment(voice("thank you"), final=False)).final


AWKWARD = {
    "nothing at all": np.zeros(0, np.float32),
    "one sample": np.ones(1, np.float32),
    "5 ms": np.full(80, 0.1, np.float32),
    "silence": np.zeros(RATE, np.float32),
    "NaN": np.full(RATE, np.nan, np.float32),
}


@pytest.mark.parametrize("sound", AWKWARD)
def test_where_nothing_was_said_there_are_no_words(stt, sound):
    transcript = stt.recognise(segment(AWKWARD[sound]))
    assert (transcript.text, transcript.words) == ("", ())


def test_samples_far_out_of_range_are_clipped_and_not_wrapped(stt, voice):
    wild = voice(SENTENCE)
    wild[1000] = np.inf
    assert stt.recognise(segment(wild)).text == SENTENCE
    stt.recognise(segment(voice(SENTENCE) * 100))
    assert stt.restarts == 0


def test_noises_and_variants_are_no_words(stt, ear, voice):
    hiss = 0.02 * np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    samples = np.concatenate([hiss, voice("the house was open for a week"), hiss])
    heard = [*stt.recognise(segment(samples)).words, *list(stream(ear, samples))[-1]]
    assert not [word.text for word in heard if set(word.text) & set("<>[]()+")]


def test_another_language_is_refused_with_a_way_out():
    with pytest.raises(EngineUnavailable, match=r"English only, not 'es'\. Choose"):
        build("stt", "sphinx", language="es")


def test_a_crash_of_the_decoder_costs_no_segment(voice):
    stt = build("stt", "sphinx")
    os.kill(stt._remote.pid, signal.SIGKILL)
    assert stt.recognise(segment(voice(SENTENCE))).text == SENTENCE
    assert stt.restarts == 1
    stt.close()


def test_in_a_process_that_it_has_to_itself_it_decodes_there(voice):
    alone = build("stt", "sphinx", alone=True)
    assert alone.recognise(segment(voice(SENTENCE))).text == SENTENCE
    assert alone.restarts == 0
    alone.close()


def test_close_does_not_wait_for_a_long_segment(voice):
    stt = build("stt", "sphinx")
    noise = 0.1 * np.random.default_rng(0).standard_normal(60 * RATE).astype(np.float32)
    failures = []

    def work():
        try:
            stt.recognise(segment(noise))
        except EngineFailed as exc:
            failures.append(exc)

    worker = threading.Thread(target=work)
    worker.start()
    while not stt._remote._child.waiting:
        time.sleep(0.001)
    stt.close()
    worker.join(10)
    assert failures


def test_the_ear_understands_while_the_sentence_is_spoken(ear, voice):
    hypotheses = list(stream(ear, voice(SENTENCE), pts=50.0))
    half = text(hypotheses[len(hypotheses) // 2])
    assert 0 < len(half.split()) < len(SENTENCE.split())
    agreement = Agreement()
    for hypothesis in hypotheses:
        agreement.hear(hypothesis)
    agreement.flush()
    right = set(agreement.text.split()) & set(SENTENCE.split())
    assert len(right) > 0.7 * len(set(SENTENCE.split()))
    assert all(word.start >= 50.0 for word in agreement.words)


def test_the_ear_answers_with_the_same_tuple_until_there_is_a_newer_one(ear, voice):
    for _ in stream(ear, voice("thank you very much")):
        assert ear.words() is ear.words()


def test_without_patience_the_ear_does_not_wait(ear):
    os.kill(ear._remote.pid, signal.SIGSTOP)
    ear.feed(AudioChunk(np.zeros(RATE, np.float32), RATE, 0.0))
    assert ear.words() == ()
    assert ear.words(0.01) == ()


def test_after_restart_the_ear_has_forgotten_and_times_begin_anew(ear, voice):
    list(stream(ear, voice(SENTENCE)))
    ear.restart()
    assert ear.words() == ()
    last = list(stream(ear, voice("thank you very much for your help"), pts=30.0))[-1]
    assert "report" not in text(last)
    assert last[0].start >= 30.0


def test_the_cepstral_mean_is_handed_on(ear, voice):
    list(stream(ear, voice(SENTENCE)))
    ear.restart()
    ear._settled.result(10)
    after_speech = ear._last_mean()
    list(stream(ear, np.zeros(RATE, np.float32)))
    ear.restart()
    assert ear._settled.result(10) == after_speech


def test_an_ear_that_crashes_hears_the_utterance_again(ear, voice):
    samples = voice(SENTENCE)
    list(stream(ear, voice("good morning everybody")))
    ear.restart()
    for index, _ in enumerate(stream(ear, samples)):
        if index == 15:
            os.kill(ear._remote.pid, signal.SIGKILL)
            while not ear.restarts:
                time.sleep(0.005)
    assert {"send", "report", "week"} <= set(text(ear.words(60.0)).split())
    assert ear.words()[0].start < 0.5
    assert ear.restarts == 1


def test_the_ear_wants_16_khz(ear):
    with pytest.raises(ValueError, match="16000"):
        ear.feed(AudioChunk(np.zeros(480, np.float32), 48000, 0.0))
