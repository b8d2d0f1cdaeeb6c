"""How wrong the audio-visual network is of a batch of scenes, while it is trained."""

from dataclasses import replace

import torch
from torch import Tensor

from engines.enhance.crowd import Batch
from engines.enhance.network import Network, compressed

_SPARED = 0.6
"""By how much less a scene counts in which sound is left alone anyway."""
_DOUBT = 0.4
"""How much it counts to know whether anything disturbs."""


def unseen(batch: Batch) -> Batch:
    return replace(batch, lips=torch.zeros_like(batch.lips))


def judged(network: Network, batch: Batch, even: float = 0.0) -> tuple[Tensor, Tensor]:
    """How wrong the spectra, the ratio of voice to rest and the certainty are, and how uneven what
    is left of the voices; and the gain in dB of that ratio."""
    gain, plain, *_ = network(batch.heard, batch.lips, *network.fresh(len(batch.heard)))
    root = gain.clamp_min(1e-4).sqrt().sqrt()
    error = compressed(batch.voice) - compressed(batch.heard) * root
    reached = ratio(batch, gain)
    doubt = torch.nn.functional.binary_cross_entropy(plain[..., 0], batch.plain)
    counts = 1 - _SPARED * batch.plain.mean(dim=1)
    wrong = 8 * error.square().mean() - 0.04 * (counts * reached.clamp(-20, 30)).mean()
    before = ratio(batch, torch.ones_like(gain)).clamp(max=30)
    left = loudness(batch, gain)
    uneven = (left - left.detach().mean()).abs().mean()
    return wrong + _DOUBT * doubt + even * uneven, (reached - before).mean()


def loudness(batch: Batch, gain: Tensor) -> Tensor:
    """In dB, one each, of what gains leave of the voice."""
    left = (gain * batch.common).sum(dim=(1, 2)) / (batch.voice.sum(dim=(1, 2)) + 1e-6)
    return 20 * torch.log10(left.clamp_min(1e-3))


def ratio(batch: Batch, gain: Tensor) -> Tensor:
    """SI-SDR in dB, one each, of what gains make of the bands that are heard."""
    common = (gain * batch.common).sum(dim=(1, 2))
    made = (gain * gain * batch.heard).sum(dim=(1, 2))
    wanted = common.square() / (batch.voice.sum(dim=(1, 2)) + 1e-6)
    return 10 * torch.log10(wanted / (made - wanted).clamp_min(1e-7) + 1e-6)
