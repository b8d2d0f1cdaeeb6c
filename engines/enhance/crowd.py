"""Scenes by the dozen, for training: everybody in a batch speaks once, as the one whose lips are
seen and behind others. They are mixed as spectra, which takes a fraction of the time.

Rows are of BANDS powers; what a gain would do to the ratio of voice to rest can be told of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.enhance.acoustics import clipped, colour, in_room, narrow, noise
from engines.enhance.corpus import Saying
from engines.enhance.features import (
    BELOW_VOICE,
    BINS,
    EDGES,
    FRAME,
    HOP,
    RATE,
    WINDOW,
    lip_rows,
)
from engines.enhance.mixing import (
    BABBLE,
    CLEAN,
    EASY_SHARES,
    NOISE,
    SHARES,
    TALKER,
    Mixer,
    Speech,
    hop_times,
    watched,
)

_NOISE_SECONDS = 8.0
_PLAIN_DB, _PLAIN_ENOUGH_DB = 13.0, 18.0
"""From where on sound is hardly, and not at all, to be enhanced."""
_FORGET = 1.2
_CLIPPED = 0.2
_DRY = 0.4
"""How many people are in no room that is heard."""
_ABSENT = 0.1
_TOLD_LATE = 0.03, 0.06
"""Seconds by which a tracker tells lips after the sound that they belong to."""


@dataclass(frozen=True)
class Batch:
    """Powers (batch, frames, BANDS) of the voice and of all that is heard, and what the two have in
    common; lips (batch, frames, LIPS); and where nothing disturbs (batch, frames)."""

    voice: Tensor
    heard: Tensor
    common: Tensor
    lips: Tensor
    plain: Tensor


class Crowd:
    """Batches of scenes of `seconds` from the same sayings for ever; the same for the same rng."""

    def __init__(self, sayings: Sequence[Saying], seconds: float = 4.0, noises: int = 200) -> None:
        rng = np.random.default_rng(6)
        people = {saying.voice: rng.integers(1 << 30) for saying in sayings}
        self._near = Mixer(sayings, seconds)
        self._placed = Mixer([_placed(one, int(people[one.voice])) for one in sayings], seconds)
        self._noises = [noise(round(_NOISE_SECONDS * RATE), rng) for _ in range(noises)]

    def batch(
        self, rng: np.random.Generator, size: int, kind: str = "", *, hard: float = 1.0
    ) -> Batch:
        """`kind` is one for all scenes, `hard` how badly lips are seen. At 0 all is easy: no rooms,
        and always something that disturbs."""
        shares = SHARES if hard else EASY_SHARES
        drawn = rng.choice(list(shares), size, p=list(shares.values()))
        kinds = [kind or str(one) for one in drawn]
        mixer = self._placed if hard else self._near
        speeches = [_recorded(mixer.speech(rng), one, rng) for one in kinds]
        others = [_others(number, speeches, rng) for number in range(size)]
        voices = _even(_coloured(_spectra([one.sound for one in speeches]), rng))
        rest = self._rest(kinds, voices, others, rng)
        rows = [
            self._rows(kinds[n], speeches[n], speeches[others[n][-1]], rng, hard)
            for n in range(size)
        ]
        loud = WINDOW @ WINDOW * np.square(10 ** rng.uniform(-1.6, -0.6, size))
        return _told(voices, rest, torch.from_numpy(np.stack(rows)), torch.from_numpy(loud).float())

    def _rest(
        self,
        kinds: Sequence[str],
        voices: Tensor,
        others: Sequence[Sequence[int]],
        rng: np.random.Generator,
    ) -> Tensor:
        """What disturbs each; voices are as loud as each other."""
        rest = torch.zeros_like(voices)
        noises = _even(_spectra([self._noise(rng) for _ in kinds]))
        for number, kind in enumerate(kinds):
            count = {TALKER: 1, BABBLE: int(rng.integers(3, 6))}.get(kind, 0)
            over = rng.uniform(-6, 8) if kind == TALKER else rng.uniform(-3, 10)
            for other in others[number][:count]:
                each = over + 10 * np.log10(count) + (rng.uniform(0, 3) if count > 1 else 0)
                rest[:, number].add_(voices[:, other], alpha=10 ** (-each / 20))
            if kind == NOISE:
                rest[:, number].add_(noises[:, number], alpha=10 ** (-rng.uniform(-5, 15) / 20))
            elif rng.random() < (0.6 if kind == CLEAN else 0.4):
                rest[:, number].add_(noises[:, number], alpha=10 ** (-rng.uniform(12, 35) / 20))
        return rest

    def _noise(self, rng: np.random.Generator) -> NDArray[np.float32]:
        whole = self._noises[int(rng.integers(len(self._noises)))]
        first = int(rng.integers(len(whole) - self._near.size))
        return whole[first : first + self._near.size]

    def _rows(
        self, kind: str, speech: Speech, other: Speech, rng: np.random.Generator, hard: float
    ) -> NDArray[np.float32]:
        """The lips of every hop, as far as they have been told by then."""
        sights = watched(kind, speech, other, rng, hard) if rng.random() >= _ABSENT else []
        times = hop_times(self._near.size // HOP)
        return lip_rows(sights, times - rng.uniform(*_TOLD_LATE))


def _placed(saying: Saying, seed: int) -> Saying:
    """In the room where that person always is."""
    sound = in_room(saying.samples.astype(np.float32), np.random.default_rng(seed), _DRY)
    return replace(saying, samples=sound.astype(np.float16))


def _recorded(speech: Speech, kind: str, rng: np.random.Generator) -> Speech:
    if kind == CLEAN and rng.random() < _CLIPPED:
        return replace(speech, sound=clipped(speech.sound, rng))
    return speech


def _others(number: int, speeches: Sequence[Speech], rng: np.random.Generator) -> list[int]:
    """Up to eight that are somebody else."""
    order = [int(one) for one in rng.permutation(len(speeches))]
    apart = [one for one in order if speeches[one].person != speeches[number].person]
    return (apart or order)[:8]


def _spectra(sounds: Sequence[NDArray[np.float32]]) -> Tensor:
    """(real and imaginary, batch, frames, BINS), frame for frame as of `features.Analysis`."""
    whole = torch.nn.functional.pad(torch.from_numpy(np.stack(sounds)), (FRAME - HOP, 0))
    found = torch.fft.rfft(whole.unfold(-1, FRAME, HOP) * torch.from_numpy(WINDOW))
    parts = torch.stack((found.real, found.imag))
    parts[..., :BELOW_VOICE] = 0.0
    return parts


def _coloured(spectra: Tensor, rng: np.random.Generator) -> Tensor:
    """Through microphones that are brighter or duller."""
    colours = np.stack([colour(BINS, rng) * narrow(BINS, rng) for _ in range(spectra.shape[1])])
    return spectra * torch.from_numpy(colours.astype(np.float32))[:, None]


def _even(spectra: Tensor) -> Tensor:
    """As loud as each other: a power of one in the mean."""
    power = spectra.square().sum(dim=0).mean(dim=(1, 2))
    return spectra / (power.sqrt() + 1e-6)[:, None, None]


def _told(voices: Tensor, rest: Tensor, lips: Tensor, loud: Tensor) -> Batch:
    voice, others, cross = _products(voices, voices), _products(rest, rest), _products(voices, rest)
    heard = (voice + 2 * cross + others).clamp_min(0)
    scale = (loud / (heard.sum(dim=(1, 2)) / heard.shape[1] / BINS + 1e-9))[:, None, None]
    plain = _plain(voice.sum(dim=2), others.sum(dim=2))
    return Batch(voice * scale, heard * scale, (voice + cross) * scale, lips, plain)


def _products(one: Tensor, other: Tensor) -> Tensor:
    """Of two spectra, summed over the bins of each band."""
    bins = one[0] * other[0] + one[1] * other[1]
    parts, at = [], 0
    while at < len(EDGES):
        width = int(np.diff(EDGES, append=BINS)[at])
        count = int((np.diff(EDGES, append=BINS)[at:] == width).argmin()) or len(EDGES) - at
        part = bins[..., EDGES[at] : EDGES[at] + width * count]
        parts.append(part.unflatten(-1, (count, width)).sum(-1))
        at += count
    return torch.cat(parts, -1)


def _plain(voice: Tensor, rest: Tensor) -> Tensor:
    """Of every hop: 1 where next to nothing disturbed the voice of late, 0 where much did."""
    above = 10 * torch.log10((_lately(voice) + 1e-9) / (_lately(rest) + 1e-9))
    plain: Tensor = ((above - _PLAIN_DB) / (_PLAIN_ENOUGH_DB - _PLAIN_DB)).clamp(0, 1)
    return plain


def _lately(power: Tensor) -> Tensor:
    """At each hop, of what came before with it."""
    count = power.shape[1]
    fading = torch.exp(-torch.arange(count) * HOP / RATE / _FORGET)
    padded = torch.nn.functional.pad(power[:, None], (count - 1, 0))
    return torch.nn.functional.conv1d(padded, (fading / fading.sum()).flip(0)[None, None])[:, 0]
