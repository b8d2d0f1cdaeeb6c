"""A Piper voice's network, in two halves where it can be: what is said how and for how long, and
the sound of it, of which any stretch can be had by itself."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime

from core.errors import EngineUnavailable
from core.types import Samples
from engines.onnx import open_network

if TYPE_CHECKING:
    from engines.tts.piper_halves import Halves

log = logging.getLogger(__name__)

_INPUTS = {"input", "input_lengths", "scales"}


class PiperNetwork:
    """What Piper's own code takes for a session of ONNX Runtime: `run` gives silence as long as
    the voice, and the times of its signs; the sound is asked for afterwards. One thread."""

    hop = 1
    """Samples; stretches of sound begin at multiples."""

    def __init__(self, path: Path) -> None:
        """EngineUnavailable when it is no voice."""
        whole, halves = _prepared(path)
        if halves is None:
            self._first = open_network(path, "The voice", whole, arena=True)
            self._second: onnxruntime.InferenceSession | None = None
        else:
            self._first = open_network(path, "The voice", halves.first, arena=True)
            self._second = open_network(path, "The voice", halves.second, arena=True)
            self._reach, self._latents = halves.reach, halves.latents
            self.hop = halves.hop
        if not {node.name for node in self._first.get_inputs()} >= _INPUTS:
            raise EngineUnavailable(f"{path.name} is no Piper voice.")
        self.timed = len(self._first.get_outputs()) > 1
        """Whether it tells the times of its sounds."""
        self._made: np.ndarray[Any, Any] = np.zeros((1, 1, 0), np.float32)
        self._given: Mapping[str, Any] = {}

    def run(self, _outputs: None, given: Mapping[str, Any]) -> list[Any]:
        self._made, *times = self._first.run(None, given)
        self._given = given
        return [np.zeros(self.said.size, np.float32), *times]

    @property
    def said(self) -> "Said":
        """The last that `run` was asked for."""
        return Said(self, self._made, self._given)

    def size(self, made: np.ndarray[Any, Any]) -> int:
        return int(made.shape[-1]) * (self.hop if self._second is not None else 1)

    def sound(
        self, made: np.ndarray[Any, Any], given: Mapping[str, Any], start: int, end: int
    ) -> Samples:
        if self._second is None:
            return np.asarray(made.reshape(-1)[start:end], np.float32)
        first, last = start // self.hop, -(-end // self.hop)
        begin, until = max(0, first - self._reach), last + self._reach
        feed: dict[str, Any] = {self._latents: made[..., begin:until]}
        for node in self._second.get_inputs():
            feed.setdefault(node.name, given.get(node.name))
        (samples,) = self._second.run(None, feed)
        offset = start - begin * self.hop
        return np.asarray(samples.reshape(-1)[offset : offset + end - start], np.float32)


class Said:
    """What the first half made of some text."""

    def __init__(
        self, network: PiperNetwork, made: np.ndarray[Any, Any], given: Mapping[str, Any]
    ) -> None:
        self._network, self._made, self._given = network, made, given
        self.size = network.size(made)
        """Samples."""

    def sound(self, start: int = 0, end: int | None = None) -> Samples:
        """From a multiple of the network's hop to another, or to the end."""
        return self._network.sound(
            self._made, self._given, start, self.size if end is None else end
        )


def _prepared(path: Path) -> "tuple[bytes | None, Halves | None]":
    """The network with its durations as an output, in halves or else whole; None where it is to be
    taken as it is."""
    try:
        import onnx
        from piper.patch_voice_with_alignment import add_alignment_output

        from engines.tts.piper_halves import halves
    except ImportError as exc:
        log.info("the times of sounds cannot be told without %s", exc.name)
        return None, None
    try:
        model = onnx.load(str(path))
        add_alignment_output(model)
        found = halves(model)
        return (None if found else model.SerializeToString()), found
    # A damaged file is reported by whoever opens it; protobuf's error has no public place.
    except Exception as exc:  # noqa: BLE001
        log.debug("%s is taken as it is: %s", path.name, exc)
        return None, None
