import numpy as np
import pytest

from core.joined import joined
from core.types import NO_MOUTH, AudioChunk, MouthTrack, Segment, Speech, Transcript, Translation
from core.types import Word as W

RATE = 100


def piece(value, seconds, *, last=False, rate=RATE, mouth=True):
    silence = AudioChunk(np.zeros(RATE, np.float32), RATE, 0.0)
    translation = Translation(Transcript(Segment(0, silence), "", "en"), "hola", "es")
    samples = np.full(round(seconds * rate), value, np.float32)
    times = np.array([0.0, seconds], np.float32)
    track = MouthTrack(times, np.full((2, 6), value, np.float32)) if mouth else NO_MOUTH
    words = (W(str(value), 0.1, 0.2),) if seconds else ()
    return Speech(translation, AudioChunk(samples, rate, 0.0), track, words, last)


def test_pieces_become_one_voice_with_its_words_and_its_mouth():
    (one,) = joined([piece(0.1, 1.0), piece(0.2, 0.5), piece(0.3, 1.0, last=True)])
    assert one.last
    assert one.audio.duration == pytest.approx(2.5)
    assert [(word.text, pytest.approx(word.start)) for word in one.words] == [
        ("0.1", 0.1),
        ("0.2", 1.1),
        ("0.3", 1.6),
    ]
    assert one.mouth.duration == pytest.approx(2.5)
    assert [float(one.mouth.at(at)[0]) for at in (0.5, 2.5)] == pytest.approx([0.1, 0.3])
    assert (np.diff(one.mouth.times) > 0).all()


def test_one_piece_stays_as_it_is():
    only = piece(0.1, 1.0, last=True)
    (one,) = joined([only])
    assert one.words == only.words
    np.testing.assert_array_equal(one.audio.samples, only.audio.samples)


def test_silent_pieces_add_nothing_and_silence_alone_stays():
    (one,) = joined([piece(0.1, 1.0), piece(0.0, 0.0, mouth=False, last=True)])
    assert one.last and one.audio.duration == pytest.approx(1.0)
    (silent,) = joined([piece(0.0, 0.0, mouth=False, last=True)])
    assert len(silent.audio.samples) == 0


def test_another_rate_cannot_be_joined():
    pieces = [piece(0.1, 1.0), piece(0.2, 1.0, rate=2 * RATE, last=True)]
    assert joined(pieces) == pieces
