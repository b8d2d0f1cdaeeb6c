from engines.mt.phrases import PHRASES


def test_phrases_are_lower_case_without_marks_and_none_is_empty() -> None:
    for table in PHRASES.values():
        for phrase, meaning in table.items():
            assert phrase == phrase.lower().strip(" .?!¿¡,")
            assert meaning == meaning.strip(" .?!¿¡,")
            assert meaning
