import json

import pytest
from typer.testing import CliRunner

from app.commands import measure
from app.main import cli
from core.pace import Pace
from engines import measured
from engines.book import Book
from engines.candidates import Candidate

runner = CliRunner()


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(measure, "KINDS", ("tts",))


def said(*arguments):
    done = runner.invoke(cli, ["models", *arguments], terminal_width=300)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_each_engine_is_measured_or_says_what_it_lacks(tmp_path):
    settings = tmp_path / "settings.toml"
    settings.write_text("[lag]\nbudget = 8.0\n")
    told = json.loads(said("measure", "--json", "--config", str(settings)))
    assert told["machine"] == measured.machine()
    (voices,) = told["kinds"]
    rows = {row["engine"]: row for row in voices["engines"]}
    assert "of speech" in rows["espeak"]["says"]
    assert "models pull" in rows["piper"]["says"] or "piper" in rows["piper"]["says"]
    assert voices["chosen"].startswith("tts: espeak (basic)")


def test_what_was_kept_is_forgotten_and_measured_again():
    Book().keep("old", {"machine": measured.machine()}, Pace(1.0, 1.0, 1.0))
    assert "For a lag of 4 s" in said("measure")
    assert [one.get("engine") for one in Book().figures(measured.machine())] == ["espeak"]


def test_the_list_of_models_says_what_was_chosen():
    Book().choose("stt", "en", Candidate("whisper", "whisper-base"), "stt: whisper, whisper-base")
    assert "stt en: whisper (whisper-base) (20" in said("list", "--kind", "stt")
