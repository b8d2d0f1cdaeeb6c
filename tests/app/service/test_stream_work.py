"""A live stream's work, without its process."""

import numpy as np
import pytest

from app.service import stream_work
from app.service.stream_work import StreamWork
from core.config import Config, Engines, Enhance
from core.enhancing import LipsSeen
from core.types import MOUTH_PARAMETERS, Face
from engines.enhance.fake import FakeEnhancer
from engines.link import picture
from engines.link.sound import SPOKEN, SoundEncoder
from engines.link.wire import CHUNK_S, Chunk, Kind, pack, unpack

FAKES = Engines(vad="energy", turn="fake", stt="fake", mt="fake", tts="fake")
SIZE = round(SPOKEN * CHUNK_S)


class Path:
    """Sees an open mouth in every picture, and changes nothing."""

    def __init__(self, config, talk):
        self.talk, self.lips_seen, self.choices = talk, LipsSeen(), ()

    def show(self, frame, moment):
        mouth = np.full(len(MOUTH_PARAMETERS), 0.5, np.float32)
        points, pose = np.zeros((468, 3), np.float32), np.zeros(6)
        self.lips_seen.put(Face(points, pose, mouth, 1.0, frame.pts), frame.pts)
        return frame

    def close(self):
        pass


@pytest.fixture(autouse=True)
def path(monkeypatch):
    monkeypatch.setattr(stream_work, "PicturePath", Path)


def test_a_picture_goes_back_in_one_chunk_at_any_quality():
    noise = np.random.default_rng(1).integers(0, 255, (1080, 1920, 3), np.uint8)
    work = StreamWork(Config(engines=FAKES), video=True, jpeg=100)
    try:
        sent = Chunk(Kind.PICTURE, 0, 0.0, picture.encode(noise, 100))
        (drawn,) = [one for one in work.exchange([sent]).chunks if one.kind is Kind.DRAWN]
    finally:
        work.close()
    assert unpack(pack(drawn)) == drawn


def exchanged(jpeg: int = 85) -> list[Chunk]:
    """What comes back for a second of silence and twelve pictures, to the end."""
    image = np.random.default_rng(0).integers(0, 255, (120, 160, 3), np.uint8)
    config = Config(engines=FAKES, enhance=Enhance(engine="fake"))
    work, encoder, got = StreamWork(config, video=True, jpeg=jpeg), SoundEncoder(SPOKEN), []
    try:
        for number in range(25):
            silence = encoder.encode(np.zeros(SIZE, np.float32))
            chunks = [Chunk(Kind.SOUND, number, number * CHUNK_S, silence)]
            if number % 2:
                packed = picture.encode(image)
                chunks.append(Chunk(Kind.PICTURE, number // 2, number * CHUNK_S, packed))
            got += work.exchange(chunks).chunks
        while not work.exchange([], end=True).over:
            pass
    finally:
        work.close()
    return got


def test_the_enhancer_of_a_stream_sees_the_lips_of_its_client(monkeypatch):
    told = []

    def kept(self, audio, lips=()):
        told.extend(lips)
        return audio

    monkeypatch.setattr(FakeEnhancer, "enhance", kept)
    exchanged()
    moments = [sight.pts for sight in told]
    assert moments
    assert moments == sorted(moments)
    assert {sight.opening for sight in told} == {0.5}


def test_pictures_come_back_as_small_as_the_client_asks():
    def size(jpeg: int) -> float:
        return np.mean([len(one.content) for one in exchanged(jpeg) if one.kind is Kind.DRAWN])

    assert size(20) < 0.5 * size(90)
