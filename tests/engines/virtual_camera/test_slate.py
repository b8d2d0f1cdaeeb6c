import numpy as np

from core.devices import SIZE
from engines.virtual_camera.slate import slate


def ink(picture: np.ndarray, top: float, bottom: float) -> np.ndarray:
    """Where it is bright between two heights, as shares of the picture."""
    rows = slice(round(top * SIZE[1]), round(bottom * SIZE[1]))
    return picture[rows].mean(axis=2) > 120


def test_it_has_the_cameras_size_and_nobody_may_draw_into_it():
    picture = slate("No camera is connected.")
    assert picture.shape == (SIZE[1], SIZE[0], 3)
    assert picture.dtype == np.uint8
    assert not picture.flags.writeable


def test_the_same_words_cost_nothing_the_second_time():
    assert slate("No camera is connected.") is slate("No camera is connected.")


def test_the_words_stand_in_the_middle():
    columns = np.flatnonzero(ink(slate("No camera is connected."), 0.2, 0.8).any(axis=0))
    assert abs((columns[0] + columns[-1]) / 2 - SIZE[0] / 2) < 8


def test_different_words_make_different_pictures_and_a_detail_takes_room_below():
    bare, more = slate("No camera"), slate("No camera", "It was unplugged.")
    assert not np.array_equal(bare, more)
    assert ink(more, 0.62, 0.9).sum() > ink(bare, 0.62, 0.9).sum()


def test_the_longest_sentence_stays_inside():
    picture = slate("A camera with a very long name " * 12, "and a long reason " * 40)
    edge = 60
    bright = picture.mean(axis=2) > 120
    assert not bright[:, :edge].any() and not bright[:, -edge:].any()
    assert not bright[:edge].any() and not bright[-20:].any()


def test_a_word_without_spaces_is_cut_off_at_the_edge_and_breaks_nothing():
    assert slate("x" * 200).shape == (SIZE[1], SIZE[0], 3)


def test_no_words_are_possible():
    assert ink(slate(""), 0.3, 0.6).any(), "the sign is there"
