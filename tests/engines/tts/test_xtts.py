"""XTTS's real code on two tiny layers with weights by chance."""

import numpy as np
import pytest

from core.errors import EngineUnavailable, UsageError
from core.types import AudioChunk, Segment, Transcript, Translation
from engines.tts import own_voice, sealing
from engines.tts.xtts import RATE, XttsNetwork, XttsVoice


@pytest.fixture(autouse=True)
def voices(tmp_path, monkeypatch):
    monkeypatch.setattr(own_voice, "folder", lambda: tmp_path / "voices")
    monkeypatch.setattr(sealing, "folder", lambda: tmp_path / "keys")
    monkeypatch.setattr(sealing, "_keyring", lambda: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    pytest.importorskip("TTS", reason="needs coqui-tts, which is installed by hand")
    from engines.tts.xtts_stand_in import by_chance

    return by_chance(tmp_path_factory.mktemp("xtts"))


@pytest.fixture(scope="module")
def network(folder):
    return XttsNetwork(folder, "cpu")


def recording(seconds):
    times = np.arange(round(seconds * 16000)) / 16000
    return (0.2 * np.sin(2 * np.pi * 150 * times)).astype(np.float32)


def translation(text, spoken=True):
    segment = Segment(0, AudioChunk(np.zeros(16000, np.float32), 16000, 0.0))
    return Translation(Transcript(segment, "", "en"), text, "es", spoken)


def test_without_a_speaker_or_consent_there_is_no_own_voice():
    with pytest.raises(EngineUnavailable, match=r"voice\.own"):
        XttsVoice("es")
    with pytest.raises(EngineUnavailable, match="has not agreed"):
        XttsVoice("es", speaker="Ana")


def test_a_voice_is_learnt_and_spoken_with_piece_by_piece(network, folder):
    own_voice.give_consent("Ana", own_voice.STATEMENT)
    own_voice.keep("Ana", network.learn(recording(7), 16000), folder.name)
    voice = XttsVoice("es", speaker="Ana", model=folder, device_name="cpu")
    pieces = iter(voice.speak(translation("Hola.")))
    first = next(pieces)
    assert not first.last
    assert first.audio.rate == RATE
    assert len(first.audio.samples) > 1000
    assert first.mouth.duration == pytest.approx(first.audio.duration, abs=0.05)
    assert "non-commercial" in voice.note
    voice.close()


def test_what_is_not_spoken_is_silence(network, folder):
    own_voice.give_consent("Ana", own_voice.STATEMENT)
    own_voice.keep("Ana", network.learn(recording(7), 16000), folder.name)
    voice = XttsVoice("es", speaker="Ana", model=folder, device_name="cpu")
    (speech,) = voice.speak(translation("Hola.", spoken=False))
    assert speech.last and not len(speech.audio.samples)


def test_a_recording_that_is_too_short_is_refused(network):
    with pytest.raises(UsageError, match="too short"):
        network.learn(recording(3), 16000)


def test_a_model_that_is_damaged_is_refused(folder, tmp_path):
    import shutil

    shutil.copytree(folder, tmp_path / "model")
    (tmp_path / "model" / "model.pth").write_bytes(b"PK")
    with pytest.raises(EngineUnavailable, match="cannot be loaded"):
        XttsNetwork(tmp_path / "model", "cpu")


def test_without_a_card_auto_does_not_take_the_processor(folder):
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a graphics card here")
    with pytest.raises(EngineUnavailable, match="graphics card"):
        XttsNetwork(folder, "auto")
