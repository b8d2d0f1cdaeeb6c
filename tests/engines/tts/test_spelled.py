import pytest

from engines.tts.spelled import spelled


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It costs 5 €.", ["It", "costs", "5", "euros."]),
        ("€5.50, not £3", ["5.50 euros,", "not", "3 pounds"]),
        ("€ 5 there", ["", "5 euros", "there"]),
        ("a £1 coin", ["a", "1 pound", "coin"]),
        ("€5 million.", ["5", "million euros."]),
        ("€ 5 million", ["", "5", "million euros"]),
        ("£5m each", ["5 million pounds", "each"]),
        ("(£1.2bn)", ["( 1.2 billion pounds)"]),
        ("€5 k or ¥3M", ["5", "thousand euros", "or", "3 million yen"]),
        ("$5m and $5.50", ["5 million dollars", "and", "$5.50"]),
        ("US$5 billion", ["US 5", "billion dollars"]),
        ("a €5-million plan", ["a", "5 million euros", "plan"]),
        ("€5–10 million", ["5-10", "million euros"]),  # noqa: RUF001
        ("€5-€10", ["5 euros- 10 euros"]),
        ("€5 men", ["5 euros", "men"]),
        ("€5each", ["5 euros each"]),
        ("€1½ million", ["1 and a half", "million euros"]),
    ],
)
def test_what_is_paid_is_said_after_how_much(text, said):
    assert spelled(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("½ cup", ["half", "cup"]),
        ("1½ cups", ["1 and a half", "cups"]),
        ("1 ½ cups", ["1", "and a half", "cups"]),
        ("2¾, then ¼", ["2 and three quarters,", "then", "a quarter"]),
        ("⅔ of 1⅓", ["two thirds", "of", "1 and a third"]),
    ],
)
def test_parts_are_said_after_the_whole(text, said):
    assert spelled(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("20 °C", ["20", "degrees C"]),
        ("20° today", ["20 degrees", "today"]),
        ("café naïve", ["cafe", "naive"]),
        ("5\u00a0€", ["5", "euros"]),
        ("5–10 of it", ["5-10", "of", "it"]),  # noqa: RUF001
        ("Paz’s 日本 “word”", ["Paz's", "", '"word"']),  # noqa: RUF001
        ("", []),
        ("  ", []),
        ("€", ["euros"]),
    ],
)
def test_there_is_one_for_each_word(text, said):
    assert spelled(text) == said
    assert len(said) == len(text.split())
