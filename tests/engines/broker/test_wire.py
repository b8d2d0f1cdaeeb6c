import contextlib
import struct
from dataclasses import replace
from uuid import uuid4

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import AudioChunk, MouthTrack, Segment, Speech, Transcript, Translation, Word
from engines.broker import wire
from engines.broker.parcel import Failure, Parcel, WireError
from engines.broker.wire import pack, unpack

RATE = 16000


def sound(seconds=0.5, loudness=0.3, rate=RATE):
    values = np.random.default_rng(1).standard_normal(round(seconds * rate)) * loudness
    return np.clip(np.rint(values * 32768), -32768, 32767).astype(np.float32) / 32768


def segment():
    heard = (Word("héllo", 1.0, 1.2, 0.5), Word("wörld", 1.25, 1.5))
    return Segment(7, AudioChunk(sound(), RATE, 1.0), 0.9, True, "clause", heard, 3, 1.75)


def transcript():
    return Transcript(segment(), "Hello world.", "en", (Word("Hello", 1.0, 1.2),), 0.75)


def translation():
    return Translation(transcript(), "Hola mundo.", "es", spoken=False)


def speech():
    times = np.linspace(0, 1, 11, dtype=np.float32)
    mouth = MouthTrack(times, np.random.default_rng(2).random((11, 6), np.float32))
    audio = AudioChunk(sound(1.0, rate=22050), 22050, 0.25)
    return Speech(translation(), audio, mouth, (Word("Hola", 0.0, 0.3),), last=False)


ITEMS = {"segment": segment, "transcript": transcript, "translation": translation, "speech": speech}
every_item = pytest.mark.parametrize("make", ITEMS.values(), ids=ITEMS)


def same(one, other):
    if isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype
    elif hasattr(one, "__dataclass_fields__"):
        assert type(one) is type(other)
        for name in one.__dataclass_fields__:
            same(getattr(one, name), getattr(other, name))
    else:
        assert one == other


@every_item
def test_everything_that_is_sent_arrives_as_it_was(make):
    parcel = Parcel(make(), uuid4().hex, 41, 1, 3, "text_queue.somebody")
    same(parcel, unpack(pack(parcel)))


def test_a_failure_and_an_answer_of_nothing_travel_too():
    for parcel in (Parcel(Failure("It broke."), "s", 1), Parcel(None, "s", 2, 0, 0)):
        assert unpack(pack(parcel)) == parcel


def test_sound_that_stays_behind_arrives_as_silence_of_its_length():
    message = pack(Parcel(transcript()), sound=False)
    arrived = unpack(message).item
    assert len(message) < 400
    assert arrived.segment.audio.duration == segment().audio.duration
    assert not arrived.segment.audio.samples.any()


def test_ten_seconds_of_sound_are_320_kilobytes():
    ten = replace(segment(), audio=AudioChunk(sound(10.0), RATE, 0.0))
    assert 320_000 < len(pack(Parcel(ten))) < 320_400


@pytest.mark.parametrize("loudness", [1e-5, 1e-3, 0.2, 40.0])
def test_whatever_its_loudness_a_sound_keeps_sixteen_bits(loudness):
    samples = (np.random.default_rng(3).random(8000) * 2 - 1).astype(np.float32) * loudness
    there = replace(segment(), audio=AudioChunk(samples, RATE, 0.0))
    back = unpack(pack(Parcel(there))).item.audio.samples
    assert np.abs(back - samples).max() <= np.abs(samples).max() / 32768


def test_sound_that_is_no_number_becomes_one():
    samples = np.array([np.nan, np.inf, -np.inf, 0.5], np.float32)
    there = replace(segment(), audio=AudioChunk(samples, RATE, 0.0))
    assert np.isfinite(unpack(pack(Parcel(there))).item.audio.samples).all()


def test_another_version_is_refused_by_its_number():
    message = bytearray(pack(Parcel(segment())))
    message[4] = 9
    with pytest.raises(WireError, match=r"version 9.*version 1.*same release"):
        unpack(bytes(message))


def test_what_is_not_ours_is_refused():
    for message in (b"", b"TC", b'{"text": "hello"}', pack(Parcel(segment()))[1:]):
        with pytest.raises(WireError, match="not made by"):
            unpack(message)


def test_what_is_too_large_is_refused_at_both_ends(monkeypatch):
    message = pack(Parcel(segment()))
    monkeypatch.setattr(wire, "LARGEST", len(message) - 1)
    with pytest.raises(WireError, match="larger than any"):
        unpack(message)
    with pytest.raises(WireError, match="too large to be sent"):
        pack(Parcel(segment()))


@every_item
def test_a_message_cut_short_anywhere_is_refused(make):
    message = pack(Parcel(make(), "session", 1))
    for length in {0, 3, 11, 12, 13, 60, len(message) // 2, len(message) - 1}:
        with pytest.raises(WireError):
            unpack(message[:length])
    with pytest.raises(WireError, match="follows its end"):
        unpack(message + b"x")


def forged(kind, label, item, arrays):
    fields = msgpack.packb([label, item, arrays])
    return struct.pack("<4sBBHI", b"TCAM", 1, kind, 0, len(fields)) + fields


LABEL = ["s", 1, 0, 1, ""]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (forged(9, LABEL, [], []), "no kind 9"),
        (forged(5, LABEL, [3], []), "str was expected"),
        (forged(5, ["s", "1", 0, 1, ""], ["x"], []), "int was expected"),
        (forged(5, LABEL, ["x"], [["f8", [1]]]), "no array is"),
        (forged(5, LABEL, ["x"], [["f4", [1 << 40, 1 << 40]]]), "cut short"),
        (forged(5, LABEL, ["x"], [["f4", [-1]]]), "no array is"),
        (forged(5, LABEL, ["x"], [["f4", [0]]] * 9), "too many arrays"),
        (forged(5, LABEL, ["x"], [])[:10] + b"\xff\xff", "cut short"),
        (
            forged(1, LABEL, [1, b"0" * 16, [0.0, 16000, 99, 0, 0], 0.0, True, "", [], 0, 0.0], []),
            "no array 0",
        ),
        (
            forged(
                1,
                LABEL,
                [1, b"0" * 16, [0.0, 1, 1 << 60, -1, 0], 0.0, True, "", [], 0, 0.0],
                [],
            ),
            "no sound is like this",
        ),
        (
            forged(
                1,
                LABEL,
                [1, b"0" * 16, [float("nan"), 1, 1, -1, 0], 0.0, True, "", [], 0, 0.0],
                [],
            ),
            "not finite",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(message, why):
    with pytest.raises(WireError, match=why):
        unpack(message)


GOOD = pack(Parcel(speech(), "session", 1))


@given(st.binary(max_size=300))
def test_noise_after_a_good_head_is_refused_and_nothing_worse(noise):
    with pytest.raises(WireError):
        unpack(GOOD[:8] + len(noise).to_bytes(4, "little") + noise)


@given(st.integers(12, 500), st.integers(0, 255))
def test_one_wrong_byte_is_refused_or_read_and_nothing_worse(at, value):
    message = bytearray(GOOD)
    message[at] = value
    with contextlib.suppress(WireError):
        assert isinstance(unpack(bytes(message)), Parcel)
