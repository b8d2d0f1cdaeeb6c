import time

import numpy as np
import pytest

from core.devices import RATE, DeviceLost, SoundInfo
from engines.microphone import device
from engines.microphone.device import DeviceMicrophone
from engines.microphone.moments import Moments

INFO = SoundInfo("BRIO", "alsa_input.usb")


class Recording:
    """A sound system that has heard all of `rows` by now, and gives it in pieces."""

    def __init__(self, rows, rate=RATE, piece=None, age=0.0):
        self.rate, self.channels = rate, rows.shape[1]
        size = piece or rate // 100
        self.pieces = [rows[at : at + size] for at in range(0, len(rows), size)]
        self.moment = time.perf_counter() - len(rows) / rate - age
        self.closed = False

    def read(self, timeout):
        if not self.pieces:
            return None
        rows = self.pieces.pop(0)
        moment, self.moment = self.moment, self.moment + len(rows) / self.rate
        return rows, moment

    def close(self):
        self.closed = True


def tone(rate, seconds=1.0, channels=1, frequency=440.0):
    wave = 0.5 * np.sin(2 * np.pi * frequency * np.arange(round(rate * seconds)) / rate)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


def all_of(microphone):
    blocks = []
    while (heard := microphone.read(0.0)) is not None:
        blocks.append(heard)
    return blocks


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16000, 1), (44100, 2), (96000, 6)])
def test_whatever_the_device_gives_it_is_mono_at_48_kHz(rate, channels):
    blocks = all_of(DeviceMicrophone(INFO, Recording(tone(rate, 1.0, channels), rate)))
    samples = np.concatenate([heard.samples for heard in blocks])
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(RATE, abs=0.15 * RATE)
    middle = samples[RATE // 10 : RATE // 10 + RATE // 2]
    strengths = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert strengths.argmax() == 220  # of half a second
    assert np.abs(middle).max() == pytest.approx(0.5, rel=0.02)


@pytest.mark.parametrize("rate", [8000, 44100, RATE])
def test_each_block_has_the_moment_at_which_it_was_heard(rate):
    rows = tone(rate)
    rows[: rate // 2] = 0
    recording = Recording(rows, rate)
    start = recording.moment
    blocks = all_of(DeviceMicrophone(INFO, recording))
    block = next(heard for heard in blocks if np.abs(heard.samples).max() > 0.25)
    onset = block.moment + np.argmax(np.abs(block.samples) > 0.25) / RATE
    assert onset - start == pytest.approx(0.5, abs=0.003)


def test_blocks_follow_without_a_gap_in_time():
    blocks = all_of(DeviceMicrophone(INFO, Recording(tone(44100), 44100)))
    ends = [heard.moment + len(heard.samples) / RATE for heard in blocks]
    starts = [heard.moment for heard in blocks]
    assert np.allclose(starts[1:], ends[:-1], atol=1e-4)


def test_what_a_server_kept_from_before_is_left_out():
    microphone = DeviceMicrophone(INFO, Recording(tone(RATE, 2.0), piece=2 * RATE))
    assert len(microphone.read(0.0).samples) == RATE // 10


def test_a_microphone_without_a_sound_is_lost(monkeypatch):
    monkeypatch.setattr(device, "PATIENCE", 0.0)
    microphone = DeviceMicrophone(INFO, Recording(np.zeros((0, 1), np.float32)))
    with pytest.raises(DeviceLost, match="BRIO gives no sound"):
        microphone.read(0.01)


def test_what_is_wrong_with_the_sound_is_remarked():
    microphone = DeviceMicrophone(INFO, Recording(np.zeros((6 * RATE, 1), np.float32)))
    all_of(microphone)
    assert "BRIO gives nothing but silence" in microphone.remark


def test_what_a_late_reader_missed_is_counted(monkeypatch):
    monkeypatch.setattr(device, "_LATE", 0.0)
    recording = Recording(tone(RATE, 0.5), age=2.0)
    microphone = DeviceMicrophone(INFO, recording)
    microphone.read(0.0)
    assert microphone.dropped == 0
    recording.moment += 1.0
    microphone.read(0.0)
    assert microphone.dropped == pytest.approx(RATE, rel=0.01)


def test_a_device_whose_time_jumps_by_milliseconds_is_smoothed():
    moments, rng = Moments(RATE), np.random.default_rng(5)
    told = [n * 0.01 + rng.uniform(-0.008, 0.008) for n in range(1000)]
    smooth = [moments.of(said, 480)[0] for said in told]
    errors = np.array(smooth[200:]) - np.arange(200, 1000) * 0.01
    assert np.abs(errors).max() < 0.003
    assert np.abs(np.diff(smooth) - 0.01).max() < 0.0005


def test_a_device_whose_clock_runs_fast_is_followed():
    moments = Moments(RATE)
    smooth = [moments.of(n * 0.01 * (1 - 2e-4), 480)[0] for n in range(20_000)]
    assert smooth[-1] == pytest.approx(19_999 * 0.01 * (1 - 2e-4), abs=0.001)


def test_a_hole_in_time_is_told():
    moments = Moments(RATE)
    moments.of(0.0, 480)
    assert moments.of(2.01, 480) == (pytest.approx(2.01), pytest.approx(2.0))
