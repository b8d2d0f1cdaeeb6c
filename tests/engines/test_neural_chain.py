"""The neural rungs together, chosen by `auto` because their models are here: a recording of a
sentence becomes its transcript, its translation and a voice that says it."""

import wave

import numpy as np
import pytest

from app.clip import ClipTranslation
from app.clip_output import ClipJob
from core.config import Config, Languages, Picture, Voice
from core.errors import EngineFailed
from core.events import Fate
from engines.models.bring import bring
from engines.mt.modes import installed

SENTENCE = "We need the report today."


@pytest.fixture
def models(tmp_path, monkeypatch, whisper_folder, opus_folder):
    """All three, in a folder of models of their own."""
    pytest.importorskip("piper", reason="needs piper-tts; it is in the extra neural")
    from engines.tts.piper_stand_in import tones

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "voice").mkdir()
    bring(whisper_folder, name="tiny-ear")
    bring(opus_folder, name="tiny-tongue")
    bring(tones(tmp_path / "voice"), name="tiny-voice")


@pytest.fixture
def clip(tmp_path, spoken):
    samples = next(samples for samples, text, _, _ in spoken if text == SENTENCE)
    quiet = np.zeros(16000, np.float32)
    path = tmp_path / "spoken.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        sound = np.concatenate([quiet, samples, quiet])
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize(
    ("target", "translation"),
    [("es", "Necesitamos el informe hoy."), ("fr", "Il nous faut le rapport aujourd'hui.")],
)
def test_a_sentence_is_understood_translated_and_spoken(
    models, clip, tmp_path, target, translation
):
    config = Config(
        languages=Languages("en", target), voice=Voice(original="off"), picture=Picture(badge=False)
    )
    result = ClipTranslation(ClipJob(clip, tmp_path / "translated.wav"), config).run()

    chosen = " ".join(result.engines)
    assert "stt: whisper, tiny-ear" in chosen
    assert "mt: opus, tiny-tongue" in chosen
    assert ("tts: piper, tiny-voice" in chosen) is (target == "es")  # the voice is Spanish
    (caption,) = result.captions
    assert caption.source == SENTENCE
    assert caption.translation == translation
    assert result.count(Fate.SPOKEN) == 1
    assert loudness(tmp_path / "translated.wav") > 0.01


def test_a_model_that_breaks_in_the_middle_steps_down_and_the_clip_is_finished(
    models, clip, tmp_path, monkeypatch
):
    from engines.mt.opus_network import Ct2Network

    def broken(self, tokens, search, count):
        raise EngineFailed("no memory left")

    monkeypatch.setattr(Ct2Network, "translate", broken)
    config = Config(languages=Languages("en", "es"), voice=Voice(original="off"))
    if ("en", "es") not in installed():
        pytest.skip("needs Apertium's English-Spanish pair (apt-get install apertium-eng-spa)")
    result = ClipTranslation(ClipJob(clip, tmp_path / "translated.wav"), config).run()
    (caption,) = result.captions
    assert caption.source == SENTENCE
    assert "informe" in caption.translation  # Apertium's word for it
    assert [warning for warning in result.warnings if "apertium goes on" in warning]
    assert result.count(Fate.SPOKEN) == 1


def loudness(path):
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return float(np.sqrt(np.mean((samples / 32768.0) ** 2)))
