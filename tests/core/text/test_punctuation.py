from core.text.punctuation import ended, opened, same_end


def test_spanish_questions_and_exclamations_are_opened() -> None:
    assert opened("Hola! Cómo estás? Bien.", "es") == "¡Hola! ¿Cómo estás? Bien."


def test_what_is_opened_already_is_not_opened_twice() -> None:
    assert opened("Oye, ¿qué pasa?", "es") == "Oye, ¿qué pasa?"


def test_other_languages_do_not_open_questions() -> None:
    assert opened("Com estàs?", "ca") == "Com estàs?"


def test_a_mark_that_the_translator_dropped_comes_back() -> None:
    assert same_end("Really?", "De verdad", "es") == "De verdad?"
    assert same_end("Yes.", "はい", "ja") == "はい。"
    assert same_end("Yes", "Sí", "es") == "Sí"
    assert same_end("Yes.", "", "es") == ""


def test_quotes_and_brackets_do_not_hide_the_end() -> None:
    assert ended('He said "yes."')
    assert ended("(It is over!)")
    assert not ended("yes")
    assert not ended("")
