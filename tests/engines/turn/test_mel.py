import librosa
import numpy as np

from engines.turn.mel import log_mel


def test_it_is_whispers_spectrogram():
    rng = np.random.default_rng(0)
    sweep = np.sin(np.cumsum(np.linspace(0.02, 2.5, 32000)))
    samples = (0.2 * sweep + 0.01 * rng.standard_normal(32000)).astype(np.float32)
    level = (samples - samples.mean()) / samples.std()
    bands = librosa.feature.melspectrogram(
        y=level, sr=16000, n_fft=400, hop_length=160, n_mels=80, pad_mode="reflect"
    )
    wanted = np.log10(np.maximum(bands, 1e-10))[:, :-1]
    wanted = (np.maximum(wanted, wanted.max() - 8) + 4) / 4
    assert log_mel(samples).shape == (80, 200)
    np.testing.assert_allclose(log_mel(samples), wanted, atol=2e-3)


def test_loudness_does_not_matter():
    samples = np.random.default_rng(0).standard_normal(16000).astype(np.float32)
    np.testing.assert_allclose(log_mel(samples), log_mel(samples * 0.1), atol=1e-3)


def test_silence_is_finite():
    assert np.isfinite(log_mel(np.zeros(16000, np.float32))).all()
