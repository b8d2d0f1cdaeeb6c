"""Hears the one whose lips are seen: a small network of ours, trained on synthesised voices
(`python -m engines.enhance.train`). 20 ms of sound are held back, and up to one hop of
20 ms.

Where no face is seen it goes by the sound alone; where next to nothing disturbs the voice, the
sound stays as it is. Whether that is so is told by the sound alone: the network is asked a second
time, as if nobody were seen, for the wrong lips would mislead it there too.
"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import EngineFailed, EngineUnavailable
from core.types import AudioChunk, LipSight, Samples
from engines.enhance.care import Agreement, Movement
from engines.enhance.features import (
    BEFORE,
    BELOW_VOICE,
    GONE,
    HOP,
    RATE,
    Analysis,
    Rows,
    Synthesis,
    banded,
    lip_rows,
    spread,
)
from engines.enhance.hops import Hops
from engines.enhance.offset import Offset
from engines.enhance.rumble import Rumble
from engines.enhance.sparing import Bounds, Sparing
from engines.onnx import LOAD_ERRORS, open_network

WEIGHTS = "enhance.onnx"
BOUNDS = "bounds"
"""Under which name they lie in a network."""
_INPUTS = ("power", "lips", "first", "second")


class _Listener:
    """The network, with what it remembers of one stream."""

    def __init__(self, network: Any, memory: int) -> None:
        self._network = network
        state: Samples = np.zeros((1, 1, memory), np.float32)
        self._first, self._second = state, state

    def heard(self, power: Rows, rows: Rows) -> tuple[Rows, Samples]:
        """The gains of each band, and how sure it is that nothing disturbs."""
        values = power[None], rows[None], self._first, self._second
        try:
            gain, plain, self._first, self._second = self._network.run(
                None, dict(zip(_INPUTS, values, strict=True))
            )
        except LOAD_ERRORS as exc:
            raise EngineFailed(f"The network that enhances voices failed: {exc}") from exc
        return np.array(gain[0], np.float32), plain[0, :, 0]


class AvEnhancer:
    """`model` is another network than the one that comes with the program, `sparing` what leaves
    sound alone in place of what goes by the bounds that lie in the network."""

    sees = True

    def __init__(
        self, *, model: Path | None = None, sparing: Callable[[], Sparing] | None = None
    ) -> None:
        self._network = _packaged() if model is None else _opened(model)
        widths = {node.name: node.shape[-1] for node in self._network.get_inputs()}
        if tuple(widths) != _INPUTS:
            raise EngineUnavailable("The network that enhances voices is not one of ours.")
        self._memory = int(widths["first"])
        self._spares = sparing or partial(Sparing, _bounds(self._network))
        self.reset()

    def enhance(self, audio: AudioChunk, lips: Sequence[LipSight] = ()) -> AudioChunk:
        taken = self._hops.take(audio)
        sound = self._offset.removed(taken)
        self._agreement.hear(sound, self._hops.end)
        self._sights += [self._agreement.judged(self._movement.judged(one)) for one in lips]
        if not len(taken):
            return self._hops.dated(taken)
        spectra = self._analysis.spectra(sound)
        gain = self._gain(banded(spectra), self._rows(len(spectra)))
        gain = self._rumble.without(gain, spectra)
        return self._hops.dated(self._synthesis.samples(spectra * spread(gain)))

    def reset(self) -> None:
        self._hops, self._offset, self._rumble = Hops(BEFORE), Offset(), Rumble()
        self._analysis, self._synthesis = Analysis(), Synthesis()
        self._movement, self._agreement, self._sparing = Movement(), Agreement(), self._spares()
        self._sights: list[LipSight] = []
        self._seeing, self._blind = (_Listener(self._network, self._memory) for _ in range(2))

    def close(self) -> None:
        del self._network, self._seeing, self._blind

    def _rows(self, count: int) -> Rows:
        times = self._hops.end - np.arange(count)[::-1] * HOP / RATE
        rows = lip_rows(self._sights, times)
        since = times[-1] - 2 * GONE
        while len(self._sights) > 2 and self._sights[1].pts < since:
            del self._sights[0]
        return rows

    def _gain(self, power: Rows, rows: Rows) -> Rows:
        gain, _ = self._seeing.heard(power, rows)
        unseen, plain = self._blind.heard(power, np.zeros_like(rows))
        gain[:, :BELOW_VOICE] = unseen[:, :BELOW_VOICE] = 0.0
        return self._sparing.spared(gain, unseen, plain, power)


def _packaged() -> Any:
    with as_file(files("resources") / WEIGHTS) as path:
        return _opened(path)


def _bounds(network: Any) -> Bounds:
    told = network.get_modelmeta().custom_metadata_map.get(BOUNDS)
    return Bounds(**json.loads(told)) if told else Bounds()


def _opened(path: Path) -> Any:
    if not path.exists():
        raise EngineUnavailable(
            f"The network that enhances voices ({path.name}) is not there. Reinstall the program, "
            "or train it with: python -m engines.enhance.train"
        )
    return open_network(path, "The network that enhances voices")
