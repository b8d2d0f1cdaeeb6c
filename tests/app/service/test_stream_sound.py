"""The sound of a stream, in and out."""

from itertools import pairwise

import numpy as np
import pytest

from app.service.stream_clock import StreamClock
from app.service.stream_sound import VOICE, Incoming, Outgoing
from core.timeline import Placed
from core.types import (
    AudioChunk,
    MouthTrack,
    Segment,
    Speech,
    Transcript,
    Translation,
)
from engines.link.sound import SPOKEN, SoundDecoder, SoundEncoder
from engines.link.wire import Chunk, Kind, LinkError


def sound(number: int, encoder: SoundEncoder) -> Chunk:
    return Chunk(Kind.SOUND, number, 0.0, encoder.encode(np.full(640, 0.1, np.float32)))


def placed(seconds: float, start: float) -> Placed:
    segment = Segment(0, AudioChunk(np.zeros(0, np.float32), SPOKEN, 0.0))
    translation = Translation(Transcript(segment, "", "en"), "hola", "es")
    times = np.array([0.0, seconds], np.float32)
    shapes = np.array([[0.0] * 6, [1.0] * 6], np.float32)
    audio = AudioChunk(np.full(round(22050 * seconds), 0.3, np.float32), 22050, 0.0)
    return Placed(Speech(translation, audio, MouthTrack(times, shapes)), start, 0.0)


def test_what_comes_follows_without_a_gap_and_a_chunk_that_is_missing_is_silence():
    incoming, encoder = Incoming(), SoundEncoder(SPOKEN)
    cuts = [cut for number in (0, 1, 4) for cut in incoming.take(sound(number, encoder))]
    assert incoming.end == pytest.approx(0.2)
    assert incoming.missing == 2
    assert sum(cut.duration for cut in cuts) == pytest.approx(0.2, abs=0.02)
    for before, after in pairwise(cuts):
        assert after.pts == pytest.approx(before.end)


@pytest.mark.parametrize("number", [0, 1000])
def test_a_chunk_out_of_order_is_refused(number):
    incoming, encoder = Incoming(), SoundEncoder(SPOKEN)
    list(incoming.take(sound(0, encoder)))
    with pytest.raises(LinkError, match="was to come"):
        list(incoming.take(sound(number, encoder)))


def test_a_voice_goes_out_in_chunks_as_its_time_comes_with_its_mouth():
    outgoing = Outgoing()
    outgoing.add(placed(1.0, 5.0))
    assert list(outgoing.take(4.99)) == []
    first = list(outgoing.take(5.1))
    assert [chunk.kind for chunk in first] == [Kind.SPEECH, Kind.MOUTH] * 3
    rest = list(outgoing.take(99.0))
    chunks = first + rest
    assert [chunk.pts for chunk in chunks[::2]] == pytest.approx(5 + 0.04 * np.arange(25))
    jaws = [chunk.content[0] for chunk in chunks[1::2]]
    assert jaws == sorted(jaws)
    assert jaws[0] < 10 < 240 < jaws[-1]
    decoder = SoundDecoder(VOICE)
    heard = np.concatenate([decoder.decode(chunk.content) for chunk in chunks[::2]])
    assert len(heard) == pytest.approx(VOICE, rel=0.01)


def test_the_clock_is_the_sound_that_has_come():
    clock = StreamClock()
    clock.move(1.5)
    assert clock.now() == 1.5
