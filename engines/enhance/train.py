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
from torch import Tensor

from engines.enhance.av import AvEnhancer
from engines.enhance.corpus import heard, unheard
from engines.enhance.features import BEFORE, BELOW_VOICE, FRAME, HOP
from engines.enhance.mixing import CLEAN, Mixer, Scene
from engines.enhance.network import SIZES, Network, write_onnx
from engines.enhance.trying import tried

ESPEAK, FLITE = 900, 450
"""Sentences that are learnt from: an hour and a half."""
STEPS, BATCH = 1400, 16
_RATE = 3e-3
_KEEP_EVERY, _TELL_EVERY = 50, 25
_TESTS = 24
_SPARED = 0.9
"""By how much less a scene counts in which sound is left alone anyway."""
_EASY = 0.4
"""The share of the steps in which lips become as hard to read as they can be."""
_SHIFT = FRAME // 2 - (FRAME - BEFORE)
"""By which torch's centred frames are earlier than ours."""
_WINDOW = torch.hann_window(FRAME)


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

    def __init__(self, plan: Plan, mixer: Mixer, work: Path) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.mixer = plan, mixer
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
        hard = min(1.0, self.step / (_EASY * self.plan.steps))
        scenes = [self.mixer.scene(rng, hard=hard) for _ in range(BATCH)]
        loss, gain = judged(self.network, Batch.of(scenes, lips=self.plan.lips))
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


@dataclass(frozen=True)
class Batch:
    """Sound (batch, samples), lips (batch, frames, LIPS), and where nothing disturbs (batch,
    frames)."""

    clean: Tensor
    heard: Tensor
    lips: Tensor
    plain: Tensor

    @classmethod
    def of(cls, scenes: Sequence[Scene], *, lips: bool = True) -> "Batch":
        clean, heard, rows, plain = (
            torch.from_numpy(np.stack([getattr(scene, name) for scene in scenes]))
            for name in ("clean", "heard", "lips", "plain")
        )
        return cls(clean, heard, rows if lips else torch.zeros_like(rows), plain)


def judged(network: Network, batch: Batch) -> tuple[Tensor, Tensor]:
    """How wrong the spectra, the samples and the certainty are; and the gain in dB."""
    target, found = spectra(batch.clean), spectra(batch.heard)
    gain, plain, *_ = network(magnitude(found), batch.lips, *network.fresh(len(batch.clean)))
    enhanced = found * gain
    error = (target.abs() + 1e-6) ** 0.3 - (enhanced.abs() + 1e-6) ** 0.3
    reached = ratio(samples(enhanced, batch.clean.shape[1]), batch.clean)
    doubt = torch.nn.functional.binary_cross_entropy(plain[..., 0], batch.plain)
    counts = 1 - _SPARED * batch.plain.mean(dim=1)
    wrong = 8 * error.square().mean() - 0.04 * (counts * reached.clamp(-20, 30)).mean()
    loss = wrong + 0.2 * doubt
    return loss, (reached - ratio(batch.heard, batch.clean).clamp(max=30)).mean()


def magnitude(found: Tensor) -> Tensor:
    """What the network is told of spectra."""
    heard = found.abs()
    return torch.cat((torch.zeros_like(heard[..., :BELOW_VOICE]), heard[..., BELOW_VOICE:]), -1)


def spectra(sound: Tensor) -> Tensor:
    """(batch, frames, BINS), frame for frame as of `features.Analysis`."""
    shifted = torch.nn.functional.pad(sound, (_SHIFT, 0))
    whole: Tensor = torch.stft(
        shifted, FRAME, HOP, window=_WINDOW, return_complex=True, pad_mode="constant"
    )
    return whole.transpose(1, 2)[:, : sound.shape[1] // HOP]


def samples(frames: Tensor, size: int) -> Tensor:
    """Back again; the last 22 ms, which later frames would complete, are silent."""
    whole = torch.nn.functional.pad(frames.transpose(1, 2), (0, 3))
    sound: Tensor = torch.istft(whole, FRAME, HOP, window=_WINDOW)
    done = torch.nn.functional.pad(sound, (0, size))[:, _SHIFT : _SHIFT + size]
    return done * (torch.arange(size) < size - BEFORE)


def ratio(found: Tensor, clean: Tensor) -> Tensor:
    """SI-SDR in dB, one each."""
    share = (found * clean).sum(1, True) / (clean.square().sum(1, True) + 1e-6)
    wanted = share * clean
    rest = (found - wanted).square().sum(1).clamp_min(1e-7)
    return 10 * torch.log10(wanted.square().sum(1) / rest + 1e-6)


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
    training = Training(plan, Mixer(sayings), given.work)
    training.run()
    out = given.out or given.work / f"{plan.name}.onnx"
    _finish(training, out, {"minutes": round(minutes, 1), "voices": voices})


def level(network: Network, mixer: Mixer, seed: int = 98) -> None:
    """Makes a clean voice come out as loud as it went in. What is learnt takes no heed of loudness;
    but where going from the sound as it is to the enhanced one changed it, that would do harm."""
    rng = np.random.default_rng(seed)
    scenes = [mixer.scene(rng, CLEAN) for _ in range(_TESTS)]
    batch = Batch.of(scenes)
    found = magnitude(spectra(batch.heard))
    network.loudness.fill_(1.0)
    with torch.no_grad():
        gain, *_ = network(found, batch.lips, *network.fresh(len(scenes)))
    before, after = (one.square().sum(dim=(1, 2)) for one in (found, found * gain))
    network.loudness.fill_(float((before / after).sqrt().median()))


def _finish(training: Training, out: Path, material: dict[str, float]) -> None:
    level(training.network, training.mixer)
    write_onnx(training.network, out)
    tests = Mixer(unheard(np.random.default_rng(1), 40, 40), seconds=4.0)
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
