import numpy as np
import pytest
import soxr

from core.errors import EngineUnavailable
from core.types import AudioChunk, Word
from engines.turn import smart_turn
from engines.turn.mel import log_mel
from engines.turn.smart_turn import SmartTurn

RATE = 16000


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def field(number, value):
    """A field of a protocol buffer."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def tensor(name, *shape):
    dims = b"".join(field(1, field(2 if isinstance(n, str) else 1, n)) for n in shape)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, dims)))


def node(kind, given, made, attributes=b""):
    return field(1, field(1, given) + field(2, made) + field(4, kind) + attributes)


def network(path, *shape, name="input_features"):
    """An ONNX file: the sigmoid of the mean over all but the first axis."""
    axes = field(1, "axes") + field(20, 7) + b"".join(field(8, axis) for axis in (1, 2))
    keep = field(1, "keepdims") + field(20, 2) + field(3, 0)
    graph = node("ReduceMean", name, "mean", field(5, axes) + field(5, keep))
    graph += node("Sigmoid", "mean", "chance") + field(2, "tiny")
    graph += field(11, tensor(name, *shape)) + field(12, tensor("chance", "n"))
    opset = field(8, field(1, "") + field(2, 13))
    path.write_bytes(field(1, 8) + opset + field(7, graph))
    return path


@pytest.fixture
def turn(tmp_path):
    judge = SmartTurn(model=network(tmp_path / "tiny.onnx", "n", 80, 800))
    yield judge
    judge.close()


def noise(seconds):
    return np.random.default_rng(0).standard_normal(int(seconds * RATE)).astype(np.float32) * 0.1


def expected(samples):
    return 1 / (1 + np.exp(-log_mel(samples).mean()))


def test_it_hears_the_last_eight_seconds(turn):
    samples = noise(11)
    answer = turn.complete(AudioChunk(samples, RATE, 0.0), (), "en")
    assert answer == pytest.approx(expected(samples[-8 * RATE :]), abs=1e-5)


def test_a_sentence_that_breaks_off_goes_on_whatever_the_voice_says(turn):
    audio = AudioChunk(noise(8), RATE, 0.0)
    said = (Word("Yes,", 0.0, 0.3), Word("because", 0.3, 0.6))
    assert turn.complete(audio, said[:1], "en") > 0.5
    assert turn.complete(audio, said, "en") <= 0.2


def test_a_short_segment_has_silence_in_front(turn):
    samples = noise(3)
    padded = np.concatenate([np.zeros(5 * RATE, np.float32), samples])
    answer = turn.complete(AudioChunk(samples, RATE, 0.0), (), "en")
    assert answer == pytest.approx(expected(padded), abs=1e-5)


def test_other_rates_are_resampled(turn):
    samples = soxr.resample(noise(8), RATE, 48000)
    answer = turn.complete(AudioChunk(samples, 48000, 0.0), (), "en")
    assert answer == pytest.approx(expected(noise(8)), abs=0.02)


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(10), np.full(RATE, np.nan)])
def test_nothing_and_bad_samples_give_an_answer(turn, samples):
    answer = turn.complete(AudioChunk(samples.astype(np.float32), RATE, 0.0), (), "en")
    assert 0.0 <= answer <= 1.0


def test_another_network_is_refused(tmp_path):
    with pytest.raises(EngineUnavailable, match=r"other\.onnx is not version 3"):
        SmartTurn(model=network(tmp_path / "other.onnx", "n", 128, 3000))


def test_without_a_model_it_says_where_to_get_it(monkeypatch):
    monkeypatch.setattr(smart_turn, "find_spec", lambda name: None)
    with pytest.raises(EngineUnavailable, match="install pipecat-ai"):
        SmartTurn()


def test_the_model_in_an_installed_pipecat_is_found_without_importing_it(tmp_path, monkeypatch):
    folder = tmp_path / "pipecat/audio/turn/smart_turn/data"
    folder.mkdir(parents=True)
    (tmp_path / "pipecat/__init__.py").write_text("raise RuntimeError('was imported')")
    network(folder / "smart-turn-v3.2-cpu.onnx", "n", 80, 800)
    monkeypatch.syspath_prepend(str(tmp_path))
    judge = SmartTurn()
    assert 0 <= judge.complete(AudioChunk(noise(1), RATE, 0.0), (), "de") <= 1
