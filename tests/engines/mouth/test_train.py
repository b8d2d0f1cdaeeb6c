import numpy as np

from core.mouth import Phone, mouth_track
from core.types import MOUTH_PARAMETERS
from engines.mouth.corpus import Example
from engines.mouth.train import judge, train


def hummed(seed: int) -> Example:
    """Vowels told apart by their pitch, closures by silence."""
    rng = np.random.default_rng(seed)
    pitches = {"a": 800, "i": 2500, "p": 0}
    names = rng.choice(list(pitches), 30).tolist()
    phones = tuple(Phone(name, 0.15 * i, 0.15 * (i + 1)) for i, name in enumerate(names))
    times = np.arange(2400) / 16000
    tones = [0.3 * np.sin(2 * np.pi * pitches[name] * times) for name in names]
    samples = np.concatenate(tones).astype(np.float32)
    return Example(samples, 16000, mouth_track(phones, len(samples) / 16000).shapes, phones)


def test_training_learns_what_a_made_up_voice_does_and_repeats_itself() -> None:
    examples = [hummed(seed) for seed in range(6)]
    network = train(examples, np.random.default_rng(1))
    again = train(examples, np.random.default_rng(1))
    (verdict,) = judge(network, {"hummed": [hummed(99)]})

    assert dict(zip(MOUTH_PARAMETERS, verdict.correlation, strict=True))["jaw"] > 0.8
    assert verdict.closed > 0.8
    assert all(np.array_equal(network.arrays()[name], a) for name, a in again.arrays().items())
