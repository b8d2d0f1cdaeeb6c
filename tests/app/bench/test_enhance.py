import wave

import numpy as np
import pytest

from app.bench.enhance import _losses, _networks
from app.bench.enhance_material import Case, Recording, quiet, real, recordings
from app.bench.enhance_scores import Score, enhanced, mean, si_sdr
from core.types import LipSight
from engines.enhance.fake import FakeEnhancer

RATE = 16000


def _voice(seconds=1.0, seed=0):
    rng = np.random.default_rng(seed)
    return (0.1 * rng.standard_normal(round(seconds * RATE))).astype(np.float32)


def test_si_sdr_is_the_ratio_that_was_mixed_whatever_the_loudness():
    voice, other = _voice(4.0), _voice(4.0, 1)
    assert si_sdr(voice + other / 10, voice) == pytest.approx(20, abs=0.3)
    assert si_sdr(3 * (voice + other / 10), voice) == pytest.approx(20, abs=0.3)


def test_what_comes_out_late_is_compared_at_its_own_time():
    case = Case("noise", 0.0, _voice(), _voice())
    made = enhanced(FakeEnhancer(factor=0.5), case)
    assert len(made.sound) == len(case.heard)
    np.testing.assert_allclose(made.sound[:15000], case.heard[:15000] / 2, atol=1e-6)
    assert made.delay == pytest.approx(0.02)


def test_lips_are_told_only_once_a_tracker_has_seen_them():
    fake = FakeEnhancer()
    sights = tuple(LipSight(number / 25, 0.5, 0.0, 1.0) for number in range(25))
    enhanced(fake, Case("noise", 0.0, _voice(), _voice(), sights))
    assert fake.told == [one for one in sights if one.pts <= 0.95]


def test_a_measure_that_is_missing_leaves_the_others():
    found = mean([Score(1.0, 0.5, np.nan), Score(3.0, 0.7, np.nan)])
    assert (found.si_sdr, found.stoi) == pytest.approx((2.0, 0.6))
    assert np.isnan(found.pesq)


def test_recordings_are_mixed_at_the_ratios_that_are_named():
    sights = (LipSight(0.0, 0.5, 0.0, 1.0),)
    spoken = [Recording("a", _voice(2), sights, ""), Recording("b", _voice(3, 5), sights, "")]
    cases = real(spoken)
    assert {(case.kind, case.decibels) for case in cases} == {
        (kind, ratio) for kind in ("talker", "noise") for ratio in (-5.0, 0.0, 5.0)
    }
    for case in cases:
        assert si_sdr(case.heard, case.clean) == pytest.approx(case.decibels, abs=0.5)


def test_clean_speech_is_tried_with_lips_that_mislead():
    sights = tuple(LipSight(number / 25, number % 2, 0.0, 1.0) for number in range(50))
    cases = quiet([Recording("a", _voice(2), sights, ""), Recording("b", _voice(2, 5), (), "")])
    assert len(cases) == 10
    still = cases[1].sights
    assert len({one.opening for one in still}) == 1
    assert [one.pts for one in cases[3].sights[:2]] == pytest.approx([0.3, 0.34])


def test_what_is_said_in_a_folder_of_sound_stands_in_its_table(tmp_path):
    for name in ("one", "two"):
        with wave.open(str(tmp_path / f"{name}.wav"), "wb") as written:
            written.setparams((1, 2, RATE, 0, "NONE", ""))
            written.writeframes(bytes(3200))
    (tmp_path / "references.tsv").write_text("one.wav\tyes it is\ntwo\tno\n", "utf-8")
    assert [one.text for one in recordings([tmp_path])] == ["yes it is", "no"]


def test_networks_are_found_in_a_folder_without_their_twins(tmp_path):
    for name in ("small.onnx", "small_sound.onnx", "large.onnx", "small.json"):
        (tmp_path / name).touch()
    alone = tmp_path / "large.onnx"
    assert [one.stem for one in _networks([tmp_path])] == ["large", "small"]
    assert list(_networks([alone, tmp_path / "small.json"])) == [alone]


def test_the_lips_that_do_most_harm_to_clean_voices_are_told_of():
    told = _losses("clean", np.array([[0.0, 0.2, -0.5], [0.1, 0.4, 0.9]]))
    assert told["clean_loss_db"].value == pytest.approx(0.3)
    assert told["clean_worst_loss_db"].value == pytest.approx(0.9)
