import numpy as np

from engines.enhance.watching import FINE, lived, seen


def _spoken(seconds=3.0):
    """A voice in its middle second, and a mouth that is open just then."""
    rng = np.random.default_rng(0)
    voice = np.zeros(round(seconds * 16000), np.float32)
    voice[16000:32000] = 0.1 * rng.standard_normal(16000)
    track = np.zeros((round(seconds * FINE) + 1, 2), np.float32)
    track[FINE : 2 * FINE, 0] = 0.5
    return track, voice


def test_a_mouth_that_is_easy_to_read_is_as_its_phonemes_have_it():
    track, voice = _spoken()
    np.testing.assert_array_equal(lived(track, voice, np.random.default_rng(1), hard=0.0), track)


def test_mouths_open_to_breathe_where_nothing_is_said():
    track, voice = _spoken()
    pauses = [lived(track, voice, np.random.default_rng(n))[20:80, 0].max() for n in range(40)]
    assert np.mean(np.array(pauses) > 0.2) > 0.3
    assert min(pauses) == 0.0


def test_a_mouth_stays_within_its_bounds():
    track, voice = _spoken()
    for number in range(20):
        mouth = lived(track, voice, np.random.default_rng(number))
        assert mouth.shape == track.shape
        assert (mouth[:, 0] >= 0).all()
        assert (mouth[:, 0] <= 1).all()
        assert np.abs(mouth[:, 1]).max() <= 1


def test_a_camera_sees_a_mouth_later_by_what_is_asked_for():
    track, _ = _spoken()
    rng = np.random.default_rng(3)
    opened = [next(s.pts for s in seen(track, rng, 0.2, gaps=0, hard=0) if s.opening > 0.2)]
    assert 1.15 < opened[0] < 1.3
