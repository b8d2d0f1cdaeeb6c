from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.mouth import MAX_STEP, RATE, Phone, mouth_track
from core.types import MOUTH_PARAMETERS, MouthTrack

SOUNDS = (
    "",
    "a",
    "i",
    "u",
    "o",
    "ɛ",
    "p",
    "b",
    "m",
    "f",
    "v",
    "β",
    "t",
    "s",
    "ʃ",
    "k",
    "l",
    "w",
    "h",
)


def said(names: list[str], lengths: list[float], start: float = 0.0) -> list[Phone]:
    bounds = list(accumulate(lengths, initial=start))
    return [Phone(n, a, b) for n, (a, b) in zip(names, pairwise(bounds), strict=True)]


def spoken(text: str, length: float = 0.09) -> tuple[list[Phone], MouthTrack]:
    """Every letter as a sound, between two pauses."""
    phones = said(list(text), [length] * len(text), 0.3)
    return phones, mouth_track(phones, phones[-1].end + 0.3)


def column(track: MouthTrack, name: str) -> np.ndarray:
    return track.shapes[:, MOUTH_PARAMETERS.index(name)]


def value(track: MouthTrack, name: str, moment: float) -> float:
    return float(track.at(moment)[MOUTH_PARAMETERS.index(name)])


utterances = st.lists(
    st.tuples(st.sampled_from(SOUNDS), st.floats(0.02, 0.4)), min_size=1, max_size=40
).map(lambda sounds: said([name for name, _ in sounds], [length for _, length in sounds]))


@settings(max_examples=200, deadline=None)
@given(utterances)
def test_every_utterance_gives_shapes_in_range_on_ascending_times_without_jumps(
    phones: list[Phone],
) -> None:
    track = mouth_track(phones, phones[-1].end)
    around = np.pad(track.shapes, ((1, 1), (0, 0)))  # at rest before and after

    assert np.all(np.isfinite(track.shapes))
    assert track.shapes.min() >= 0
    assert track.shapes.max() <= 1
    assert np.all(np.diff(track.times) > 0)
    assert track.duration == pytest.approx(phones[-1].end, abs=1e-3)
    assert np.abs(np.diff(around, axis=0)).max() <= MAX_STEP + 1e-3


@settings(max_examples=200, deadline=None)
@given(utterances)
def test_the_lips_are_closed_at_the_centre_of_every_p_b_and_m(phones: list[Phone]) -> None:
    before, after = Phone("", 0.0, 0.1), 0.1
    moved = [Phone(p.name, p.start + before.end, p.end + before.end) for p in phones]
    track = mouth_track([before, *moved], moved[-1].end + after)

    for phone in moved:
        if phone.name in ("p", "b", "m"):
            assert value(track, "jaw", (phone.start + phone.end) / 2) < 1e-3
            assert value(track, "press", (phone.start + phone.end) / 2) > 0.9


def test_a_closure_is_seen_at_30_pictures_a_second_even_in_fast_speech() -> None:
    phones, track = spoken("apabamapabama", 0.045)

    for phone in phones[1::2]:
        centre = (phone.start + phone.end) / 2
        for offset in (-0.016, 0.0, 0.016):
            assert value(track, "jaw", centre + offset) < 0.02


def test_the_mouth_opens_between_two_closures() -> None:
    phones, track = spoken("mama")

    assert value(track, "jaw", (phones[1].start + phones[1].end) / 2) > 0.5


def test_the_lower_lip_is_tucked_at_f_and_v_and_the_lips_do_not_touch() -> None:
    phones, track = spoken("afaivoafu")

    for phone in phones:
        if phone.name in "fv":
            centre = (phone.start + phone.end) / 2
            assert value(track, "tuck", centre) > 0.9
            assert 0 < value(track, "jaw", centre) < 0.3
            assert value(track, "press", centre) < 0.1


def test_a_beta_comes_near_without_closing() -> None:
    phones, track = spoken("aβa")
    centre = (phones[1].start + phones[1].end) / 2

    assert 0.03 < value(track, "jaw", centre) < 0.2
    assert 0.1 < value(track, "press", centre) < 0.5


def test_vowels_differ_as_the_eye_expects() -> None:
    middle = {}
    for vowel in "aiuo":
        phones, track = spoken(f"t{vowel}t", 0.15)
        middle[vowel] = track.at((phones[1].start + phones[1].end) / 2)
    jaw, width, rounding = 0, 1, 2

    assert middle["a"][jaw] > middle["o"][jaw] > middle["i"][jaw]
    assert middle["i"][width] > 0.5 > middle["a"][width]
    assert middle["u"][rounding] > 0.8 > middle["o"][rounding] > 0.4
    assert middle["i"][rounding] < 0.05


def test_the_lips_round_before_the_u_that_a_cluster_delays() -> None:
    rounded, plain = spoken("istu")[1], spoken("isti")[1]
    at_s = 0.3 + 0.09 * 1.7

    assert value(rounded, "round", at_s) > 0.15
    assert value(plain, "round", at_s) < 0.01
    assert value(rounded, "round", at_s) > 2 * value(rounded, "round", 0.3 + 0.045)


def test_the_mouth_rests_in_pauses_and_comes_to_rest_softly() -> None:
    phones = said(["a", "", "a"], [0.2, 0.5, 0.2], 0.2)
    track = mouth_track(phones, 1.3)
    resting = [track.at(t) for t in (0.0, 0.05, 0.6, 0.65, 0.7, 1.25, 1.3)]
    release = [value(track, "jaw", t) for t in np.arange(0.35, 0.5, 0.01)]

    assert np.abs(resting).max() < 0.01
    assert all(a >= b for a, b in pairwise(release))
    assert max(a - b for a, b in pairwise(release)) < 0.2


def test_a_nameless_moment_between_sounds_is_no_pause() -> None:
    phones = [Phone("a", 0.2, 0.3), Phone("", 0.3, 0.33), Phone("a", 0.33, 0.45)]
    track = mouth_track(phones, 0.7)

    assert value(track, "jaw", 0.315) > 0.8


def test_a_part_of_a_movement_is_the_same_movement_from_its_own_start() -> None:
    track = mouth_track([Phone("a", 0.1, 0.4), Phone("m", 0.4, 0.6), Phone("o", 0.6, 0.9)], 1.0)
    for start, end in ((0.0, 0.455), (0.455, 1.0)):
        part = track.between(start, end)
        assert part.times[0] == 0.0
        assert part.duration == pytest.approx(end - start, abs=1e-6)
        for moment in np.linspace(0, end - start - 1e-3, 40):
            assert part.at(moment) == pytest.approx(track.at(start + moment), abs=0.02)


def test_faster_speech_has_the_same_movement_in_less_time() -> None:
    _, track = spoken("mamifutopa")
    faster = track.faster(1.25)

    assert faster.duration == pytest.approx(track.duration / 1.25, abs=1e-3)
    for moment in np.linspace(0, faster.duration, 50):
        assert faster.at(moment) == pytest.approx(track.at(moment * 1.25), abs=0.02)


def test_the_track_has_100_shapes_a_second() -> None:
    track = mouth_track([Phone("a", 0.0, 1.0)], 1.0)

    assert len(track.times) == RATE + 1
    assert track.shapes.shape == (RATE + 1, len(MOUTH_PARAMETERS))
    assert track.shapes.dtype == track.times.dtype == np.float32


def test_nothing_said_is_an_empty_track_or_one_at_rest() -> None:
    assert len(mouth_track([], 0.0).times) == 0
    assert not mouth_track([], 0.5).shapes.any()


@pytest.mark.parametrize("duration", [1e-4, 0.07, 0.0700004, 1.1, 599.99])
def test_times_ascend_to_the_end_whatever_the_duration(duration: float) -> None:
    track = mouth_track([Phone("a", 0.0, duration)], duration)

    assert np.all(np.diff(track.times) > 0)
    assert track.duration == pytest.approx(duration, abs=1e-3)


def test_phones_outside_the_duration_are_cut() -> None:
    track = mouth_track([Phone("a", -0.5, 0.1), Phone("a", 0.3, 5.0)], 0.5)

    assert track.duration == pytest.approx(0.5)
