import numpy as np
import pytest

from core.types import AudioChunk
from engines.media.mix import Mixer

RATE = 48000


def tone(seconds: float, rate: int, *, level: float = 0.5, frequency: float = 440.0) -> AudioChunk:
    times = np.arange(round(seconds * rate)) / rate
    wave = level * np.sin(2 * np.pi * frequency * times)
    return AudioChunk(wave.astype(np.float32), rate, 0.0)


def still(seconds: float, level: float = 0.0) -> np.ndarray:
    return np.full((round(seconds * RATE), 2), level, np.float32)


def rendered(mixer: Mixer, original: np.ndarray, block: int = 4801) -> np.ndarray:
    return np.concatenate(
        [mixer.render(original[at : at + block].copy()) for at in range(0, len(original), block)]
    )


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 48000])
def test_a_voice_is_heard_at_its_start_to_the_sample(rate):
    pulse = np.zeros(rate // 2, np.float32)
    pulse[rate // 4] = 0.9
    mixer = Mixer("off")
    mixer.add(0.3, AudioChunk(pulse, rate, 0.0))
    out = rendered(mixer, still(1.0))
    assert abs(int(np.argmax(np.abs(out[:, 0]))) - round((0.3 + 0.25) * RATE)) <= 1
    assert np.array_equal(out[:, 0], out[:, 1])


def test_the_block_size_changes_nothing():
    def mixed(block):
        mixer = Mixer()
        mixer.add(0.2, tone(0.5, 22050))
        mixer.add(0.9, tone(0.4, 16000))
        return rendered(mixer, still(2.0, 0.2), block)

    assert np.allclose(mixed(480), mixed(96000), atol=2e-4)


def test_the_original_is_ducked_by_15_db_and_comes_back_without_a_jump():
    mixer = Mixer()
    mixer.add(0.5, AudioChunk(np.full(16000, 1e-6, np.float32), 16000, 0.0))
    out = rendered(mixer, still(3.0, 0.5))[:, 0]
    assert out[round(0.4 * RATE)] == pytest.approx(0.5, abs=1e-4)
    assert 20 * np.log10(out[round(1.0 * RATE)] / 0.5) == pytest.approx(-15, abs=0.05)
    assert out[round(2.5 * RATE)] == pytest.approx(0.5, abs=1e-4)
    assert np.abs(np.diff(out)).max() <= 0.5 / (0.08 * RATE)
    assert out[round(0.5 * RATE)] == pytest.approx(0.5 * 10 ** (-15 / 20), abs=1e-3)


def test_the_original_does_not_come_up_in_short_pauses():
    mixer = Mixer()
    mixer.add(0.2, tone(0.3, 16000, level=1e-6))
    mixer.add(0.7, tone(0.3, 16000, level=1e-6))
    out = rendered(mixer, still(1.0, 0.5))[:, 0]
    assert out[round(0.3 * RATE) : round(0.99 * RATE)].max() < 0.1


def test_off_removes_the_original_and_keep_leaves_it_alone():
    original = still(0.5, 0.25)
    off, keep = Mixer("off"), Mixer("pass")
    for mixer in (off, keep):
        mixer.add(10.0, tone(0.1, 16000))
    assert not rendered(off, original).any()
    assert np.array_equal(rendered(keep, original), original)


def test_nothing_clips_when_everything_is_loud():
    mixer = Mixer("pass")
    mixer.add(0.0, tone(1.0, 22050, level=1.0))
    out = rendered(mixer, np.ones((RATE, 2), np.float32))
    assert np.abs(out).max() < 1.0


def test_pieces_that_follow_each_other_sound_like_one():
    whole = tone(1.0, 22050)
    single, split = Mixer("off"), Mixer("off")
    single.add(0.1, whole)
    at = 0.1
    for piece in np.array_split(whole.samples, 7):
        at = split.add(at, AudioChunk(piece, 22050, 0.0)) + len(piece) / 22050
    assert np.allclose(rendered(single, still(1.5)), rendered(split, still(1.5)), atol=1e-5)


def test_a_piece_that_comes_after_the_one_before_was_rendered_makes_no_click():
    voice = AudioChunk(np.full(22050, 0.5, np.float32), 22050, 0.0)
    mixer = Mixer("off")
    mixer.add(0.0, voice)
    first = mixer.render(still(1.0))
    mixer.add(1.0, voice)
    out = np.concatenate([first, mixer.render(still(1.5))])[:, 0]
    assert np.abs(np.diff(out)).max() < 0.02
    assert out[round(1.5 * RATE)] == pytest.approx(0.5, abs=1e-3)


def test_a_late_piece_is_heard_whole_from_the_present_on():
    mixer = Mixer("off")
    mixer.render(still(2.0))
    assert mixer.add(1.0, tone(0.5, 16000)) == pytest.approx(2.0)
    out = mixer.render(still(1.0))[:, 0]
    assert np.abs(out[: round(0.5 * RATE)]).max() > 0.4
    assert not out[round(0.51 * RATE) :].any()


def test_voice_that_was_rendered_leaves_nothing_behind():
    mixer = Mixer()
    for second in range(60):
        mixer.add(float(second), tone(0.5, 16000))
        mixer.render(still(1.0))
    assert len(mixer._runs) <= 1
    assert mixer.seconds == 60


def test_an_unknown_way_with_the_original_is_refused():
    with pytest.raises(ValueError, match="duck, off or pass"):
        Mixer("loud")
