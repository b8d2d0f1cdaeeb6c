"""Trains the mouth network: `python -m engines.mouth.train [FILE]`, two minutes on one core.

It needs the voices of espeak-ng and flite, and OPENBLAS_NUM_THREADS=1 in the environment: more
threads are far slower. It always makes the same network of the same voices (but for the hundredth
by which espeak's own timing varies), and prints how well the mouth follows voices that no training
has heard.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from core.types import MOUTH_PARAMETERS, AudioChunk
from engines.mouth.corpus import Example, espeak_examples, flite_examples, frames, unheard
from engines.mouth.features import Features, in_context, log_mels
from engines.mouth.network import WEIGHTS, MouthNetwork, Weights

_SEED = 20
_HIDDEN = (128, 64)
_EPOCHS = 24
_BATCH = 256
_RATE = 2e-3
_DECAY = 2e-5
_JAW = MOUTH_PARAMETERS.index("jaw")
_SHUT, _OPEN = 0.05, 0.15
_DOUBT = 0.15  # noise on the inputs, in standard deviations


@dataclass(frozen=True)
class Verdict:
    """How a network does on one voice."""

    voice: str
    correlation: tuple[float, ...]  # by mouth parameter
    closed: float  # the share of p, b and m at which the lips close
    wrongly: float  # the share of open frames at which they close all the same


def main(arguments: Sequence[str]) -> None:
    target = Path(arguments[0]) if arguments else Path("resources", WEIGHTS)
    rng = np.random.default_rng(_SEED)
    espeak, flite = list(espeak_examples(rng, 8)), list(flite_examples(rng))
    print(f"{frames(espeak) / 6000:.0f} minutes by espeak-ng, {frames(flite) / 6000:.0f} by flite")
    tests = unheard()
    print("Trained on espeak-ng alone:")
    _report(judge(train(espeak, rng), tests))
    print("Trained on espeak-ng and flite:")
    network = train([*espeak, *flite], rng)
    _report(judge(network, tests))
    halves = {name: array.astype(np.float16) for name, array in network.arrays().items()}
    np.savez_compressed(target, allow_pickle=False, **halves)
    print(f"{target}: {target.stat().st_size / 1000:.0f} KB")


def train(examples: Sequence[Example], rng: np.random.Generator) -> MouthNetwork:
    """A network that has seen every example _EPOCHS times."""
    inputs, targets = _material(examples)
    mean, scale = inputs.mean(axis=0), inputs.std(axis=0) + np.float32(0.1)
    inputs -= mean
    inputs /= scale
    parameters = _initial(inputs.shape[1], rng)
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
    step, steps = 0, _EPOCHS * (len(inputs) // _BATCH)
    while step < steps:
        order = rng.permutation(len(inputs))
        for first in range(0, len(order) - _BATCH + 1, _BATCH):
            chosen = order[first : first + _BATCH]
            noise = rng.standard_normal((_BATCH, inputs.shape[1]), np.float32)
            slopes = _gradients(parameters, inputs[chosen] + _DOUBT * noise, targets[chosen])
            step += 1
            rate = _RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            _adam(parameters, slopes, moments, step, rate)
    layers = tuple(zip(parameters[::2], parameters[1::2], strict=True))
    return MouthNetwork(mean, scale, layers)


def judge(network: MouthNetwork, tests: dict[str, list[Example]]) -> list[Verdict]:
    """The whole way from sound to mouth, against what the synthesiser's own times say."""
    verdicts = []
    for voice, examples in tests.items():
        heard = [network.track(_chunk(example)) for example in examples]
        pairs = [
            (t.shapes[: len(e.shapes)], e.shapes) for t, e in zip(heard, examples, strict=True)
        ]
        got, true = (np.concatenate([pair[i][: len(pair[0])] for pair in pairs]) for i in (0, 1))
        columns = range(len(MOUTH_PARAMETERS))
        correlation = tuple(_correlation(got[:, c], true[:, c]) for c in columns)
        closed = [
            t.at((p.start + p.end) / 2)[_JAW] < _SHUT
            for t, e in zip(heard, examples, strict=True)
            for p in e.phones
            if p.name in ("p", "b", "m")
        ]
        wrongly = got[true[:, _JAW] > _OPEN, _JAW] < _SHUT
        verdicts.append(
            Verdict(voice, correlation, float(np.mean(closed)), float(np.mean(wrongly)))
        )
    return verdicts


def _correlation(heard: Features, told: Features) -> float:
    """0 when either never moves."""
    if not heard.std() or not told.std():
        return 0.0
    return float(np.corrcoef(heard, told)[0, 1])


def _chunk(example: Example) -> AudioChunk:
    return AudioChunk(example.samples, round(example.rate), 0.0)


def _material(examples: Iterable[Example]) -> tuple[Features, Features]:
    """All frames of all examples: what the network sees, what the mouth does."""
    seen, shapes = [], []
    for example in examples:
        features = in_context(log_mels(example.samples, example.rate))
        count = min(len(features), len(example.shapes))
        seen.append(features[:count])
        shapes.append(example.shapes[:count])
    return np.concatenate(seen), np.concatenate(shapes)


def _initial(inputs: int, rng: np.random.Generator) -> list[Weights]:
    """Matrix and offset of each layer in turn."""
    sizes = (inputs, *_HIDDEN, len(MOUTH_PARAMETERS))
    parameters: list[Weights] = []
    for before, after in pairwise(sizes):
        spread = np.float32(np.sqrt(2 / before))
        parameters += [
            rng.standard_normal((before, after), np.float32) * spread,
            np.zeros(after, np.float32),
        ]
    return parameters


def _gradients(parameters: Sequence[Weights], inputs: Features, targets: Features) -> list[Weights]:
    """The slopes of the mean square error, in the order of `parameters`."""
    values = [inputs]
    for matrix, offset in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        values.append(np.maximum(values[-1] @ matrix + offset, 0.0))
    error = (values[-1] @ parameters[-2] + parameters[-1] - targets) * np.float32(2 / len(inputs))
    slopes: list[Weights] = []
    for layer in reversed(range(len(values))):
        slopes[:0] = [values[layer].T @ error, error.sum(axis=0)]
        error = (error @ parameters[2 * layer].T) * (values[layer] > 0)
    return slopes


def _adam(
    parameters: Sequence[Weights],
    slopes: Sequence[Weights],
    moments: Sequence[tuple[Weights, Weights]],
    step: int,
    rate: float,
) -> None:
    """One step, in place."""
    for parameter, slope, (first, second) in zip(parameters, slopes, moments, strict=True):
        first += np.float32(0.1) * (slope - first)
        second += np.float32(0.001) * (slope**2 - second)
        step_size = rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        parameter -= np.float32(step_size) * first / (np.sqrt(second) + np.float32(1e-8))
        parameter -= np.float32(rate * _DECAY) * parameter


def _report(verdicts: Iterable[Verdict]) -> None:
    print(f"  {'voice':20s}", *(f"{name:>6s}" for name in MOUTH_PARAMETERS), "closed wrongly")
    for verdict in verdicts:
        numbers = (
            f"{value:6.2f}" for value in (*verdict.correlation, verdict.closed, verdict.wrongly)
        )
        print(f"  {verdict.voice:20s}", *numbers)


if __name__ == "__main__":
    main(sys.argv[1:])
