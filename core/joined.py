"""A voice that came in several pieces, as one: for those who do not have to begin before it is
complete."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.types import NO_MOUTH, MouthTrack, Speech


def joined(pieces: Sequence[Speech]) -> list[Speech]:
    """The pieces of one segment, in order, as one; as they are if their rates differ."""
    sounding = [piece for piece in pieces if len(piece.audio.samples)] or list(pieces[:1])
    if len({piece.audio.rate for piece in sounding}) > 1:
        return list(pieces)
    starts = np.cumsum([0.0, *(piece.audio.duration for piece in sounding)]).tolist()
    words = (
        replace(word, start=start + word.start, end=start + word.end)
        for start, piece in zip(starts, sounding, strict=False)
        for word in piece.words
    )
    samples = np.concatenate([piece.audio.samples for piece in sounding])
    first = sounding[0]
    return [
        replace(
            first,
            audio=replace(first.audio, samples=samples),
            mouth=_mouth([piece.mouth for piece in sounding], starts),
            words=tuple(words),
            last=pieces[-1].last,
        )
    ]


def _mouth(mouths: Sequence[MouthTrack], starts: Sequence[float]) -> MouthTrack:
    told = [(start, one) for start, one in zip(starts, mouths, strict=False) if len(one.times)]
    if not told:
        return NO_MOUTH
    times = np.concatenate([one.times + np.float32(start) for start, one in told])
    shapes = np.concatenate([one.shapes for _, one in told])
    ascending = np.concatenate(([True], np.diff(times) > 0))
    return MouthTrack(times[ascending].astype(np.float32), shapes[ascending])
