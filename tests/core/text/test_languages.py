import pytest

from core.errors import UsageError
from core.text.languages import codes, iso639_3, language_code, language_name


@pytest.mark.parametrize(
    "written", ["es", "ES", "spa", "es-MX", "es_419", "Spanish", " spanish ", "SPA"]
)
def test_a_language_is_known_by_code_region_or_name(written: str) -> None:
    assert language_code(written) == "es"


@pytest.mark.parametrize(
    ("written", "code"), [("fre", "fr"), ("ger", "de"), ("chi", "zh"), ("gre", "el")]
)
def test_the_codes_of_libraries_are_understood(written: str, code: str) -> None:
    assert language_code(written) == code


def test_a_language_without_a_short_code_keeps_its_long_one() -> None:
    assert language_code("Asturian") == iso639_3("ast") == "ast"


def test_codes_lead_to_names_and_long_codes_and_back() -> None:
    for code in codes():
        assert language_code(language_name(code)) == code
        assert language_code(iso639_3(code)) == code


def test_a_misspelt_language_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"'spanich'.*es \(Spanish\)"):
        language_code("spanich")


def test_nonsense_is_answered_with_how_to_write_a_language() -> None:
    with pytest.raises(UsageError, match='such as "en"'):
        language_code("??")
