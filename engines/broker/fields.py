"""The items of the pipeline as plain fields and arrays, and back. docs/wire.md is the reference.

Reading believes nothing: whatever is not as it should be raises ValueError or TypeError.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from core.types import (
    MOUTH_PARAMETERS,
    AudioChunk,
    MouthTrack,
    Samples,
    Segment,
    Speech,
    Transcript,
    Translation,
    Word,
)
from engines.broker.parcel import Failure, Item

Fields = list[Any]
Array = NDArray[Any]

_FULL = 32768
_LONGEST_S = 3600
_CODES: dict[str, np.dtype[Any]] = {"i2": np.dtype("<i2"), "f4": np.dtype("<f4")}


def write(item: Item, arrays: list[Array], *, sound: bool) -> tuple[int, Fields]:
    """The item's kind and fields; its arrays are appended to `arrays`. Without `sound` the
    segment's samples stay behind: they arrive as silence of the same length."""
    match item:
        case Segment():
            return 1, _segment(item, arrays, sound)
        case Transcript():
            return 2, _transcript(item, arrays, sound)
        case Translation():
            return 3, _translation(item, arrays, sound)
        case Speech():
            return 4, _speech(item, arrays, sound)
        case Failure():
            return 5, [item.reason]
    return 6, []


def read(kind: int, fields: Any, arrays: Sequence[Array]) -> Item:
    readers: dict[int, Callable[[Any, Sequence[Array]], Item]] = {
        1: _read_segment,
        2: _read_transcript,
        3: _read_translation,
        4: _read_speech,
        5: lambda fields, _: Failure(*checked(fields, str)),
        6: lambda fields, _: None,
    }
    if kind not in readers:
        raise ValueError(f"there is no kind {kind}")
    return readers[kind](fields, arrays)


def described(array: Array) -> Fields:
    code = "i2" if array.dtype.kind == "i" else "f4"
    return [code, list(array.shape)]


def typed(description: Any) -> tuple["np.dtype[Any]", tuple[int, ...]]:
    """The type and shape of an array that is to follow."""
    code, shape = checked(description, str, list)
    sizes = tuple(checked(shape, *[int] * len(shape)))
    if code not in _CODES or len(sizes) > 2 or any(size < 0 for size in sizes):
        raise ValueError(f"no array is {description!r:.60}")
    return _CODES[code], sizes


def checked(fields: Any, *kinds: type) -> Fields:
    """The fields, if they are of these types; whole numbers pass for others, others must be
    finite."""
    if not isinstance(fields, list) or len(fields) != len(kinds):
        raise ValueError(f"{len(kinds)} fields were expected")
    for value, kind in zip(fields, kinds, strict=True):
        if kind is float and type(value) is int:
            continue
        if type(value) is not kind:
            raise TypeError(f"a {kind.__name__} was expected, not {value!r:.40}")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("a number is not finite")
    return fields


def _audio(audio: AudioChunk, arrays: list[Array], sound: bool = True) -> Fields:
    count = len(audio.samples)
    exponent = _exponent(audio.samples) if sound else 0
    index = _add(arrays, _as_integers(audio.samples, exponent)) if sound else -1
    return [float(audio.pts), int(audio.rate), count, index, exponent]


def _read_audio(fields: Any, arrays: Sequence[Array]) -> AudioChunk:
    pts, rate, count, index, exponent = checked(fields, float, int, int, int, int)
    if not (0 < rate <= 768_000 and 0 <= count <= rate * _LONGEST_S and -60 <= exponent <= 60):
        raise ValueError("no sound is like this")
    if index < 0:
        # One zero that is looked at `count` times: no memory, however long it is.
        return AudioChunk(np.broadcast_to(np.float32(0), count), rate, float(pts))
    samples = _pick(arrays, index, "i", (count,)).astype(np.float32)
    samples *= 2.0**exponent / _FULL
    return AudioChunk(samples, rate, float(pts))


def _exponent(samples: Samples) -> int:
    """Of the power of two that 16 bits are spread over: what came from a 16-bit microphone or
    voice stays exactly as it was, and what is quiet keeps its detail."""
    clean = np.nan_to_num(samples)
    above, below = float(np.max(clean, initial=0.0)), float(np.min(clean, initial=0.0))
    peak = max(above * _FULL / (_FULL - 0.5), -below)
    return max(-24, min(60, math.ceil(math.log2(peak)))) if peak else 0


def _as_integers(samples: Samples, exponent: int) -> Array:
    scaled = np.nan_to_num(samples) * np.float32(_FULL / 2.0**exponent)
    integers: Array = np.clip(np.rint(scaled), -_FULL, _FULL - 1).astype("<i2")
    return integers


def _words(words: Sequence[Word]) -> Fields:
    return [[w.text, float(w.start), float(w.end), float(w.confidence)] for w in words]


def _read_words(fields: Any) -> tuple[Word, ...]:
    if not isinstance(fields, list):
        raise TypeError("words are a list")
    return tuple(Word(*checked(word, str, float, float, float)) for word in fields)


def _segment(one: Segment, arrays: list[Array], sound: bool) -> Fields:
    return [
        one.number, one.id.bytes, _audio(one.audio, arrays, sound), float(one.complete), one.final,
        one.cut, _words(one.heard), one.turn, float(one.decided),
    ]  # fmt: skip


def _read_segment(fields: Any, arrays: Sequence[Array]) -> Segment:
    number, name, audio, complete, final, cut, heard, turn, decided = checked(
        fields, int, bytes, list, float, bool, str, list, int, float
    )
    sound, words = _read_audio(audio, arrays), _read_words(heard)
    return Segment(number, sound, complete, final, cut, words, turn, decided, UUID(bytes=name))


def _transcript(one: Transcript, arrays: list[Array], sound: bool) -> Fields:
    segment = _segment(one.segment, arrays, sound)
    words = _words(one.words)
    return [segment, one.text, one.language, words, float(one.confidence), one.final]


def _read_transcript(fields: Any, arrays: Sequence[Array]) -> Transcript:
    segment, text, language, words, confidence, final = checked(
        fields, list, str, str, list, float, bool
    )
    of = _read_segment(segment, arrays)
    return Transcript(of, text, language, _read_words(words), confidence, final)


def _translation(one: Translation, arrays: list[Array], sound: bool) -> Fields:
    return [_transcript(one.transcript, arrays, sound), one.text, one.language, one.spoken]


def _read_translation(fields: Any, arrays: Sequence[Array]) -> Translation:
    transcript, text, language, spoken = checked(fields, list, str, str, bool)
    return Translation(_read_transcript(transcript, arrays), text, language, spoken)


def _speech(one: Speech, arrays: list[Array], sound: bool) -> Fields:
    return [
        _translation(one.translation, arrays, sound),
        _audio(one.audio, arrays),
        _add(arrays, np.asarray(one.mouth.times, "<f4")),
        _add(arrays, np.asarray(one.mouth.shapes, "<f4")),
        _words(one.words),
        one.last,
    ]


def _read_speech(fields: Any, arrays: Sequence[Array]) -> Speech:
    translation, audio, times, shapes, words, last = checked(
        fields, list, list, int, int, list, bool
    )
    moments = _pick(arrays, times, "f").astype(np.float32)
    mouths = _pick(arrays, shapes, "f", (len(moments), len(MOUTH_PARAMETERS))).astype(np.float32)
    if not (np.isfinite(moments).all() and np.isfinite(mouths).all()):
        raise ValueError("a mouth is not finite")
    track = MouthTrack(moments.reshape(-1), mouths)
    of = _read_translation(translation, arrays)
    return Speech(of, _read_audio(audio, arrays), track, _read_words(words), last)


def _add(arrays: list[Array], array: Array) -> int:
    arrays.append(np.ascontiguousarray(array))
    return len(arrays) - 1


def _pick(
    arrays: Sequence[Array], index: int, kind: str, shape: tuple[int, ...] | None = None
) -> Array:
    if not 0 <= index < len(arrays):
        raise ValueError(f"there is no array {index}")
    array = arrays[index]
    if array.dtype.kind != kind or (shape is not None and array.shape != shape):
        raise ValueError(f"array {index} is of another type or size")
    return array
