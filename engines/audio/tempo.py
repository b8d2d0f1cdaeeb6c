"""A voice said faster or slower at the same pitch, by FFmpeg's `atempo` filter."""

from collections.abc import Iterator
from dataclasses import replace

import av
import numpy as np

from core.types import AudioChunk, Samples, Speech

SLOWEST, FASTEST = 0.5, 2.0

_PADDING_S = 0.2
"""Silence fed after the end: the filter keeps its last window to itself."""


def stretch(audio: AudioChunk, tempo: float) -> AudioChunk:
    """The same sound in 1/tempo of the time, to the sample; `pts` stays.

    ValueError outside 0.5 to 2. Speech is natural up to about 1.25.
    """
    if not SLOWEST <= tempo <= FASTEST:
        raise ValueError(f"tempo must be {SLOWEST} to {FASTEST}, not {tempo}")
    if tempo == 1.0 or not len(audio.samples):
        return audio
    wanted = round(len(audio.samples) / tempo)
    got = np.concatenate(list(_filtered(audio.samples, audio.rate, tempo)))[:wanted]
    samples = np.zeros(wanted, np.float32)
    samples[: len(got)] = got
    return replace(audio, samples=samples)


def faster(speech: Speech, tempo: float) -> Speech:
    """The whole of it: the sound, the times of its words, the movement of the mouth."""
    if tempo == 1.0:
        return speech
    words = (replace(w, start=w.start / tempo, end=w.end / tempo) for w in speech.words)
    audio, mouth = stretch(speech.audio, tempo), speech.mouth.faster(tempo)
    return replace(speech, audio=audio, mouth=mouth, words=tuple(words))


def _filtered(samples: Samples, rate: int, tempo: float) -> Iterator[Samples]:
    graph = av.filter.Graph()
    graph.link_nodes(
        graph.add_abuffer(format="flt", sample_rate=rate, layout="mono"),
        graph.add("atempo", str(tempo)),
        graph.add("abuffersink"),
    ).configure()
    padded = np.concatenate((samples, np.zeros(round(_PADDING_S * rate), np.float32)))
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(padded[None]), "flt", "mono")
    frame.sample_rate = rate
    graph.push(frame)
    graph.push(None)
    while True:
        try:
            pulled = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        assert isinstance(pulled, av.AudioFrame)
        yield pulled.to_ndarray()[0]
