import numpy as np
import pytest

from core.errors import EngineFailed, EngineUnavailable
from core.types import AudioChunk, LipSight
from engines.enhance.rnnoise import RnnoiseEnhancer
from engines.registry import build, names

RATE = 16000


def _tone_in_noise(noise, seconds=2.0):
    times = np.arange(round(seconds * RATE)) / RATE
    rng = np.random.default_rng(1)
    return (0.2 * np.sin(2 * np.pi * 300 * times) + noise * rng.standard_normal(len(times))).astype(
        np.float32
    )


def _streamed(enhancer, sound, sizes=(640,), pts=5.0, lips=()):
    """All that comes out, in chunks of the sizes in turn."""
    out, at, turn = [], 0, 0
    while at < len(sound):
        size = sizes[turn % len(sizes)]
        turn += 1
        chunk = AudioChunk(sound[at : at + size], RATE, pts + at / RATE)
        now = [one for one in lips if chunk.pts <= one.pts < chunk.end]
        out.append(enhancer.enhance(chunk, now))
        at += size
    return out


@pytest.fixture(params=["rnnoise", "av", "off", "fake"])
def enhancer(request):
    try:
        engine = build("enhance", request.param)
    except EngineUnavailable as missing:
        pytest.skip(str(missing))
    yield engine
    engine.close()


def test_the_table_knows_them_best_first():
    assert set(names("enhance")) == {"rnnoise", "av", "off"}


@pytest.mark.parametrize("sizes", [(640,), (1,), (333, 77, 1024)])
def test_what_comes_out_is_gapless_and_at_most_40_ms_behind(enhancer, sizes):
    sound = _tone_in_noise(0.05, 0.5)
    fed, end = 0, None
    for number, chunk in enumerate(_streamed(enhancer, sound, sizes)):
        fed = min(len(sound), fed + sizes[number % len(sizes)])
        if len(chunk.samples):
            assert end is None or chunk.pts == pytest.approx(end, abs=1e-6)
            end = chunk.end
        if end is not None:
            assert 5.0 + fed / RATE - end <= 0.04 + 1e-6


def test_what_comes_out_begins_with_the_stream(enhancer):
    out = [one for one in _streamed(enhancer, _tone_in_noise(0.05, 0.5)) if len(one.samples)]
    assert out[0].pts == pytest.approx(5.0, abs=1e-6)


def test_chunks_of_any_size_give_the_same_sound(enhancer):
    sound = _tone_in_noise(0.05, 0.5)
    whole = np.concatenate([one.samples for one in _streamed(enhancer, sound)])
    enhancer.reset()
    parts = np.concatenate([one.samples for one in _streamed(enhancer, sound, (100, 7, 900))])
    count = min(len(whole), len(parts))
    assert count > 7000
    np.testing.assert_allclose(whole[:count], parts[:count], atol=2e-3)


def test_what_is_no_sound_does_no_harm_for_long(enhancer):
    bad = np.full(6400, np.nan, np.float32)
    bad[::3], bad[1::3] = np.inf, 40.0
    for chunk in _streamed(enhancer, np.concatenate((bad, np.zeros(16000, np.float32))))[20:]:
        assert np.isfinite(chunk.samples).all()


def test_silence_stays_silence(enhancer):
    for chunk in _streamed(enhancer, np.zeros(16000, np.float32)):
        assert not len(chunk.samples) or np.abs(chunk.samples).max() < 1e-3


def test_another_rate_is_refused_by_those_that_compute():
    with pytest.raises(ValueError, match="16000 Hz, not 48000"):
        build("enhance", "fake").enhance(AudioChunk(np.zeros(480, np.float32), 48000, 0.0))


def test_rnnoise_takes_noise_away_and_moves_nothing():
    pytest.importorskip("pyrnnoise", reason="needs pyrnnoise; it is in the extra enhance")
    engine = RnnoiseEnhancer()
    rng = np.random.default_rng(4)
    noise = (0.05 * rng.standard_normal(2 * RATE)).astype(np.float32)
    out = np.concatenate([one.samples for one in _streamed(engine, noise)])
    assert np.std(out[RATE:]) < 0.2 * np.std(noise)
    engine.close()


def test_without_its_package_rnnoise_says_what_to_install(monkeypatch):
    from engines.enhance import rnnoise

    monkeypatch.setattr(rnnoise, "find_spec", lambda name: None)
    rnnoise._library.cache_clear()
    with pytest.raises(EngineUnavailable, match="pip install"):
        RnnoiseEnhancer()
    rnnoise._library.cache_clear()


def test_the_fake_fails_when_it_is_told_to():
    fake = build("enhance", "fake", failures={1})
    silence = AudioChunk(np.zeros(160, np.float32), RATE, 0.0)
    fake.enhance(silence)
    with pytest.raises(EngineFailed):
        fake.enhance(silence)


def test_the_network_that_is_shipped_is_small_and_takes_noise_away():
    from importlib.resources import files

    assert files("resources").joinpath("enhance.onnx").stat().st_size < 1_000_000
    engine = build("enhance", "av")
    rng = np.random.default_rng(4)
    noise = (0.05 * rng.standard_normal(2 * RATE)).astype(np.float32)
    out = np.concatenate([one.samples for one in _streamed(engine, noise)])
    assert np.std(out[RATE:]) < 0.3 * np.std(noise)
    engine.close()


def test_lips_change_what_is_heard_only_once_they_have_moved():
    rng = np.random.default_rng(4)
    sound = (0.1 * rng.standard_normal(RATE)).astype(np.float32)

    def made(opening):
        engine = build("enhance", "av")
        lips = [LipSight(5 + n / 25, opening(n), 0.0, 1.0) for n in range(25)]
        return np.concatenate([one.samples for one in _streamed(engine, sound, lips=lips)])

    unseen, still, moving = made(lambda n: 0.0), made(lambda n: 0.4), made(lambda n: n % 5 / 5)
    np.testing.assert_array_equal(unseen, still)
    assert np.abs(moving - still).max() > 1e-4
