import cv2
import numpy as np
import pytest

from core.captions.live import LiveCaptions
from core.config import Captions, Picture
from core.types import Word
from engines.overlay.overlay import Overlay

NOTHING = Picture(badge=False, floor=False)
OFF = Captions(show=False)
SIZE = (360, 640)


def noise(height=SIZE[0], width=SIZE[1]):
    rng = np.random.default_rng(7)
    image = rng.integers(0, 256, (height, width, 3), np.uint8)
    image.flags.writeable = False
    return image


def talk(source="en", target="es", said="Good morning everyone", heard="Buenos días a todos"):
    captions = LiveCaptions(source, target)
    words = [Word(word, 0.5 * at, 0.5 * at + 0.4) for at, word in enumerate(heard.split())]
    captions.source.finish(1, said, 0.0)
    captions.target.say(1, heard, words, 0.0)
    captions.floor.speak(1, 0.0, 4.0)
    return captions


def changed(before, after):
    return (before != after).any(axis=2)


def box(mask):
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def test_with_everything_off_the_very_same_array_comes_back():
    image = noise()
    assert Overlay(OFF, NOTHING, talk()).draw(image, 1.0) is image


def test_with_nothing_to_say_the_very_same_array_comes_back():
    image = noise()
    quiet = Overlay(Captions(), Picture(badge=False), LiveCaptions("en", "es"))
    assert quiet.draw(image, 1.0) is image


def test_the_picture_given_is_not_written_to_unless_asked():
    image = noise()
    before = image.copy()
    overlay = Overlay(Captions(), Picture(), talk())
    drawn = overlay.draw(image, 1.0)
    own = before.copy()
    assert np.array_equal(image, before)
    assert overlay.draw(own, 1.0, out=own) is own
    assert np.array_equal(own, drawn)


def test_every_pixel_outside_the_captions_stays_as_it_is_and_inside_the_safe_area():
    image = noise()
    mask = changed(image, Overlay(Captions(), NOTHING, talk()).draw(image, 1.0))
    top, bottom, left, right = box(mask)
    assert mask[top:bottom, left:right].mean() > 0.5
    assert top >= SIZE[0] * 0.6
    assert bottom <= round(SIZE[0] * 0.95)
    assert left >= round(SIZE[1] * 0.05)
    assert right <= round(SIZE[1] * 0.95)


def test_captions_stand_at_the_top_when_asked_and_the_badge_makes_room():
    image = noise()
    top = Captions(position="top")
    captions = changed(image, Overlay(top, NOTHING, talk()).draw(image, 1.0))
    badge = changed(
        image, Overlay(top, Picture(floor=False), LiveCaptions("en", "es")).draw(image, 1.0)
    )
    assert box(captions)[1] < SIZE[0] * 0.4
    assert box(badge)[0] > SIZE[0] * 0.8


def test_one_language_alone_leaves_the_other_out():
    image = noise()
    areas = {
        languages: changed(
            image, Overlay(Captions(languages=languages), NOTHING, talk()).draw(image, 1.0)
        ).sum()
        for languages in ("both", "source", "target")
    }
    assert 0 < areas["source"] < areas["both"]
    assert 0 < areas["target"] < areas["both"]


@pytest.mark.parametrize(
    ("language", "heard", "grows"),
    [
        ("es", "Buenos días a todos", "right"),
        ("tr", "Bugün çok güzel değil", "right"),
        ("he", "בוקר טוב לכולם היום", "left"),
        ("ar", "صباح الخير للجميع اليوم", "left"),
    ],
)
def test_a_word_that_appears_changes_nothing_that_was_there(language, heard, grows):
    image = noise()
    overlay = Overlay(Captions(languages="target"), NOTHING, talk(target=language, heard=heard))
    before = overlay.draw(image, 0.1)
    for pts in (0.6, 1.1, 1.6):
        after = overlay.draw(image, pts)
        top, bottom, left, right = box(changed(image, before))
        edge = (bottom - top) // 2 + 1  # where the box ended and now goes on
        kept = slice(left, right - edge) if grows == "right" else slice(left + edge, right)
        assert np.array_equal(after[top:bottom, kept], before[top:bottom, kept])
        assert (box(changed(image, after))[3] > right) == (grows == "right")
        assert (box(changed(image, after))[2] < left) == (grows == "left")
        before = after


def test_an_unchanged_caption_is_the_same_in_the_next_frame():
    image = noise()
    overlay = Overlay(Captions(), Picture(floor=False), talk())
    assert np.array_equal(overlay.draw(image, 1.01), overlay.draw(image, 1.04))


def test_going_back_in_time_shows_what_was_shown_then():
    image = noise()
    overlay = Overlay(Captions(), Picture(), talk())
    early = overlay.draw(image, 0.6)
    overlay.draw(image, 1.6)
    assert np.array_equal(overlay.draw(image, 0.6), early)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_text_is_readable_on_any_ground(level):
    image = np.full((*SIZE, 3), level, np.uint8)
    drawn = Overlay(Captions(languages="target"), NOTHING, talk()).draw(image, 1.0)
    top, bottom, left, right = box(changed(image, drawn) if level else drawn.any(axis=2))
    part = drawn[top:bottom, left:right].astype(float).mean(axis=2)
    bright, dark = np.percentile(part, 98), np.percentile(part, 30)
    light, shade = ((value / 255) ** 2.2 + 0.05 for value in (bright, dark))
    assert light / shade > 4.5


@pytest.mark.parametrize(
    ("height", "width"),
    [(1, 1), (16, 16), (95, 2000), (97, 101), (101, 97), (241, 321), (1280, 720), (2160, 3840)],
)
def test_pictures_of_any_size_get_what_fits(height, width):
    image = noise(height, width)
    overlay = Overlay(Captions(size=3.0), Picture(), talk(said="x" * 300, heard="👨‍👩‍👧 ok " * 40))
    for pts in (0.0, 1.0, 9.0, 1.0):
        drawn = overlay.draw(image, pts)
        assert drawn.shape == image.shape
        assert (drawn is image) == (min(height, width) < 96)


def test_a_picture_that_changes_its_size_is_drawn_anew():
    overlay = Overlay(Captions(), Picture(), talk())
    for height, width in ((240, 320), (360, 640), (240, 320)):
        image = noise(height, width)
        fresh = Overlay(Captions(), Picture(), talk()).draw(image, 1.0)
        assert np.array_equal(overlay.draw(image, 1.0), fresh)


def test_what_is_no_colour_picture_comes_back_as_it_is():
    overlay = Overlay(Captions(), Picture(), talk())
    for image in (np.zeros((360, 640), np.uint8), np.zeros((360, 640, 3), np.float32)):
        assert overlay.draw(image, 1.0) is image


def test_a_picture_that_is_a_view_into_another_is_drawn_alike():
    image = noise()
    mirrored = image[:, ::-1]
    drawn = Overlay(Captions(), Picture(), talk()).draw(mirrored, 1.0)
    again = Overlay(Captions(), Picture(), talk()).draw(mirrored.copy(), 1.0)
    assert np.array_equal(drawn, again)


def test_settings_take_effect_with_the_next_frame():
    image = noise()
    overlay = Overlay(Captions(), Picture(), talk())
    overlay.draw(image, 1.0)
    overlay.configure(OFF, NOTHING)
    assert overlay.draw(image, 1.0) is image


def test_the_badge_is_small_and_in_the_upper_right_corner():
    image = noise()
    badge = Overlay(OFF, Picture(floor=False), talk()).draw(image, 1.0)
    top, bottom, left, right = box(changed(image, badge))
    assert (bottom - top) * (right - left) < 0.02 * SIZE[0] * SIZE[1]
    assert right == round(SIZE[1] * 0.95)
    assert top == round(SIZE[0] * 0.05)


def test_the_floor_indicator_counts_down_without_changing_its_size_and_goes():
    image = noise()
    overlay = Overlay(OFF, Picture(badge=False), talk())
    drawn = [overlay.draw(image, pts) for pts in (0.2, 1.2, 3.2)]
    boxes = {box(changed(image, one)) for one in drawn}
    assert len(boxes) == 1
    assert not np.array_equal(drawn[0], drawn[1])
    assert overlay.draw(image, 4.1) is image


def test_a_second_of_frames_is_drawn_without_drawing_text_again(monkeypatch):
    overlay = Overlay(Captions(), Picture(floor=False), talk())
    image = noise()
    overlay.draw(image, 1.6)
    calls = []
    monkeypatch.setattr(
        cv2, "multiply", lambda *a, f=cv2.multiply, **k: calls.append(1) or f(*a, **k)
    )
    monkeypatch.setattr("PIL.Image.new", lambda *a, **k: pytest.fail("text drawn again"))
    for frame in range(25):
        overlay.draw(image, 1.61 + frame / 100)
    assert len(calls) == 25 * 3
