"""What somebody sees and hears who has nothing but the file: measured with MediaPipe's own face
mesh and none of the code that drew it."""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.sync import Skew, Track, loudness, measure_skew
from core.types import AudioChunk, Frame
from engines.media.pictures import read_frames
from engines.media.reader import read_audio

TOP, BOTTOM, UPPER, LOWER = 10, 152, 13, 14
"""Forehead, chin, and the inner edges of the lips, in MediaPipe's mesh."""

_QUIET, _NEAR = 0.1, 0.08
"""Below this part of the loudest nothing is said; a mouth is drawn so many seconds around."""


def seen_skew(path: Path) -> Skew:
    """How much later the mouth moves than the voice sounds."""
    voice = voice_heard(path)
    mouth = mouth_seen(read_frames(path))
    return measure_skew(_while_it_sounds(voice, voice), _while_it_sounds(mouth, voice))


def _while_it_sounds(track: Track, voice: Track) -> Track:
    """Without the times at which no voice is near: there the mouth is the speaker's own."""
    loud = voice.times[voice.values > _QUIET * voice.values.max(initial=0.0)]
    if not len(loud):
        return track
    after = np.searchsorted(loud, track.times)
    before = np.abs(track.times - loud[np.maximum(after - 1, 0)])
    behind = np.abs(loud[np.minimum(after, len(loud) - 1)] - track.times)
    near = np.minimum(before, behind) < _NEAR
    return Track(track.times[near], track.values[near])


def mouth_seen(frames: Iterator[Frame]) -> Track:
    """How far the lips are apart, as a share of the face's height; frames without a face are
    left out."""
    times: list[float] = []
    gaps: list[float] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MediaPipe's own, about protobuf
        from mediapipe.python.solutions.face_mesh import FaceMesh

        with FaceMesh(max_num_faces=1) as mesh:
            for frame in frames:
                found = mesh.process(frame.image).multi_face_landmarks
                if found:
                    times.append(frame.pts)
                    gaps.append(_gap(found[0].landmark))
    return Track(np.array(times), np.array(gaps))


def _gap(points: Sequence[object]) -> float:
    upper, lower, top, bottom = (_place(points[n]) for n in (UPPER, LOWER, TOP, BOTTOM))
    height = float(np.linalg.norm(bottom - top))
    return float(np.linalg.norm(lower - upper)) / max(1e-6, height)


def _place(point: object) -> NDArray[np.float64]:
    return np.array([getattr(point, axis) for axis in "xyz"])


def voice_heard(path: Path) -> Track:
    chunks = list(read_audio(path))
    samples = np.concatenate([chunk.samples for chunk in chunks])
    return loudness(AudioChunk(samples, chunks[0].rate, chunks[0].pts))
