"""Weights of our own for the Wav2Lip network, where nobody supplied any: for benches and tests.

They are trained for a minute on the synthetic speaker. What they draw is a blurred face that does
not speak: to learn from the voice takes hours.
"""

import numpy as np
import torch

from engines.lips.wav2lip_material import Talk, talk
from engines.lips.wav2lip_model import Wav2Lip

STEPS = 60
_BATCH, _RATE, _WARMING = 4, 1e-3, 12
"""The rate grows to its full size over so many steps: with all of it at once, the first steps lead
anywhere, and elsewhere on each processor."""


def train(steps: int = STEPS, seed: int = 1) -> Wav2Lip:
    """About a CPU-second a step."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    material, network = talk(), Wav2Lip()
    optimiser = torch.optim.Adam(network.parameters(), lr=_RATE)
    network.train()
    warmer = torch.optim.lr_scheduler.LinearLR(optimiser, 1 / _WARMING, total_iters=_WARMING)
    for _ in range(steps):
        mels, faces, wanted = _batch(material, random)
        loss = (network(mels, faces) - wanted).abs().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        warmer.step()
    _settle(network, [_batch(material, random) for _ in range(6)])
    return network


def _settle(network: Wav2Lip, batches: list[tuple[torch.Tensor, ...]]) -> None:
    """Let the batch norms measure the network as it has become; then it is ready to run."""
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    network.train()
    with torch.no_grad():
        for mels, faces, _ in batches:
            network(mels, faces)
    network.eval()


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
