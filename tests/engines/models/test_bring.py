"""Models from the disk: the tests' own tiny ones, imported and then really used."""

import json
import shutil

import numpy as np
import pytest

from core.errors import EngineUnavailable, UnreadableInput, UsageError
from core.types import AudioChunk, Segment
from engines.models.bring import bring
from engines.models.check import check, damage
from engines.models.removal import remove
from engines.models.store import installed
from engines.registry import auto


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setattr("engines.models.store.root", lambda: tmp_path / "models")
    monkeypatch.setattr("engines.models.bring.root", lambda: tmp_path / "models")
    monkeypatch.setattr("engines.models.removal.root", lambda: tmp_path / "models")
    return tmp_path / "models"


def test_a_whisper_is_imported_and_auto_takes_it_from_then_on(models, whisper_folder, spoken):
    model = bring(whisper_folder, name="mine")
    assert (model.kind, model.languages) == ("stt", ("*",))
    assert damage(model) == ()
    choice = auto("stt", options={"language": "en"})
    assert choice.name == "whisper"
    assert "mine" in choice.reason
    samples, text, _, _ = spoken[0]
    assert choice.engine.recognise(Segment(0, AudioChunk(samples, 16000, 0.0))).text == text
    choice.engine.close()


def test_without_a_model_auto_says_how_to_get_one_and_takes_the_next_rung(models):
    choice = auto("mt", options={"source": "en", "target": "es"})
    assert choice.name == "apertium" or choice.refusals
    assert "models pull" in choice.refusals[0] or "opus" in choice.refusals[0]
    choice.engine.close()


def test_an_opus_of_the_hub_is_converted_on_the_way_in(models, opus_folder):
    model = bring(opus_folder, name="opus-mt-en-mul")
    assert sorted(model.languages) == ["en-es", "en-fr"]
    assert (model.folder / "model.bin").is_file()
    assert not (model.folder / "model.safetensors").exists()
    choice = auto("mt", options={"source": "en", "target": "fr"})
    assert choice.name == "opus"
    assert choice.engine.translate("I see the report today.") == "Je vois le rapport aujourd'hui."
    choice.engine.close()


def test_a_voice_is_imported_by_its_file(models, tmp_path):
    pytest.importorskip("piper", reason="needs piper-tts; it is in the extra neural")
    pytest.importorskip("onnx", reason="needs onnx; it is in the extra neural")
    from engines.tts.piper_stand_in import tones

    (tmp_path / "voice").mkdir()
    tones(tmp_path / "voice")
    model = bring(tmp_path / "voice" / "es-tones.onnx", name="Tones")
    assert (model.name, model.kind, model.languages) == ("tones", "tts", ("es",))
    choice = auto("tts", options={"language": "es"})
    assert choice.name == "piper"
    assert len(choice.engine.say("hola").samples) > 1000
    assert auto("tts", options={"language": "en"}).name != "piper"


def test_a_name_of_the_catalogue_brings_its_licence_with_it(models, whisper_folder):
    with pytest.raises(UsageError, match=r"MIT.*accept"):
        bring(whisper_folder, name="whisper-base")
    model = bring(whisper_folder, name="whisper-base", accept=True)
    assert model.licence == "MIT"
    assert model.rank > bring(whisper_folder, name="mine").rank


def test_a_model_that_does_not_work_leaves_the_good_one(models, whisper_folder, tmp_path):
    good = bring(whisper_folder, name="mine")
    shutil.copytree(whisper_folder, tmp_path / "bad")
    (tmp_path / "bad" / "model.bin").write_bytes(b"")
    with pytest.raises(EngineUnavailable, match=r"/bad cannot be loaded .* copy it once more"):
        bring(tmp_path / "bad", name="mine")
    assert damage(good) == ()
    assert [one.name for one in installed("stt", folder=models)] == ["mine"]


def test_damage_is_named_by_file(models, whisper_folder):
    model = bring(whisper_folder, name="mine")
    (model.folder / "tokenizer.json").unlink()
    path = model.folder / "model.bin"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    found = " ".join(damage(model))
    assert "tokenizer.json is missing" in found
    assert "model.bin has changed" in found
    with pytest.raises(EngineUnavailable, match="tokenizer"):
        check(model)


def test_what_is_removed_is_gone(models, whisper_folder):
    bring(whisper_folder, name="mine")
    assert remove("mine") > 100_000
    assert installed(folder=models) == ()
    with pytest.raises(UsageError, match="there are: none"):
        remove("mine")


@pytest.mark.parametrize("name", ["../out", "a/b", ".hidden"])
def test_a_name_that_leads_elsewhere_is_refused(models, whisper_folder, name):
    with pytest.raises(UsageError, match="cannot be the name"):
        bring(whisper_folder, name=name)


def test_what_is_no_model_is_refused_with_what_would_be_one(models, tmp_path):
    with pytest.raises(UnreadableInput, match="There is no"):
        bring(tmp_path / "nothing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableInput, match="holds no model"):
        bring(tmp_path / "empty")
    (tmp_path / "alone.onnx").write_bytes(np.zeros(10).tobytes())
    with pytest.raises(UnreadableInput, match="json beside it"):
        bring(tmp_path / "alone.onnx")


@pytest.mark.parametrize(
    ("there", "lacks"),
    [
        (("config.json", "model.bin"), r"Whisper, it lacks tokenizer\.json"),
        (("config.json", "model.pth"), r"XTTS, it lacks vocab\.json"),
        (("source.spm", "config.json", "model.bin"), r"Opus-MT, it lacks target\.spm"),
    ],
)
def test_a_folder_that_lacks_one_file_is_told_which(models, tmp_path, there, lacks):
    (tmp_path / "nearly").mkdir()
    for name in there:
        (tmp_path / "nearly" / name).write_text("{}")
    with pytest.raises(UnreadableInput, match=lacks):
        bring(tmp_path / "nearly")


def test_a_translator_of_another_kind_is_refused(models, opus_folder, tmp_path):
    shutil.copytree(opus_folder, tmp_path / "bart")
    described = json.loads((tmp_path / "bart" / "config.json").read_text())
    (tmp_path / "bart" / "config.json").write_text(json.dumps(described | {"model_type": "bart"}))
    with pytest.raises(EngineUnavailable, match="no Opus-MT"):
        bring(tmp_path / "bart")
