"""What each enhancer brought over the noisy sound, over its twin without lips and over RNNoise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.bench.enhance_material import Case
from app.bench.enhance_scores import Enhanced, Score, mean
from app.bench.report import Figure
from engines.enhance.mixing import NOISE, TALKER

AV, AUDIO, UNSEEN, RNNOISE = "av", "audio", "av_unseen", "rnnoise"
_EVEN_DB = 0.0


@dataclass(frozen=True)
class Trial:
    """One case, through every enhancer."""

    case: Case
    before: Score
    after: Mapping[str, Score]
    made: Mapping[str, Enhanced]

    def gain(self, name: str) -> Score:
        return self.after[name] - self.before


def gains(
    prefix: str, trials: Sequence[Trial], least: tuple[float | None, float | None] = (None, None)
) -> dict[str, Figure]:
    """Of each enhancer against each disturbance; and of each network that sees over those that do
    not. `least`: what ours is to bring against a talker as loud, and over its twin."""
    figures: dict[str, Figure] = {}
    for kind in (TALKER, NOISE):
        figures |= _over_input(f"{prefix}{kind}", [one for one in trials if one.case.kind == kind])
    talkers = [trial for trial in trials if trial.case.kind == TALKER]
    for name in _seeing(talkers):
        bounds = least if name == AV else (None, None)
        figures |= _over_others(prefix, name, talkers, bounds)
    return figures


def _over_input(label: str, trials: Sequence[Trial]) -> dict[str, Figure]:
    figures = {}
    for name in trials[0].after if trials else ():
        gain = mean([trial.gain(name) for trial in trials])
        figures[f"{label}_{name}_gain_db"] = Figure(gain.si_sdr, "dB")
        figures[f"{label}_{name}_stoi"] = Figure(gain.stoi)
        figures[f"{label}_{name}_pesq"] = Figure(gain.pesq)
        for decibels in sorted({trial.case.decibels for trial in trials}):
            some = [trial.gain(name) for trial in trials if trial.case.decibels == decibels]
            at = f"{label}_{name}_at_{decibels:+g}_gain_db"
            figures[at] = Figure(mean(some).si_sdr, "dB")
    return figures


def _over_others(
    prefix: str, name: str, talkers: Sequence[Trial], least: tuple[float | None, float | None]
) -> dict[str, Figure]:
    """Pair by pair. `error` is that of the mean, over the cases."""
    even = [trial for trial in talkers if trial.case.decibels == _EVEN_DB]
    label = f"{prefix}{name}"
    brought = mean([trial.gain(name) for trial in even]).si_sdr
    figures = {f"{label}_gain_db": Figure(brought, "dB", at_least=least[0])}
    twin = name.replace(AV, AUDIO, 1)
    for other, words, bound in ((twin, AUDIO, least[1]), (RNNOISE, RNNOISE, None)):
        margins = np.array([_margin(trial, name, other) for trial in talkers])
        known = margins[~np.isnan(margins)]
        error = known.std() / np.sqrt(len(known)) if len(known) else np.nan
        over = f"{label}_over_{words}"
        figures[f"{over}_db"] = Figure(float(margins.mean()), "dB", at_least=bound)
        figures[f"{over}_error_db"] = Figure(float(error), "dB")
        wins = float((known > 0).mean()) if len(known) else np.nan
        figures[f"{over}_wins"] = Figure(wins)
    return figures


def _seeing(trials: Sequence[Trial]) -> list[str]:
    names = list(trials[0].after) if trials else []
    return [name for name in names if name.startswith(AV) and name != UNSEEN]


def _margin(trial: Trial, name: str, other: str) -> float:
    """NaN where there is no such other."""
    there = trial.after.get(other)
    return trial.after[name].si_sdr - there.si_sdr if there else float("nan")
