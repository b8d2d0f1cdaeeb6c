"""Piper on a hand-made voice whose every sound is a tone of its own."""

import json
import shutil

import numpy as np
import pytest

NEEDED = "it is in the extra neural (packaging/setup dev neural)"
pytest.importorskip("piper", reason=f"needs piper-tts; {NEEDED}")
pytest.importorskip("onnx", reason=f"needs onnx; {NEEDED}")

from core.errors import EngineUnavailable  # noqa: E402
from core.types import AudioChunk, Segment, Transcript, Translation  # noqa: E402
from engines.tts.piper import PiperVoice  # noqa: E402
from engines.tts.piper_stand_in import RATE, pitch, tones  # noqa: E402
from engines.tts.utterance import trimmed  # noqa: E402


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tones(tmp_path_factory.mktemp("voice"))


@pytest.fixture(scope="module")
def voice(folder):
    voice = PiperVoice("es", model=folder)
    yield voice
    voice.close()


def translation(text, spoken=True):
    segment = Segment(0, AudioChunk(np.zeros(16000, np.float32), 16000, 0.0))
    return Translation(Transcript(segment, "", "en"), text, "es", spoken)


def heard(samples):
    """The tone of a stretch of sound, in Hz; 0 when it is silent."""
    if np.abs(samples).max() < 0.01:
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 15))
    return float(np.argmax(spectrum)) * RATE / (1 << 15)


def test_every_sound_is_where_its_time_says(voice):
    utterance = voice.say("Buenos días, papá.")
    judged = 0
    for phone in utterance.phones:
        if phone.name == "h":  # the burst of a stop
            continue
        first, last = (round(time * RATE) for time in (phone.start, phone.end))
        tone = heard(utterance.samples[first + 64 : last - 64])
        assert tone == pytest.approx(pitch(phone.name[:1] or " "), abs=15)
        judged += 1
    assert judged > 12
    assert utterance.phones[-1].end == pytest.approx(len(utterance.samples) / RATE, abs=1e-6)


def test_the_lips_close_where_the_voice_says_p(voice):
    (speech,) = voice.speak(translation("papá"))
    closed = speech.mouth.shapes[:, 4] > 0.9
    closures = np.count_nonzero(np.diff(closed.astype(int)) == 1)
    assert closures == 2
    assert speech.mouth.duration == pytest.approx(speech.audio.duration, abs=0.01)


def test_words_have_the_times_of_their_sounds(voice):
    utterance = voice.say("Buenos días, papá.")
    assert [word.text for word in utterance.words] == ["Buenos", "días,", "papá."]
    silent = [(p.start, p.end) for p in utterance.phones if not p.name]
    for word in utterance.words:
        assert not any(start >= word.start and end <= word.end for start, end in silent)


def test_the_first_sound_leaves_before_the_sentence_is_said(voice, monkeypatch):
    said = []
    plan = voice.plan
    monkeypatch.setattr(voice, "plan", lambda text: said.append(text) or plan(text))
    text = "Cuando llegue la primavera, iremos todos juntos al campo para ver las flores."
    pieces = iter(voice.speak(translation(text)))
    first = next(pieces)
    assert said == ["Cuando llegue la primavera,"]
    assert not first.last
    rest = list(pieces)
    assert rest[-1].last
    assert " ".join(said) == text
    assert [word.text for piece in (first, *rest) for word in piece.words] == text.split()


def test_the_pieces_of_a_clause_are_its_sound(voice):
    text = "Cuando llegue la primavera iremos"
    one, *others = voice.speak(translation(text))
    assert 0.4 < one.audio.duration < 1.1
    together = np.concatenate([piece.audio.samples for piece in (one, *others)])
    np.testing.assert_array_equal(together, trimmed(voice.say(text)).samples)


def test_a_faster_voice_takes_less_time(folder):
    def seconds(rate):
        return len(PiperVoice("es", model=folder, rate=rate).say("Buenos días.").samples) / RATE

    assert seconds(0.5) == pytest.approx(2 * seconds(1.0), rel=0.1)
    assert seconds(2.0) < 0.7 * seconds(1.0)


@pytest.mark.parametrize("text", ["", "...", "\x00 \ud800"])
def test_nothing_to_say_is_silence(voice, text):
    (speech,) = voice.speak(translation(text))
    assert speech.last
    assert len(speech.audio.samples) == 0


def test_what_is_not_to_be_spoken_is_silence(voice):
    (speech,) = voice.speak(translation("hola", spoken=False))
    assert len(speech.audio.samples) == 0


def test_a_thousand_words_are_all_said(voice):
    text = " ".join(["hola"] * 1000)
    words = [word.text for piece in voice.speak(translation(text)) for word in piece.words]
    assert len(words) == 1000


def test_the_voice_says_which_one_it_is(voice, folder):
    assert voice.note == folder.name


def damaged(folder, tmp_path, change):
    shutil.copytree(folder, tmp_path / "voice")
    change(next((tmp_path / "voice").glob("*.onnx")))
    return tmp_path / "voice"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda path: path.unlink(), "holds none"),
        (lambda path: path.write_bytes(b""), "cannot be loaded|no Piper voice"),
        (lambda path: path.write_bytes(path.read_bytes()[:500]), "cannot be loaded"),
        (lambda path: path.with_name(f"{path.name}.json").unlink(), "lacks .*json beside it"),
        (lambda path: path.with_name(f"{path.name}.json").write_text("{"), "does not describe"),
        (lambda path: path.with_name(f"{path.name}.json").write_text("{}"), "does not describe"),
    ],
)
def test_a_damaged_voice_is_refused_with_a_sentence(folder, tmp_path, change, message):
    with pytest.raises(EngineUnavailable, match=message):
        PiperVoice("es", model=damaged(folder, tmp_path, change))


def test_another_network_is_no_voice(folder, tmp_path):
    import onnx
    from onnx import TensorProto, helper

    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy"]
    graph = helper.make_graph([helper.make_node("Neg", ["x"], ["y"])], "g", values[:1], values[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
    model.ir_version = 8
    where = damaged(folder, tmp_path, lambda path: onnx.save(model, str(path)))
    with pytest.raises(EngineUnavailable, match="no Piper voice"):
        PiperVoice("es", model=where)


def test_a_speaker_that_the_voice_lacks_is_refused_with_those_it_has(folder, tmp_path):
    def two(path):
        described = path.with_name(f"{path.name}.json")
        given = json.loads(described.read_text("utf-8"))
        given |= {"num_speakers": 2, "speaker_id_map": {"ana": 0, "eva": 1}}
        described.write_text(json.dumps(given))

    with pytest.raises(EngineUnavailable, match="ana, eva"):
        PiperVoice("es", model=damaged(folder, tmp_path, two), speaker="max")
