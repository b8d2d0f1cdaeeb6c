"""From the sound of a voice to the movement of its mouth, where no synthesiser tells the sounds.

A small network that this project trained on synthesised speech (`engines.mouth.train`). It is
made for clean, synthesised voices; real recordings it follows less well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from core.errors import EngineUnavailable
from core.types import MOUTH_PARAMETERS, NO_MOUTH, AudioChunk, MouthTrack, Speech
from engines.mouth.features import CONTEXT, MELS, RATE, Features, in_context, log_mels

WEIGHTS = "mouth.npz"

_JAW, _PRESS = MOUTH_PARAMETERS.index("jaw"), MOUTH_PARAMETERS.index("press")
_CLOSING, _CLOSED = 0.2, 0.45
"""The `press` at which the lips begin to close, and are closed: the network is never quite sure."""

_SILENT = -3.0  # the loudest band of a frame, in powers of ten below the voice
_RELEASE = 5  # frames over which the mouth comes to rest

Weights = NDArray[np.float32]


@dataclass(frozen=True)
class MouthNetwork:
    """Two hidden layers of rectified sums. Any thread may use it."""

    mean: Weights  # (inputs,)
    scale: Weights
    layers: tuple[tuple[Weights, Weights], ...]  # (in, out), (out,)

    def shapes(self, features: Features) -> Features:
        """(n, inputs) as of `in_context` to (n, 6), unbounded."""
        values = (features - self.mean) / self.scale
        for matrix, offset in self.layers[:-1]:
            values = np.maximum(values @ matrix + offset, 0.0)
        matrix, offset = self.layers[-1]
        return np.asarray(values @ matrix + offset, np.float32)

    def track(self, audio: AudioChunk) -> MouthTrack:
        """The mouth of the voice in `audio`, at rest where it is silent."""
        if not len(audio.samples):
            return NO_MOUTH
        mels = log_mels(np.nan_to_num(audio.samples), audio.rate)
        shapes = np.clip(_smooth(self.shapes(in_context(mels))), 0.0, 1.0)
        closed = np.clip((shapes[:, _PRESS] - _CLOSING) / (_CLOSED - _CLOSING), 0.0, 1.0)
        shapes[:, _JAW] *= 1 - closed
        shapes[:, _PRESS] = np.maximum(shapes[:, _PRESS], 0.95 * closed)
        shapes *= _presence(mels)[:, None]
        times = np.minimum(np.arange(len(mels)) / RATE, audio.duration)
        return MouthTrack(times.astype(np.float32), shapes.astype(np.float32))

    def arrays(self) -> dict[str, Weights]:
        """As they are written to a file."""
        arrays = {"mean": self.mean, "scale": self.scale}
        for number, (matrix, offset) in enumerate(self.layers):
            arrays |= {f"matrix{number}": matrix, f"offset{number}": offset}
        return arrays


def load(path: Path) -> MouthNetwork:
    """EngineUnavailable when the file is not what it should be; nothing in it is executed."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            network = _from_arrays({name: data[name].astype(np.float32) for name in data.files})
    except (OSError, KeyError, ValueError, EOFError, BadZipFile) as exc:
        raise EngineUnavailable(
            f"The mouth network cannot be read from {path.name}: {exc} Reinstall the program."
        ) from exc
    return network


@cache
def mouth_network() -> MouthNetwork:
    """The one that comes with the program."""
    with as_file(files("resources") / WEIGHTS) as path:
        return load(path)


def with_mouth(speech: Speech) -> Speech:
    """The same voice with a mouth, heard from its sound if it has none."""
    if len(speech.mouth.times) or not len(speech.audio.samples):
        return speech
    return replace(speech, mouth=mouth_network().track(speech.audio))


def _from_arrays(arrays: Mapping[str, Weights]) -> MouthNetwork:
    numbers = range(sum(name.startswith("matrix") for name in arrays))
    layers = tuple((arrays[f"matrix{n}"], arrays[f"offset{n}"]) for n in numbers)
    sizes = [len(CONTEXT) * MELS]
    for matrix, offset in layers:
        if matrix.shape != (sizes[-1], *offset.shape):
            raise ValueError("its layers do not fit.")
        sizes.append(len(offset))
    if sizes[-1] != len(MOUTH_PARAMETERS) or len(layers) < 2:
        raise ValueError("it does not have six outputs.")
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ValueError("it holds values that are no numbers.")
    if not arrays["mean"].shape == arrays["scale"].shape == (sizes[0],):
        raise ValueError("its inputs do not fit.")
    return MouthNetwork(arrays["mean"], arrays["scale"], layers)


def _smooth(shapes: Features) -> Features:
    """A bell of 20 ms to either side: what is faster than a mouth is the network's doubt."""
    padded = np.pad(shapes, ((2, 2), (0, 0)), mode="edge")
    bell = np.array([1, 3, 4, 3, 1], np.float32) / 12
    return np.asarray(
        sum(share * padded[i : i + len(shapes)] for i, share in enumerate(bell)), np.float32
    )


def _presence(mels: Features) -> Features:
    """1 where there is a voice, falling softly to 0 in its pauses and at its ends."""
    heard = (mels.max(axis=1) > _SILENT).astype(np.float32)
    width = 2 * _RELEASE + 1
    spread = (_summed(heard, width) > 0).astype(np.float32)
    return _summed(spread, width) / np.float32(width)


def _summed(values: Features, width: int) -> Features:
    """The sum of the `width` values around each; zeros beyond the ends."""
    padded = np.pad(values, width // 2)
    return np.asarray(np.convolve(padded, np.ones(width, np.float32), "valid"), np.float32)
