"""Weights of our own for the Wav2Lip network, where nobody supplied any: for benches and tests.

They are trained for a minute or two on the synthetic speaker. What they draw is a blurred face
that hardly speaks; speed and the loss by quantisation are those of real weights.
"""

import numpy as np
import torch

from engines.lips.wav2lip_material import Talk, talk
from engines.lips.wav2lip_model import Wav2Lip

STEPS = 40
_BATCH, _RATE = 4, 1e-3
_MOUTH = (slice(60, 92), slice(22, 74))
_MOUTH_WEIGHT = 8.0


def random_network(seed: int = 1) -> Wav2Lip:
    """Untrained, but with batch norms that know how strong the signals are."""
    torch.manual_seed(seed)
    network = Wav2Lip()
    network.train()
    with torch.no_grad():
        for _ in range(2):
            network(torch.randn(4, 1, 80, 16), torch.rand(4, 6, 96, 96))
    network.eval()
    return network


def train(steps: int = STEPS, seed: int = 1) -> Wav2Lip:
    """About a CPU-second a step."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    material, network = talk(), Wav2Lip()
    optimiser = torch.optim.Adam(network.parameters(), lr=_RATE)
    weight = torch.ones(96, 96)
    weight[_MOUTH] = _MOUTH_WEIGHT
    network.train()
    for _ in range(steps):
        mels, faces, wanted = _batch(material, random)
        loss = ((network(mels, faces) - wanted).abs() * weight).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    network.eval()
    return network


def _batch(material: Talk, random: np.random.Generator) -> tuple[torch.Tensor, ...]:
    """Mel windows, faces beside which another moment's is shown, and what should be drawn."""
    numbers = random.integers(len(material.faces), size=(_BATCH, 2))
    given = [material.inputs(int(now), int(other)) for now, other in numbers]
    mels, faces = (np.concatenate(part) for part in zip(*given, strict=True))
    wanted = material.faces[numbers[:, 0], ..., ::-1].astype(np.float32) / np.float32(255)
    return (
        torch.from_numpy(mels),
        torch.from_numpy(faces),
        torch.from_numpy(np.ascontiguousarray(wanted.transpose(0, 3, 1, 2))),
    )
