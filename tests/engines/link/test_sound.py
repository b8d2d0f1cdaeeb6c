"""Speech in packets of one chunk."""

import numpy as np
import pytest

from engines.link.sound import RATE, SPOKEN, SoundDecoder, SoundEncoder
from engines.link.wire import LinkError
from engines.stt.tones import understand, utter


def there_and_back(samples: np.ndarray, rate: int) -> tuple[np.ndarray, int]:
    encoder, decoder = SoundEncoder(rate), SoundDecoder(rate)
    packets = [
        encoder.encode(samples[at : at + encoder.size])
        for at in range(0, len(samples), encoder.size)
    ]
    return np.concatenate([decoder.decode(packet) for packet in packets]), sum(map(len, packets))


@pytest.mark.parametrize("rate", [16000, 24000, 48000])
def test_words_survive_the_way_at_a_tenth_of_their_size(rate):
    samples = np.pad(utter("good morning world", rate=rate), rate // 4)
    heard, size = there_and_back(samples, rate)
    assert [word.text for word in understand(heard, rate=rate)] == ["good", "morning", "world"]
    assert size < samples.size * 2 / 5
    assert abs(len(heard) - len(samples)) < rate * 0.08


def test_the_voice_comes_out_when_it_went_in():
    samples = np.zeros(SPOKEN, np.float32)
    samples[8000:8400] = 0.5 * np.sin(np.arange(400) * 0.3)
    heard, _ = there_and_back(samples, SPOKEN)
    loud = np.flatnonzero(np.abs(heard) > 0.1)
    assert loud[0] / SPOKEN == pytest.approx(0.5, abs=0.012)


def test_what_is_missing_is_silence_of_the_same_length():
    decoder = SoundDecoder(RATE)
    assert len(decoder.missing(3)) == 3 * 1920
    assert not decoder.missing(3).any()


def test_a_chunk_too_long_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="640"):
        SoundEncoder(SPOKEN).encode(np.zeros(641, np.float32))


@pytest.mark.parametrize("packet", [b"", bytes(5000), b"\xff" * 40])
def test_what_is_no_chunk_is_refused(packet):
    with pytest.raises(LinkError):
        SoundDecoder(SPOKEN).decode(packet)
