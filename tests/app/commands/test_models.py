import json

import pytest
from typer.testing import CliRunner

from app.main import cli
from core.errors import EngineUnavailable, UsageError

runner = CliRunner()


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "translated-camera" / "models"


def said(*arguments):
    done = runner.invoke(cli, ["models", *arguments], terminal_width=300)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_the_list_tells_licences_and_what_is_here(models):
    told = {one["name"]: one for one in json.loads(said("list", "--json"))}
    assert told["whisper-small"]["licence"] == "MIT"
    assert told["xtts-v2"]["commercial"] is False
    assert not any(one["here"] for one in told.values())
    assert "piper-es-es-davefx-medium" in said("list", "--kind", "tts").replace("\n", "")


def test_where_no_model_is_there_is_nothing_to_verify_and_that_is_said(models):
    assert "No model is here yet" in said("verify")


def test_the_list_can_be_read_at_80_columns(models):
    lines = said("list").splitlines()
    assert max(len(line) for line in lines if not line.startswith("* is here")) <= 80
    (turbo,) = (line for line in lines if "whisper-turbo" in line)
    assert turbo.split() == ["whisper-turbo", "nearly", "all", "1,618", "MB", "MIT"]
    after = lines[lines.index(next(line for line in lines if "xtts-v2" in line)) + 1]
    assert "no commercial use" in after
    assert "Translation (mt)" in lines
    assert "Translation (mt)" not in said("list", "--kind", "stt").splitlines()


def test_a_kind_that_does_not_exist_is_the_users_mistake(models):
    with pytest.raises(UsageError, match="there are: stt"):
        said("list", "--kind", "lungs")


def test_a_licence_is_asked_for_before_anything_is_fetched(models):
    with pytest.raises(UsageError, match="--accept-licence"):
        said("pull", "whisper-small")
    assert not models.exists()


def test_an_own_model_is_imported_verified_and_removed(models, tmp_path):
    pytest.importorskip("piper", reason="needs piper-tts; it is in the extra neural")
    pytest.importorskip("onnx", reason="needs onnx; it is in the extra neural")
    from engines.tts.piper_stand_in import tones

    (tmp_path / "stick").mkdir()
    tones(tmp_path / "stick")
    said("import", str(tmp_path / "stick"), "--name", "tones")
    assert "tones" in said("list", "--kind", "tts")
    assert "tones: whole" in said("verify")
    network = next(models.glob("tones/*.onnx"))
    network.write_bytes(network.read_bytes()[:-1])
    with pytest.raises(EngineUnavailable, match="Damaged: tones"):
        said("verify", "tones")
    said("remove", "tones")
    assert not list(models.glob("tones*"))
