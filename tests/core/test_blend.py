"""Translated voice and original in one stream."""

import numpy as np
import pytest

from core.blend import SWITCH, Blend, softened

RATE = 48_000
BLOCK = 480
QUIET = np.zeros(BLOCK, np.float32)


def tone(hertz, blocks, level=0.3):
    times = np.arange(blocks * BLOCK) / RATE
    return (level * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def blended(blend, voice, own, passthrough=lambda block: False):
    """The whole stream; `ahead` is what a look 0.2 s ahead tells."""
    blocks = []
    for number in range(len(own) // BLOCK):
        at = number * BLOCK
        ahead = bool(voice[at + BLOCK : at + 20 * BLOCK].any())
        part = slice(at, at + BLOCK)
        blocks.append(
            blend.mix(voice[part], own[part], ahead=ahead, passthrough=passthrough(number))
        )
    return np.concatenate(blocks)


def level(samples):
    return float(np.sqrt(2 * np.mean(np.square(samples))))


def with_voice(blocks=200, first=80, last=120):
    voice = np.zeros(blocks * BLOCK, np.float32)
    voice[first * BLOCK : last * BLOCK] = tone(500, last - first)
    return voice


def test_the_original_is_down_before_the_voice_begins_and_comes_back_after_it():
    own = tone(200, 200)
    sound = blended(Blend("duck", -20.0), with_voice(), own)
    assert level(sound[: 50 * BLOCK]) == pytest.approx(0.3, rel=0.01)
    assert level(sound[79 * BLOCK : 80 * BLOCK]) == pytest.approx(0.03, rel=0.2)
    assert level(sound[180 * BLOCK :]) == pytest.approx(0.3, rel=0.01)


def test_an_original_that_is_off_is_not_heard_and_one_that_is_passed_stays():
    own = tone(200, 200)
    assert level(blended(Blend("off"), with_voice(), own)[60 * BLOCK : 78 * BLOCK]) == 0.0
    passed = blended(Blend("pass"), with_voice(), own)
    assert level(passed[90 * BLOCK : 110 * BLOCK]) == pytest.approx(0.3 * 2**0.5, rel=0.01)


def test_the_panic_key_gives_the_original_alone_within_twenty_milliseconds():
    own = tone(200, 200)
    sound = blended(Blend("off"), with_voice(), own, lambda block: block >= 100)
    np.testing.assert_allclose(sound[102 * BLOCK :], own[102 * BLOCK :], atol=1e-6)


def test_what_was_mixed_already_gives_way_to_the_original_without_a_click():
    own, voice, blend = tone(200, 8), tone(500, 8), Blend("off")
    first, second = slice(0, 4 * BLOCK), slice(4 * BLOCK, 8 * BLOCK)
    said = blend.mix(voice[first], own[first], ahead=True)
    instead = blend.instead(said, own[first], muted=False)
    blend.settle(muted=False)
    after = blend.mix(voice[second], own[second], ahead=True, passthrough=True)
    sound = np.concatenate([instead, after])
    settled = round(SWITCH * RATE)
    np.testing.assert_allclose(sound[settled:], own[settled:], atol=1e-6)
    assert abs(sound[0] - said[0]) < 0.01
    steepest = np.abs(np.diff(own)).max() + np.abs(np.diff(voice)).max()
    assert np.abs(np.diff(sound)).max() < steepest + 0.01


def test_what_was_mixed_already_gives_way_to_silence():
    own, blend = tone(200, 8), Blend("pass")
    said = blend.mix(np.zeros_like(own), own, ahead=False)
    assert not blend.instead(said, own, muted=True)[round(SWITCH * RATE) :].any()
    blend.settle(muted=True)
    assert not blend.mix(np.zeros_like(own), own, ahead=False, muted=True).any()


def test_muted_is_silent_within_a_block():
    blend, own = Blend("pass"), tone(200, 4)
    blend.mix(QUIET, own[:BLOCK], ahead=False)
    fading = blend.mix(QUIET, own[BLOCK : 2 * BLOCK], ahead=False, muted=True)
    assert np.abs(np.diff(fading)).max() < 0.02
    assert not blend.mix(QUIET, own[2 * BLOCK : 3 * BLOCK], ahead=False, muted=True).any()


def test_nothing_clicks():
    own, voice = tone(200, 200), with_voice()
    sound = blended(Blend("duck"), voice, own, lambda block: 100 <= block < 130)
    steepest = np.abs(np.diff(own)).max() + np.abs(np.diff(voice[81 * BLOCK : 119 * BLOCK])).max()
    assert np.abs(np.diff(sound)).max() < steepest + 0.01


def test_the_original_stays_down_over_short_pauses_of_the_voice():
    voice = with_voice() + with_voice(first=130, last=160)
    sound = blended(Blend("duck", -60.0), voice, tone(200, 200))
    assert level(sound[122 * BLOCK : 128 * BLOCK]) < 0.01


def test_loud_sounds_are_bent_and_never_cut():
    loud = np.linspace(-3, 3, 1001, dtype=np.float32)
    bent = softened(loud.copy())
    assert np.abs(bent).max() < 1.0
    assert (np.diff(bent) >= 0).all()
    quiet = np.abs(loud) < 0.9
    np.testing.assert_array_equal(bent[quiet], loud[quiet])
