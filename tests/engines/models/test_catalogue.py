import pytest

from core.errors import UsageError
from core.text.languages import language_code
from engines.models.catalogue import entries, entry
from engines.models.store import ANY_LANGUAGE


def test_every_entry_can_be_shown_and_fetched():
    names = [one.name for one in entries()]
    assert len(names) == len(set(names)) > 20
    for one in entries():
        assert one.kind in ("stt", "mt", "tts", "turn")
        assert one.licence and one.licence_url.startswith("https://")
        assert one.source.count("/") == 1 and one.revision
        assert one.files and all(len(file.sha256) in (0, 64) for file in one.files)
        for language in one.languages:
            for code in language.split("-"):
                assert language == ANY_LANGUAGE or language_code(code) == code


def test_what_may_not_be_used_commercially_comes_last_and_says_so():
    private = [one for one in entries() if not one.commercial]
    assert [one.name for one in private] == ["xtts-v2"]
    assert entries()[-1] == private[0]
    assert "Non-commercial" in private[0].note


def test_recognisers_of_real_meetings_are_pinned_by_revision_and_hash():
    for name in ("whisper-small", "whisper-base"):
        assert len(entry(name).revision) == 40
        assert all(file.sha256 and file.size for file in entry(name).files)


def test_a_wrong_name_is_answered_with_what_was_meant():
    with pytest.raises(UsageError, match="whisper-small"):
        entry("whisper-smal")
