import gc
import weakref
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("faster_whisper", reason="Whisper is not installed")
from engines.device import Device
from engines.stt import whisper_network
from engines.stt.whisper_network import WhisperNetwork


class Encoding:
    """What the encoder makes of a sound; on a graphics card it lies in that one's memory."""


@pytest.fixture
def encodings(monkeypatch):
    """What a network encodes that finds English in everything."""
    made = []

    def encode(features):
        encoding = Encoding()
        made.append(weakref.ref(encoding))
        return encoding

    def extractor(window, padding):
        return window

    extractor.nb_max_frames = 3000
    model = SimpleNamespace(
        is_multilingual=True,
        detect_language=lambda encoded: [[("<|en|>", 1.0)]],
        unload_model=lambda: None,
    )
    whole = SimpleNamespace(
        model=model, feature_extractor=extractor, supported_languages=["en", "es"], encode=encode
    )
    monkeypatch.setattr(whisper_network, "_loaded", lambda folder, device: whole)
    return made


def test_nothing_that_was_encoded_outlives_the_network(encodings, tmp_path):
    network = WhisperNetwork(tmp_path, Device("cpu", "int8"))
    samples = np.zeros(16000, np.float32)
    for _ in range(2):
        assert network.languages_of(samples) == [("en", 1.0)]
    (encoding,) = encodings
    assert encoding() is not None
    network.close()
    gc.collect()
    assert encoding() is None
