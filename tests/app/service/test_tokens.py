"""Who may use the service."""

import os
import stat

import pytest

from app.service.tokens import VARIABLE, Tokens, find_tokens
from core.errors import CannotWrite, UsageError

ADA, BOB = "the-token-of-ada-0123", "the-token-of-bob-0123"


@pytest.fixture(autouse=True)
def no_token_of_ours(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


def kept(path, text):
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


def test_each_token_has_its_owner_and_others_have_none():
    tokens = Tokens({"ada": ADA, "bob": BOB})
    assert (tokens.owner(ADA), tokens.owner(BOB)) == ("ada", "bob")
    for wrong in ("", ADA[:-1], ADA + "x", ADA.upper(), "ä" * 20, "\udcff"):
        assert tokens.owner(wrong) is None


def test_no_token_can_be_read_out_of_it():
    assert ADA not in repr(vars(Tokens({"ada": ADA})))


@pytest.mark.parametrize("token", ["", "short", "with\nline-breaks-in-it-12345", "ä" * 30])
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(token):
    with pytest.raises(UsageError, match="plain letters"):
        Tokens({"ada": token})


def test_one_is_made_at_the_first_start_for_this_user_alone(tmp_path):
    path = tmp_path / "new" / "token"
    first = find_tokens(path, chosen=False)
    assert first.owner(first.made) == "owner"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    second = find_tokens(path, chosen=False)
    assert (second.made, second.owner(first.made)) == ("", "owner")


def test_a_file_holds_several_by_name(tmp_path):
    tokens = find_tokens(kept(tmp_path / "t", f"# ours\nada {ADA}\n\nbob {BOB}\n"), chosen=True)
    assert (tokens.owner(ADA), tokens.owner(BOB)) == ("ada", "bob")


def test_the_environment_goes_first(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, BOB)
    tokens = find_tokens(kept(tmp_path / "t", ADA), chosen=True)
    assert (tokens.owner(BOB), tokens.owner(ADA)) == ("owner", None)


@pytest.mark.parametrize("text", ["", "# nothing\n", f"ada {ADA} more"])
def test_a_file_without_tokens_is_refused(tmp_path, text):
    with pytest.raises(UsageError):
        find_tokens(kept(tmp_path / "t", text), chosen=True)


def test_a_file_that_is_not_there_or_others_may_read_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        find_tokens(tmp_path / "none", chosen=True)
    path = kept(tmp_path / "t", ADA)
    path.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        find_tokens(path, chosen=True)


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="token"):
        find_tokens(tmp_path / "file" / "token", chosen=False)
    assert os.environ.get(VARIABLE) is None
