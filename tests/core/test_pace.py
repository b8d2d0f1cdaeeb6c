import pytest

from core.pace import Pace, Strain


@pytest.mark.parametrize(
    ("kind", "pace", "strain"),
    [
        ("stt", Pace(5.0, 1.0, 1.0), 1.0),  # a quarter of the budget of 4 s
        ("stt", Pace(10.0, 1.0, 1.0), 0.5),
        ("stt", Pace(0.5, 0.4, 0.4), 1.0),  # a word is not expected in no time
        ("mt", Pace(5.0, 0.2, 0.2), 0.5),
        ("tts", Pace(5.0, 0.1, 5.0), 2.0),  # its first sound is early, but the voice piles up
        ("tts", Pace(5.0, 0.8, 0.9), 2.0),
        ("lips", Pace(0.04, 0.05, 0.05), 2.0),
    ],
)
def test_strain_is_what_it_took_over_what_it_may_take(kind, pace, strain):
    assert pace.strain(kind, 4.0) == pytest.approx(strain)


def test_a_larger_budget_allows_more_but_never_what_piles_up():
    assert Pace(5.0, 2.0, 2.0).strain("stt", 8.0) == pytest.approx(1.0)
    assert Pace(5.0, 5.0, 5.0).strain("stt", 30.0) == pytest.approx(2.0)


def test_one_slow_item_is_no_strain():
    strain = Strain("mt", lambda: 4.0)
    for took in (0.1, 0.1, 3.0, 0.1):
        strain.took(Pace(5.0, took, took))
    assert not strain.too_much(behind=True)


def test_an_engine_is_given_some_items_and_some_leeway():
    strain = Strain("mt", lambda: 4.0)
    for _ in range(3):
        strain.took(Pace(5.0, 0.5, 0.5))
        assert not strain.too_much(behind=True)
    strain.took(Pace(5.0, 0.5, 0.5))
    assert strain.too_much(behind=True)
    assert not strain.too_much(behind=False)
    strain.forget()
    assert not strain.too_much(behind=True)
