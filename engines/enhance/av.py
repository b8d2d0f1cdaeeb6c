"""Hears the one whose lips are seen: a small network of ours, trained on synthesised voices
(`python -m engines.enhance.train`). 22 ms of sound are held back, and up to one hop of 10 ms.

Where no face is seen it goes by the sound alone; where next to nothing disturbs the voice, the
sound stays as it is.
"""

from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import EngineFailed, EngineUnavailable
from core.types import AudioChunk, LipSight, Samples
from engines.enhance.care import Movement
from engines.enhance.features import (
    BEFORE,
    BELOW_VOICE,
    GONE,
    HOP,
    RATE,
    Analysis,
    Rows,
    Synthesis,
    lip_rows,
)
from engines.enhance.hops import Hops
from engines.enhance.offset import Offset
from engines.enhance.sparing import Sparing
from engines.onnx import LOAD_ERRORS, open_network

WEIGHTS = "enhance.onnx"
_INPUTS = ("magnitude", "lips", "first", "second")


class AvEnhancer:
    """`model` is another network than the one that comes with the program."""

    sees = True

    def __init__(self, *, model: Path | None = None) -> None:
        self._network = _packaged() if model is None else _opened(model)
        widths = {node.name: node.shape[-1] for node in self._network.get_inputs()}
        if tuple(widths) != _INPUTS:
            raise EngineUnavailable("The network that enhances voices is not one of ours.")
        self._memory = int(widths["first"])
        self.reset()

    def enhance(self, audio: AudioChunk, lips: Sequence[LipSight] = ()) -> AudioChunk:
        taken = self._hops.take(audio)
        self._sights += [self._movement.judged(sight) for sight in lips]
        if not len(taken):
            return self._hops.dated(taken)
        spectra = self._analysis.spectra(self._offset.removed(taken))
        magnitude = np.abs(spectra).astype(np.float32)
        magnitude[:, :BELOW_VOICE] = 0.0
        gain = self._gain(magnitude, self._rows(len(magnitude)))
        return self._hops.dated(self._synthesis.samples(spectra * gain))

    def reset(self) -> None:
        self._hops, self._offset = Hops(BEFORE), Offset()
        self._analysis, self._synthesis = Analysis(), Synthesis()
        self._movement, self._sparing = Movement(), Sparing()
        self._sights: list[LipSight] = []
        state: Samples = np.zeros((1, 1, self._memory), np.float32)
        self._first, self._second = state, state

    def close(self) -> None:
        del self._network

    def _rows(self, count: int) -> Rows:
        times = self._hops.end - np.arange(count)[::-1] * HOP / RATE
        rows = lip_rows(self._sights, times)
        since = times[-1] - 2 * GONE
        while len(self._sights) > 2 and self._sights[1].pts < since:
            del self._sights[0]
        return rows

    def _gain(self, magnitude: Rows, rows: Rows) -> Rows:
        inputs = dict(
            zip(_INPUTS, (magnitude[None], rows[None], self._first, self._second), strict=True)
        )
        try:
            found, plain, self._first, self._second = self._network.run(None, inputs)
        except LOAD_ERRORS as exc:
            raise EngineFailed(f"The network that enhances voices failed: {exc}") from exc
        gain = np.array(found[0], np.float32)
        gain[:, :BELOW_VOICE] = 0.0
        share = self._sparing.shares(gain, plain[0, :, 0], magnitude)[:, None]
        return 1 - share * (1 - gain)


def _packaged() -> Any:
    with as_file(files("resources") / WEIGHTS) as path:
        return _opened(path)


def _opened(path: Path) -> Any:
    if not path.exists():
        raise EngineUnavailable(
            f"The network that enhances voices ({path.name}) is not there. Reinstall the program, "
            "or train it with: python -m engines.enhance.train"
        )
    return open_network(path, "The network that enhances voices")
