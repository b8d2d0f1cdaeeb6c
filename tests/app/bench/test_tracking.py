import numpy as np
import pytest

from app.bench.portrait import HEIGHT, WIDTH, Film, moving, still
from app.bench.tracking import Run, follow, run


def made(raw: np.ndarray, smooth: np.ndarray, true: np.ndarray, speed: np.ndarray) -> Run:
    return Run(raw, smooth, true, speed, 0, 0.0)


def test_a_delay_of_ten_milliseconds_is_measured_as_such() -> None:
    t = np.arange(300) / 30

    def path(at: np.ndarray) -> np.ndarray:
        return np.repeat(np.stack([50 * np.sin(3 * at), 20 * np.cos(2 * at)], -1)[:, None], 5, 1)

    speed = (path(t + 1e-4) - path(t - 1e-4)) / 2e-4
    assert made(path(t), path(t - 0.01), path(t), speed).lag_ms == pytest.approx(10, abs=0.3)


def test_half_the_tremble_is_a_reduction_by_half() -> None:
    noise = np.random.default_rng(1).standard_normal((200, 9, 2))
    zero = np.zeros_like(noise)
    assert made(noise, noise / 2, zero, zero).jitter_reduction == pytest.approx(0.5)


def test_a_constant_offset_is_neither_tremble_nor_lag() -> None:
    noise = np.random.default_rng(1).standard_normal((200, 9, 2))
    one = made(noise, noise + 7, np.zeros_like(noise), np.ones_like(noise))
    assert one.jitter_reduction == pytest.approx(0)
    assert one.lag_ms == pytest.approx(made(noise, noise, noise * 0, noise * 0 + 1).lag_ms)


def test_the_film_tells_where_its_points_are() -> None:
    dot = np.zeros((300, 400, 3), np.uint8)
    dot[110:121, 219:230] = 255
    film = Film(dot, moving, 3.0, noise=0.0)
    at_rest = still(0.0) @ (224, 115, 1)
    for frame in list(film.frames())[::20]:
        y, x = np.nonzero(frame.image[:, :, 0] > 128)
        found = (x.mean(), y.mean())
        assert film.true(at_rest[None], frame.pts)[0] == pytest.approx(found, abs=0.7)


def test_the_film_is_720p_at_thirty_frames_a_second_with_fresh_noise() -> None:
    grey = np.full((300, 400, 3), 128, np.uint8)
    first, second, *_ = Film(grey, still, 0.2).frames()
    assert first.image.shape == (HEIGHT, WIDTH, 3) == (720, 1280, 3)
    assert second.pts - first.pts == pytest.approx(1 / 30)
    difference = first.image.astype(int) - second.image
    assert difference.std() == pytest.approx(6 * np.sqrt(2), rel=0.1)


def test_a_short_film_is_followed_without_loss() -> None:
    quiet = follow(still, seconds=1.5)
    assert quiet.lost == 0
    assert 0 < quiet.jitter_reduction < 1
    assert quiet.raw.shape[1:] == (468, 2)


@pytest.mark.slow
def test_the_bounds_hold() -> None:
    figures = run()
    promised = ("still_jitter_reduction", "moving_lag_ms", "lost_frames")
    assert all(figures[name].met for name in promised), figures
