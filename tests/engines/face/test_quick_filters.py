"""The One-Euro filter in a compiled loop."""

import numpy as np
import pytest

from core.smoothing.one_euro import OneEuro
from engines.face import quick_filters
from engines.face.quick_filters import QuickOneEuro


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("axes", [1, 3])
def test_the_quick_filter_gives_the_same_numbers(together: bool, axes: int) -> None:
    if quick_filters._filter is None:
        pytest.skip("numba does not work here")
    random = np.random.default_rng(0)
    plain, quick = (
        kind(rest=0.7, quicker=6.0, speed_cutoff=2.0, noise=0.05, together=together)
        for kind in (OneEuro, QuickOneEuro)
    )
    for number in range(30):
        points = random.normal(0, 0.1, (40, axes)) + 0.02 * max(0, number - 10)
        seconds = 1 / 30 if number % 4 else 1 / 20
        wanted = plain.update(points.copy(), seconds)
        np.testing.assert_allclose(quick.update(points, seconds), wanted, atol=1e-12)
        if number == 20:
            plain.reset()
            quick.reset()
