import pytest

from core.text.figures import kept, written


@pytest.mark.parametrize(
    ("number", "source", "target", "expected"),
    [
        ("1,234.5", "en", "es", "1234,5"),
        ("12,345", "en", "es", "12.345"),
        ("12,345", "en", "fr", "12\N{NO-BREAK SPACE}345"),
        ("1.500", "es", "en", "1500"),
        ("3,5", "es", "en", "3.5"),
        ("3.5", "es", "en", "3.5"),
        ("1.234.567", "de", "en", "1,234,567"),
        ("3.5", "en", "ja", "3.5"),
        ("1,2,3", "en", "es", "1,2,3"),
    ],
)
def test_a_number_is_written_as_the_other_language_does(
    number: str, source: str, target: str, expected: str
) -> None:
    assert written(number, source, target) == expected


@pytest.mark.parametrize(
    "thing",
    [
        "https://ex.org/a?b=1&c=2",
        "www.example.com",
        "example.com/path",
        "joe.x+y@mail.example.org",
        "@joe",
        "#hello",
        "12/03/2024",
        "2024-03-12",
        "12.03.2024",
        "5:30",
        "17:45:10",
        "1.2.3",
    ],
)
def test_addresses_dates_and_times_are_kept_as_they_are(thing: str) -> None:
    text = f"See {thing}, please."
    [(start, end, form)] = kept(text, "en", "es")
    assert text[start:end] == form == thing


def test_whole_numbers_and_words_are_left_to_the_translator() -> None:
    assert list(kept("25 people, 3rd place, 4K, 100% of H264. End.", "en", "es")) == []
