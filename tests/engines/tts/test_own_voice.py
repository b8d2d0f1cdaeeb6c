import numpy as np
import pytest

from core.errors import EngineUnavailable, UsageError
from engines.tts import own_voice, sealing

LATENTS = (np.ones((1, 32, 8), np.float32), np.full((1, 4, 1), 2, np.float32))


@pytest.fixture(autouse=True)
def voices(tmp_path, monkeypatch):
    monkeypatch.setattr(own_voice, "folder", lambda: tmp_path / "voices")
    monkeypatch.setattr(sealing, "folder", lambda: tmp_path / "keys")
    monkeypatch.setattr(sealing, "_keyring", lambda: None)
    return tmp_path / "voices"


def test_without_consent_nothing_is_learnt_or_used():
    with pytest.raises(EngineUnavailable, match="has not agreed"):
        own_voice.keep("Ana", LATENTS, "xtts-v2")
    with pytest.raises(EngineUnavailable, match="has not agreed"):
        own_voice.recall("Ana", "xtts-v2")
    with pytest.raises(EngineUnavailable, match="Nobody has not agreed"):
        own_voice.required("")


def test_consent_is_to_the_words_that_were_shown_and_is_kept_with_its_time():
    with pytest.raises(UsageError, match="only learnt from"):
        own_voice.give_consent("Ana", "yes")
    own_voice.give_consent("Ana", own_voice.STATEMENT)
    held = own_voice.consent("Ana")
    assert held.statement == own_voice.STATEMENT
    assert held.given[:2] == "20"
    assert own_voice.speakers() == ("Ana",)


def test_a_voice_that_was_learnt_is_recalled_by_the_same_model_only():
    own_voice.give_consent("Ana", own_voice.STATEMENT)
    own_voice.keep("Ana", LATENTS, "xtts-v2")
    for kept, given in zip(own_voice.recall("Ana", "xtts-v2"), LATENTS, strict=True):
        np.testing.assert_array_equal(kept, given)
    with pytest.raises(EngineUnavailable, match="not been learnt by another"):
        own_voice.recall("Ana", "another")


def test_who_is_forgotten_leaves_nothing(voices):
    own_voice.give_consent("Ana", own_voice.STATEMENT)
    own_voice.keep("Ana", LATENTS, "xtts-v2")
    assert list((voices.parent / "keys").iterdir())
    assert own_voice.forget("Ana")
    assert list(voices.rglob("*")) == []
    assert list((voices.parent / "keys").iterdir()) == []
    assert not own_voice.forget("Ana")


def test_a_damaged_voice_is_told(voices):
    own_voice.give_consent("Ana", own_voice.STATEMENT)
    own_voice.keep("Ana", LATENTS, "xtts-v2")
    (voices / "Ana" / "voice.sealed").write_bytes(b"PK")
    with pytest.raises(EngineUnavailable, match="learn the voice again"):
        own_voice.recall("Ana", "xtts-v2")


def test_what_is_kept_of_a_voice_says_nothing_without_its_key(voices):
    own_voice.give_consent("Ana", own_voice.STATEMENT)
    (voices / "Ana" / "voice.npz").write_bytes(b"of a version that did not encrypt")
    own_voice.keep("Ana", LATENTS, "xtts-v2")
    kept = (voices / "Ana" / "voice.sealed").read_bytes()
    assert sorted(path.name for path in (voices / "Ana").iterdir()) == [
        "consent.json",
        "voice.sealed",
    ]
    assert LATENTS[0].tobytes()[:16] not in kept
    sealing.forget("Ana")
    with pytest.raises(EngineUnavailable, match="key to the voice of Ana"):
        own_voice.recall("Ana", "xtts-v2")


@pytest.mark.parametrize("name", ["../x", "a/b", " Ana", "."])
def test_a_name_that_leads_elsewhere_is_refused(name):
    with pytest.raises(UsageError, match="cannot be a speaker's name"):
        own_voice.give_consent(name, own_voice.STATEMENT)
