import numpy as np
import pytest

from engines.lips import wav2lip_mel as mel


@pytest.fixture(scope="module")
def voice():
    """Two seconds of a buzz that rises and swells, with some noise."""
    time = np.arange(2 * mel.RATE) / mel.RATE
    buzz = np.sign(np.sin(2 * np.pi * (120 + 40 * time) * time)) * np.sin(np.pi * time) ** 2
    noise = np.random.default_rng(2).standard_normal(len(time))
    return (0.2 * buzz + 0.01 * noise).astype(np.float32)


def test_the_features_are_those_that_the_public_checkpoints_were_trained_with(voice):
    import librosa
    from scipy.signal import lfilter

    emphasised = lfilter([1, -0.97], [1], voice.astype(np.float64))
    spectrum = np.abs(librosa.stft(emphasised, n_fft=800, hop_length=200, win_length=800))
    bands = librosa.filters.mel(sr=16000, n_fft=800, n_mels=80, fmin=55, fmax=7600) @ spectrum
    decibels = 20 * np.log10(np.maximum(1e-5, bands)) - 20
    expected = np.clip(8 * (decibels + 100) / 100 - 4, -4, 4)

    np.testing.assert_allclose(mel.log_mel(voice), expected, atol=2e-3)


def test_a_window_is_a_cut_of_the_whole_that_begins_one_picture_earlier(voice):
    whole = mel.log_mel(voice)
    for number in (1, 6, 31):  # every fifth of 25 pictures a second starts on a mel frame
        first = 80 * (number - 1) // 25
        seconds = first / 80 + mel.LEAD
        np.testing.assert_allclose(mel.window(voice, seconds), whole[:, first : first + 16])


@pytest.mark.parametrize("seconds", [-1.0, 3.0, 1e6])
def test_before_and_after_the_voice_there_is_silence(voice, seconds):
    assert np.array_equal(mel.window(voice, seconds), mel.silence())


def test_a_window_across_the_end_of_the_voice_is_whole(voice):
    heard = mel.window(voice, 1.96)
    assert heard.shape == (mel.BANDS, mel.FRAMES)
    assert heard[:, 0].max() > -2.0
    assert np.array_equal(heard[:, -1], mel.silence()[:, -1])


def test_no_voice_at_all_is_silence():
    assert np.array_equal(mel.window(np.zeros(0, np.float32), 0.0), mel.silence())
