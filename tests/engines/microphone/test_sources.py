import wave

import numpy as np
import pytest

from core.clock import ManualClock
from core.devices import RATE, SourceEnded
from core.errors import UnreadableInput
from engines.microphone.opening import open_microphone
from engines.microphone.sources import LONGEST, DemoMicrophone, FileMicrophone, ToneMicrophone


@pytest.fixture
def clock():
    return ManualClock(auto=True)


@pytest.fixture
def ramp(tmp_path):
    """One second in which each sample tells its place."""
    path = tmp_path / "ramp.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(np.arange(RATE, dtype=np.int16).tobytes())
    return path


def heard(microphone, seconds):
    parts = []
    while sum(map(len, parts)) < seconds * RATE:
        parts.append(microphone.read().samples)
    return np.concatenate(parts)


def test_sound_comes_when_it_would_have_been_heard(clock):
    microphone = ToneMicrophone(1.0, clock)
    assert microphone.read(0.5) is None
    first = microphone.read()
    assert first.moment == 1.0
    assert clock.now() == pytest.approx(1.0 + len(first.samples) / RATE, abs=1e-4)


def test_a_tone_goes_on_without_a_break(clock):
    samples = heard(ToneMicrophone(0.0, clock, frequency=1000.0, level=0.5), 1.0)
    strengths = np.abs(np.fft.rfft(samples[:RATE]))
    assert strengths.argmax() == 1000
    assert strengths[1000] ** 2 > 0.9999 * (strengths**2).sum()


def test_a_file_is_heard_whole_and_in_order(clock, ramp):
    microphone = FileMicrophone(ramp, 0.0, clock)
    samples = heard(microphone, 1.0)
    assert np.array_equal(np.round(samples * 32768), np.arange(RATE, dtype=np.int16))
    with pytest.raises(SourceEnded, match=r"ramp\.wav has ended"):
        microphone.read()


def test_a_start_in_the_past_leaves_out_what_was(clock, ramp):
    clock.advance(0.5)
    first = FileMicrophone(ramp, 0.0, clock).read()
    assert first.moment == pytest.approx(0.5)
    assert round(first.samples[0] * 32768) == RATE // 2
    assert len(first.samples) < RATE // 50


def test_who_comes_much_too_late_is_told_how_much_was_lost(clock):
    microphone = ToneMicrophone(0.0, clock)
    clock.advance(8.0)
    late = microphone.read()
    assert len(late.samples) == LONGEST
    assert late.moment == pytest.approx(3.0)
    assert microphone.dropped == 3 * RATE


def test_the_demo_speaker_is_heard(clock):
    class Talker:
        def samples(self, first, count):
            return np.arange(first, first + count, dtype=np.float32)

    samples = heard(DemoMicrophone(0.0, clock, Talker()), 0.2)
    assert np.array_equal(samples, np.arange(len(samples)))


def test_one_way_opens_them_all(clock, ramp):
    assert isinstance(open_microphone(f"file:{ramp}", epoch=0.0, clock=clock), FileMicrophone)
    assert not open_microphone("silence", clock=clock).read().samples.any()
    assert open_microphone("tone", clock=clock).read().samples.any()
    with pytest.raises(UnreadableInput, match="does not exist"):
        open_microphone("file:/nowhere.wav", clock=clock)
