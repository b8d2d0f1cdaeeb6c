"""How much of a voice an enhancer brings out, by the measures of the trade."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.bench.enhance_material import Case
from core.ports import Enhancer
from core.types import AudioChunk, Samples
from engines.enhance.features import RATE

CHUNK = 640
"""Samples: 40 ms."""
SEEN_LATE = 0.05
"""Seconds by which a live tracker tells lips after the sound that they belong to."""
_TAIL = 800


@dataclass(frozen=True)
class Score:
    """Of one case: SI-SDR in dB, STOI, PESQ (wide band; NaN where it cannot be computed)."""

    si_sdr: float
    stoi: float
    pesq: float

    def __sub__(self, other: "Score") -> "Score":
        return Score(self.si_sdr - other.si_sdr, self.stoi - other.stoi, self.pesq - other.pesq)


@dataclass(frozen=True)
class Enhanced:
    """What came out, as long as what went in, the CPU seconds it took a second of sound, and how
    far the output was behind at most."""

    sound: Samples
    share: float
    delay: float


def enhanced(engine: Enhancer, case: Case, *, lips: bool = True) -> Enhanced:
    """As live: in chunks, with each sight as soon as a tracker would tell it."""
    engine.reset()
    out, waiting, behind = [], list(case.sights) if lips else [], 0.0
    began = time.thread_time()
    for at in range(0, len(case.heard), CHUNK):
        chunk = AudioChunk(case.heard[at : at + CHUNK], RATE, at / RATE)
        seen = [one for one in waiting if one.pts <= chunk.end - SEEN_LATE]
        waiting = waiting[len(seen) :]
        made = engine.enhance(chunk, seen)
        out.append(made.samples)
        behind = max(behind, chunk.end - made.end)
    took = time.thread_time() - began
    sound = np.concatenate(out)
    whole = np.pad(sound, (0, max(0, len(case.heard) - len(sound))))[: len(case.heard)]
    return Enhanced(whole, took / (len(case.heard) / RATE), behind)


def score(found: Samples, clean: Samples) -> Score:
    """Without the last 50 ms, which may still be held back."""
    found, clean = found[:-_TAIL].astype(np.float64), clean[:-_TAIL].astype(np.float64)
    return Score(si_sdr(found, clean), _stoi(found, clean), _pesq(found, clean))


def si_sdr(found: Samples, clean: Samples) -> float:
    found, clean = found - found.mean(), clean - clean.mean()
    wanted = (found @ clean) / (clean @ clean + 1e-12) * clean
    rest = found - wanted
    return float(10 * np.log10((wanted @ wanted + 1e-12) / (rest @ rest + 1e-12)))


def mean(scores: Sequence[Score]) -> Score:
    rows = np.array([(one.si_sdr, one.stoi, one.pesq) for one in scores])
    if not len(rows):
        return Score(np.nan, np.nan, np.nan)
    known = [row[~np.isnan(row)] for row in rows.T]
    return Score(*(float(row.mean()) if len(row) else np.nan for row in known))


def _stoi(found: Samples, clean: Samples) -> float:
    from pystoi import stoi

    return float(stoi(clean, found, RATE))


def _pesq(found: Samples, clean: Samples) -> float:
    try:
        import pesq
    except ImportError:
        return np.nan
    try:
        return float(pesq.pesq(RATE, clean, found, "wb"))
    except pesq.PesqError:  # no utterance was found
        return np.nan
