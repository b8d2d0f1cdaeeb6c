from dataclasses import replace

import numpy as np
import pytest

from core.errors import EngineFailed, EngineUnavailable
from core.types import AudioChunk, Face, Frame, Moment, Segment, Speech, Transcript, Translation
from engines import registry
from engines.lips import wav2lip_files
from engines.lips import wav2lip_mel as mel
from engines.lips.wav2lip import Wav2LipLips

SHAPE = np.zeros(6, np.float32)


class Painter:
    """A network that paints the lower half red and remembers what it heard."""

    def __init__(self, breaks=False):
        self.heard = []
        self.breaks = breaks

    def draw(self, sound, face):
        if self.breaks:
            raise EngineFailed("The painter was told to break.")
        self.heard.append(sound[0, 0])
        drawn = face[:, 3:].copy()
        drawn[:, :2, 48:] = 0.0
        drawn[:, 2, 48:] = 1.0
        return drawn


@pytest.fixture(scope="module")
def speech():
    time = np.arange(2 * 22050) / 22050
    samples = (0.3 * np.sin(2 * np.pi * (200 + 300 * time) * time)).astype(np.float32)
    audio = AudioChunk(samples, 22050, 0.0)
    transcript = Transcript(Segment(0, audio), "", "en")
    return Speech(Translation(transcript, "", "es"), audio)


def saying(speech, into):
    return Moment(SHAPE, 1.0, speech, into)


def test_the_mouth_is_drawn_and_everything_else_is_left_alone(seen_speaker, speech):
    frame, face = seen_speaker[0]

    result = Wav2LipLips(network=Painter()).render(frame, face, saying(speech, 0.5))

    changed = (result.image != frame.image).any(2)
    mouth = np.rint(face.landmarks[13, :2]).astype(int)
    assert changed[mouth[1], mouth[0]]
    assert not changed[: int(face.landmarks[[33, 263], 1].max())].any()
    assert (result.pts, result.number) == (frame.pts, frame.number)


@pytest.mark.parametrize("strength", [0.0, -1.0, float("nan")])
def test_without_strength_the_frame_itself_comes_back(seen_speaker, speech, strength):
    frame, face = seen_speaker[0]
    painter = Painter()
    lips = Wav2LipLips(network=painter)
    assert lips.render(frame, face, saying(speech, 0.5), strength) is frame
    assert not painter.heard


def test_the_network_hears_the_voice_at_the_moment(seen_speaker, speech):
    frame, face = seen_speaker[0]
    painter = Painter()
    Wav2LipLips(network=painter).render(frame, face, saying(speech, 1.2))

    time = np.arange(2 * mel.RATE) / mel.RATE
    tone = (0.3 * np.sin(2 * np.pi * (200 + 300 * time) * time)).astype(np.float32)
    loud = (expected := mel.window(tone, 1.2)) > 0
    assert np.abs(painter.heard[0] - expected)[loud].max() < 0.1


def test_without_a_voice_the_network_hears_silence(seen_speaker):
    frame, face = seen_speaker[0]
    painter = Painter()
    Wav2LipLips(network=painter).render(frame, face, Moment(SHAPE, 1.0))
    assert np.array_equal(painter.heard[0], mel.silence())


@pytest.mark.parametrize(("fps", "drawn"), [(15, 15), (25, 25), (30, 25), (60, 25)])
def test_at_most_25_faces_a_second_are_drawn(seen_speaker, speech, fps, drawn):
    frame, face = seen_speaker[0]
    painter = Painter()
    lips = Wav2LipLips(network=painter)
    for number in range(fps):
        lips.render(replace(frame, pts=7.0 + number / fps), face, saying(speech, number / fps))
    assert len(painter.heard) == drawn


def test_a_face_that_is_drawn_once_for_two_frames_moves_with_the_head(seen_speaker, speech):
    frame, face = seen_speaker[0]
    lips = Wav2LipLips(network=Painter())
    moved = replace(frame, image=np.roll(frame.image, 9, axis=1), pts=frame.pts + 0.01)
    there = replace(face, landmarks=face.landmarks + np.array([9, 0, 0], np.float32))

    first = lips.render(frame, face, saying(speech, 0.5)).image
    second = lips.render(moved, there, saying(speech, 0.51)).image

    assert np.abs(np.roll(first, 9, axis=1).astype(int) - second).max() <= 3


def spoiled(face: Face, landmarks: np.ndarray) -> Face:
    return replace(face, landmarks=landmarks.astype(np.float32))


def test_where_the_face_cannot_be_used_the_frame_itself_comes_back(seen_speaker, speech):
    frame, face = seen_speaker[0]
    lips = Wav2LipLips(network=Painter())
    hole = face.landmarks.copy()
    hole[7] = np.nan
    for bad in (hole, face.landmarks[:5], face.landmarks * 1e6, face.landmarks / 20):
        assert lips.render(frame, spoiled(face, bad), saying(speech, 0.5)) is frame


@pytest.mark.parametrize(
    "image", [np.zeros((480, 640), np.uint8), np.zeros((480, 640, 4), np.uint8)]
)
def test_a_picture_that_is_no_rgb_comes_back_as_it_is(seen_speaker, speech, image):
    _, face = seen_speaker[0]
    frame = Frame(image, 0.0, 0)
    assert Wav2LipLips(network=Painter()).render(frame, face, saying(speech, 0.5)) is frame


def test_pictures_of_any_size_go_on(seen_speaker, speech):
    _, face = seen_speaker[0]
    lips = Wav2LipLips(network=Painter())
    for height, width in ((16, 16), (481, 333), (1, 1), (2160, 3840)):
        frame = Frame(np.zeros((height, width, 3), np.uint8), 0.0, 0)
        assert lips.render(frame, face, saying(speech, 0.5)).image.shape == (height, width, 3)


def test_a_network_that_breaks_is_told_and_not_hidden(seen_speaker, speech):
    frame, face = seen_speaker[0]
    with pytest.raises(EngineFailed):
        Wav2LipLips(network=Painter(breaks=True)).render(frame, face, saying(speech, 0.5))


@pytest.fixture
def models(monkeypatch, tmp_path):
    """The folder for what the user supplies, empty."""
    monkeypatch.setattr(wav2lip_files, "models_folder", lambda: tmp_path)
    return tmp_path


@pytest.mark.usefixtures("models")
def test_without_a_checkpoint_it_refuses_and_names_the_licence():
    with pytest.raises(EngineUnavailable, match=r"checkpoint.*non-commercial"):
        Wav2LipLips()


@pytest.mark.usefixtures("models")
def test_auto_takes_the_speakers_own_mouth_where_nobody_supplied_a_checkpoint():
    choice = registry.auto("lips")
    assert choice.name == "own_mouth"
    assert "checkpoint" in choice.reason


def test_a_checkpoint_in_the_models_folder_is_tried(models):
    (models / "wav2lip.onnx").write_bytes(b"no network" * 100)
    with pytest.raises(EngineUnavailable, match=r"wav2lip\.onnx cannot be loaded"):
        Wav2LipLips(precision="reference")


def test_what_the_user_is_told_names_the_licence():
    assert "non-commercial" in Wav2LipLips.notice


@pytest.mark.parametrize("name", ["none.pth", "none.onnx", "."])
def test_a_checkpoint_that_cannot_be_read_is_named(tmp_path, name):
    with pytest.raises(EngineUnavailable, match="cannot be read"):
        Wav2LipLips(checkpoint=tmp_path / name, cache=tmp_path)


@pytest.mark.parametrize("precision", ["fp32", "reference"])
def test_an_onnx_file_that_is_damaged_is_refused(tmp_path, precision):
    (tmp_path / "bad.onnx").write_bytes(b"no network" * 100)
    with pytest.raises(EngineUnavailable, match=r"bad\.onnx"):
        Wav2LipLips(checkpoint=tmp_path / "bad.onnx", precision=precision, cache=tmp_path)
