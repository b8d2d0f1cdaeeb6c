import numpy as np

from core.types import LipSight
from engines.enhance.features import (
    BANDS,
    BEFORE,
    BELOW_VOICE,
    BINS,
    EDGES,
    HOP,
    Analysis,
    Synthesis,
    banded,
    lip_rows,
    spread,
)


def test_spectra_that_nothing_was_done_to_give_the_sound_20_ms_later():
    rng = np.random.default_rng(0)
    sound = rng.standard_normal(40 * HOP).astype(np.float32)
    analysis, synthesis = Analysis(), Synthesis()
    back = np.concatenate(
        [
            synthesis.samples(analysis.spectra(sound[i : i + 2 * HOP]))
            for i in range(0, 40 * HOP, 2 * HOP)
        ]
    )
    np.testing.assert_allclose(back[BEFORE:], sound[: len(back) - BEFORE], atol=1e-5)


def test_bands_hold_all_the_power_of_voices():
    rng = np.random.default_rng(0)
    spectra = rng.standard_normal((3, BINS)) + 1j * rng.standard_normal((3, BINS))
    power = banded(spectra.astype(np.complex64))
    assert power.shape == (3, BANDS)
    np.testing.assert_allclose(
        power.sum(1), np.square(np.abs(spectra))[:, BELOW_VOICE:].sum(1), 1e-4
    )


def test_each_bin_has_the_gain_of_its_band():
    found = spread(np.arange(BANDS, dtype=np.float32)[None])[0]
    assert found.shape == (BINS,)
    np.testing.assert_array_equal(found[EDGES], np.arange(BANDS))
    assert found[EDGES[100] + 1] == 100


def test_a_row_is_of_the_newest_sight_that_is_not_later():
    sights = [LipSight(0.0, 0.2, 0.0, 1.0), LipSight(0.04, 0.6, 0.1, 1.0)]
    rows = lip_rows(sights, np.array([-0.01, 0.02, 0.05]))
    np.testing.assert_allclose(rows[0], 0.0)
    np.testing.assert_allclose(rows[1], [0.2, 0.0, 0.0, 0.0, 1.0], atol=1e-6)
    np.testing.assert_allclose(rows[2], [0.6, 0.1, 1.0, 0.25, 1.0], atol=1e-6)


def test_an_old_sight_fades_and_is_forgotten():
    sights = [LipSight(0.0, 0.5, 0.0, 1.0)]
    trusts = lip_rows(sights, np.array([0.1, 0.275, 0.5]))[:, -1]
    np.testing.assert_allclose(trusts, [1.0, 0.5, 0.0], atol=1e-6)


def test_a_lost_face_leaves_nothing_to_see():
    rows = lip_rows([LipSight(0.0, 0.5, 0.0, 1.0), LipSight(0.04)], np.array([0.05]))
    assert not rows.any()
