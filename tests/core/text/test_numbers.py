import pytest

from core.text.numbers import digits


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("twenty five people", "25 people"),
        ("thirty-five percent", "35 percent"),
        ("two hundred", "200"),
        ("one hundred and five thousand", "105000"),
        ("one million two hundred thousand", "1200000"),
        ("a hundred and twenty people", "120 people"),
        ("fifteen hundred", "1500"),
        ("three point one four", "3.14"),
        ("three point five million", "3.5 million"),
    ],
)
def test_numbers_from_ten_on_and_decimals_become_digits(spoken: str, written: str) -> None:
    assert digits(spoken) == written


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("two thousand and nineteen", "2019"),
        ("two thousand ten", "2010"),
        ("nineteen eighty four", "1984"),
        ("nineteen oh five", "1905"),
        ("twenty twenty four", "2024"),
        ("twenty nineteen", "2019"),
    ],
)
def test_years_are_written_as_years(spoken: str, written: str) -> None:
    assert digits(spoken) == written


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("at five thirty", "at 5:30"),
        ("at five oh five", "at 5:05"),
        ("ten thirty pm", "10:30 pm"),
        ("five thirty", "five thirty"),
    ],
)
def test_two_numbers_are_a_clock_time_only_where_one_is_told(spoken: str, written: str) -> None:
    assert digits(spoken) == written


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("the twenty first of may", "the 21st of may"),
        ("the twenty second of june", "the 22nd of june"),
        ("two hundred and first time", "201st time"),
        ("a twenty second delay", "a twenty second delay"),
        ("the fifth element", "the fifth element"),
    ],
)
def test_long_ordinals_become_digits(spoken: str, written: str) -> None:
    assert digits(spoken) == written


@pytest.mark.parametrize(
    "spoken",
    [
        "one of us",
        "a hundred people",
        "three friends",
        "one two three four",
        "million dollars",
        "five hundred thousand million",
        "point taken",
        "four score and seven",
        "",
    ],
)
def test_small_numbers_and_what_is_in_doubt_stay_words(spoken: str) -> None:
    assert digits(spoken) == spoken


def test_and_after_a_number_is_left_to_the_sentence() -> None:
    assert digits("three hundred and john") == "300 and john"
    assert digits("twelve and thirteen and") == "twelve and thirteen and"
