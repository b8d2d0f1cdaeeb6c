import wave

import numpy as np
import pytest
from typer.testing import CliRunner

from app.commands.voices import show
from app.main import cli
from core.errors import EngineUnavailable, UsageError
from engines.tts import own_voice, sealing

runner = CliRunner()


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(sealing, "_keyring", lambda: None)


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "ana.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        times = np.arange(7 * 16000) / 16000
        file.writeframes((8000 * np.sin(900 * times)).astype("<i2").tobytes())
    return path


def said(*arguments):
    done = runner.invoke(cli, ["voices", *map(str, arguments)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_a_voice_is_not_learnt_unless_the_speaker_agrees(recording):
    with pytest.raises(UsageError, match="--i-agree"):
        said("learn", "Ana", recording)
    assert own_voice.speakers() == ()


def test_without_a_model_nothing_is_recorded_of_the_speaker(recording):
    with pytest.raises(EngineUnavailable, match="models pull"):
        said("learn", "Ana", recording, "--i-agree")
    assert own_voice.speakers() == ()


def test_who_agreed_is_listed_and_can_be_forgotten():
    own_voice.give_consent("Ana", own_voice.STATEMENT)
    assert "not learnt yet" in said("list")
    latents = np.ones((1, 32, 8), np.float32), np.ones((1, 4, 1), np.float32)
    own_voice.keep("Ana", latents, "xtts-v2")
    assert "Ana: agreed 20" in said("list")
    assert "learnt by xtts-v2 (encrypted, the key in a file" in said("list")
    said("forget", "Ana")
    assert "Ana" not in said("list")
    with pytest.raises(UsageError, match="Nothing is known"):
        said("forget", "Ana")


def test_that_nobody_agreed_is_said(capsys):
    show()
    assert capsys.readouterr().err.startswith("No speaker's own voice is kept here.")
