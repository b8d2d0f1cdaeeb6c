"""Trains the audio-visual network: `python -m engines.enhance.train`.

It needs torch and onnx (the extra `neural`) and the voices of espeak-ng; those of flite make it
better. Everything it learns from it makes itself, the same for the same seed. Stopped, it goes on
where it was: `--work` keeps its state. The network and a report are written at the end.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from engines.enhance.av import BOUNDS, AvEnhancer
from engines.enhance.bounding import found
from engines.enhance.corpus import UNHEARD, Saying, heard, unheard
from engines.enhance.crowd import Crowd
from engines.enhance.judging import judged, loudness, unseen
from engines.enhance.mixing import TALKER, Mixer
from engines.enhance.network import SIZES, Network, write_about, write_onnx
from engines.enhance.trying import tried

ESPEAK, FLITE = 900, 400
"""People who are learnt from: four and a half hours."""
STEPS, BATCH = 3600, 32
_RATE = 2.5e-3
_KEEP_EVERY, _TELL_EVERY = 100, 50
_LEVELLED = 64
"""Scenes of which it is told how loud voices come out."""
_EVEN_FROM, _EVEN = 0.7, 0.02
"""The share of the steps after which voices are to be left as loud in one scene as in another, and
how much each dB counts: where an enhanced voice is let in, it follows one that was not."""
_EASY, _HARD_FROM, _HARD = 0.25, 0.45, 0.5
"""The share of the steps in which all is easy, so that lips are soon found to tell something; the
one from which on lips are as hard to read as they become; and how hard that is."""


@dataclass(frozen=True)
class Plan:
    """What is trained, and how long."""

    size: str = "medium"
    lips: bool = True
    steps: int = STEPS
    seed: int = 8

    @property
    def name(self) -> str:
        return f"enhance_{self.size}" + ("" if self.lips else "_sound")


class Training:
    """One network on its way; `work` holds its state."""

    def __init__(self, plan: Plan, crowd: Crowd, work: Path) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.crowd = plan, crowd
        self.network = Network(SIZES[plan.size])
        self._adam = torch.optim.AdamW(self.network.parameters(), _RATE, weight_decay=1e-4)
        self._state = work / f"{plan.name}_{plan.steps}_{plan.seed}.pt"
        self.step, self.seconds = 0, 0.0
        if self._state.exists():
            self._resume()

    def run(self) -> None:
        """To the end, with a line every now and then."""
        recent: list[tuple[float, float]] = []
        began = time.process_time() - self.seconds
        while self.step < self.plan.steps:
            recent.append(self._advance())
            self.step += 1
            self.seconds = time.process_time() - began
            if self.step % _TELL_EVERY == 0:
                loss, gain = np.mean(recent[-_TELL_EVERY:], axis=0)
                left = self.seconds / self.step * (self.plan.steps - self.step)
                told = f"{self.plan.name} {self.step}/{self.plan.steps}: loss {loss:.3f}, "
                print(f"{told}gain {gain:.2f} dB, {left / 60:.1f} CPU minutes left", flush=True)
            if self.step % _KEEP_EVERY == 0 or self.step == self.plan.steps:
                self._keep()

    def _advance(self) -> tuple[float, float]:
        """One step; the loss, and by how many dB the voice stands out more."""
        done = self.step / self.plan.steps
        pace = min(1.0, (self.step + 1) / 100) * (0.5 + 0.5 * np.cos(np.pi * done) + 0.01)
        for group in self._adam.param_groups:
            group["lr"] = float(_RATE * pace)
        rng = np.random.default_rng((self.plan.seed, self.step))
        torch.manual_seed(int(rng.integers(1 << 30)))
        batch = self.crowd.batch(rng, BATCH, hard=_hardness(done))
        even = _EVEN if done >= _EVEN_FROM else 0.0
        loss, gain = judged(self.network, batch if self.plan.lips else unseen(batch), even)
        self._adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 3.0)
        self._adam.step()
        return float(loss.detach()), float(gain.detach())

    def _keep(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "adam": self._adam.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        partial = self._state.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self._state)

    def _resume(self) -> None:
        state = torch.load(self._state, weights_only=True)
        self.network.load_state_dict(state["network"])
        self._adam.load_state_dict(state["adam"])
        self.step, self.seconds = state["step"], state["seconds"]


def _hardness(done: float) -> float:
    return _HARD * float(np.clip((done - _EASY) / (_HARD_FROM - _EASY), 0.0, 1.0))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m engines.enhance.train", description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), default=Plan.size)
    parser.add_argument("--without-lips", action="store_true", help="the audio-only twin")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--work", type=Path, default=Path(".enhance"), help="where state is kept")
    parser.add_argument("--out", type=Path, help="the network; its report lies beside it")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    plan = Plan(given.size, not given.without_lips, given.steps, given.seed)
    given.work.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(plan.seed)
    sayings = heard(rng, ESPEAK, FLITE)
    minutes = sum(len(saying.samples) for saying in sayings) / 16000 / 60
    voices = len({saying.voice for saying in sayings})
    print(f"{minutes:.0f} minutes by {voices} voices", flush=True)
    training = Training(plan, Crowd(sayings), given.work)
    training.run()
    out = given.out or given.work / f"{plan.name}.onnx"
    _finish(training, sayings, out, {"minutes": round(minutes, 1), "voices": voices})


def level(network: Network, crowd: Crowd, seed: int = 98) -> None:
    """Makes a voice that is heard among others come out as loud as it went in: what is learnt takes
    little heed of that, but going from the sound as it is to the enhanced one would do harm."""
    batch = crowd.batch(np.random.default_rng(seed), _LEVELLED, TALKER, hard=_HARD)
    network.eval()
    network.loudness.fill_(1.0)
    with torch.no_grad():
        gain, *_ = network(batch.heard, batch.lips, *network.fresh(_LEVELLED))
    network.loudness.fill_(float(10 ** (-loudness(batch, gain).median() / 20)))


def _finish(
    training: Training, sayings: Sequence[Saying], out: Path, material: dict[str, float]
) -> None:
    level(training.network, training.crowd)
    write_onnx(training.network, out)
    bounds = found(out, sayings, lips=training.plan.lips)
    write_about(out, {BOUNDS: json.dumps(asdict(bounds))})
    tests = Mixer(unheard(np.random.default_rng(1), *UNHEARD), seconds=4.0)
    engine = AvEnhancer(model=out)
    report = {
        **asdict(training.plan),
        **material,
        "parameters": training.network.parameter_count,
        "cpu_minutes": round(training.seconds / 60, 1),
        "bounds": asdict(bounds),
        "bytes": out.stat().st_size,
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "gain_db": tried(engine, tests, lips=training.plan.lips),
    }
    if training.plan.lips:
        report["gain_db_without_lips"] = tried(engine, tests, lips=False)
    out.with_suffix(".json").write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
