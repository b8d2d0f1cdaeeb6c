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
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engines.enhance.av import AvEnhancer
from engines.enhance.corpus import UNHEARD, heard, unheard
from engines.enhance.crowd import Batch, Crowd
from engines.enhance.mixing import CLEAN, Mixer
from engines.enhance.network import SIZES, Network, compressed, write_onnx
from engines.enhance.trying import tried

ESPEAK, FLITE = 420, 180
"""People who are learnt from: about two hours."""
STEPS, BATCH = 3000, 32
_RATE = 3e-3
_KEEP_EVERY, _TELL_EVERY = 100, 50
_TESTS = 24
_SPARED = 0.9
"""By how much less a scene counts in which sound is left alone anyway."""
_EASY, _HARD_FROM, _HARD = 0.5, 0.7, 0.5
"""The share of the steps in which all is easy, so that lips are soon found to tell something; the
one from which on lips are as hard to read as they become; and how hard that is."""


@dataclass(frozen=True)
class Plan:
    """What is trained, and how long."""

    size: str = "small"
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
        loss, gain = judged(self.network, batch if self.plan.lips else unseen(batch))
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


def unseen(batch: Batch) -> Batch:
    return replace(batch, lips=torch.zeros_like(batch.lips))


def judged(network: Network, batch: Batch) -> tuple[Tensor, Tensor]:
    """How wrong the spectra, the ratio of voice to rest and the certainty are; and the gain in dB
    of that ratio."""
    gain, plain, *_ = network(batch.heard, batch.lips, *network.fresh(len(batch.heard)))
    root = gain.clamp_min(1e-4).sqrt().sqrt()
    error = compressed(batch.voice) - compressed(batch.heard) * root
    reached = ratio(batch, gain)
    doubt = torch.nn.functional.binary_cross_entropy(plain[..., 0], batch.plain)
    counts = 1 - _SPARED * batch.plain.mean(dim=1)
    wrong = 8 * error.square().mean() - 0.04 * (counts * reached.clamp(-20, 30)).mean()
    before = ratio(batch, torch.ones_like(gain)).clamp(max=30)
    return wrong + 0.2 * doubt, (reached - before).mean()


def ratio(batch: Batch, gain: Tensor) -> Tensor:
    """SI-SDR in dB, one each, of what gains make of the bands that are heard."""
    common = (gain * batch.common).sum(dim=(1, 2))
    made = (gain * gain * batch.heard).sum(dim=(1, 2))
    wanted = common.square() / (batch.voice.sum(dim=(1, 2)) + 1e-6)
    return 10 * torch.log10(wanted / (made - wanted).clamp_min(1e-7) + 1e-6)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m engines.enhance.train", description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), default="small")
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
    _finish(training, out, {"minutes": round(minutes, 1), "voices": voices})


def level(network: Network, crowd: Crowd, seed: int = 98) -> None:
    """Makes a clean voice come out as loud as it went in. What is learnt takes no heed of loudness;
    but where going from the sound as it is to the enhanced one changed it, that would do harm."""
    batch = crowd.batch(np.random.default_rng(seed), _TESTS, CLEAN)
    network.eval()
    network.loudness.fill_(1.0)
    with torch.no_grad():
        gain, *_ = network(batch.heard, batch.lips, *network.fresh(_TESTS))
    before, after = (one.sum(dim=(1, 2)) for one in (batch.heard, gain.square() * batch.heard))
    network.loudness.fill_(float((before / after).sqrt().median()))


def _finish(training: Training, out: Path, material: dict[str, float]) -> None:
    level(training.network, training.crowd)
    write_onnx(training.network, out)
    tests = Mixer(unheard(np.random.default_rng(1), *UNHEARD), seconds=4.0)
    engine = AvEnhancer(model=out)
    report = {
        **asdict(training.plan),
        **material,
        "parameters": training.network.parameter_count,
        "cpu_minutes": round(training.seconds / 60, 1),
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
