"""Whether the enhancers bring a voice out: against noise and against another talker, with its lips,
without them, and beside RNNoise; and whether they leave alone what is clean.

Synthetic voices that no training heard are always tried. Files that are given are real voices: each
is mixed with the others and with noise, and of those with a picture the lips are tracked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from app.bench.enhance_material import (
    Case,
    Recording,
    held_out_speech,
    quiet,
    real,
    recordings,
    synthetic,
)
from app.bench.enhance_scores import Enhanced, Score, enhanced, mean, score, si_sdr
from app.bench.enhance_words import errors
from app.bench.report import Figure, Figures
from core.errors import EngineUnavailable
from core.ports import Enhancer
from engines.enhance.av import AvEnhancer
from engines.enhance.mixing import NOISE, TALKER
from engines.registry import build

TWIN = "enhance_sound.onnx"
"""The network of the same size that was taught without lips."""
AV, AUDIO, UNSEEN, RNNOISE = "av", "audio", "av_unseen", "rnnoise"


@dataclass(frozen=True)
class Trial:
    """One case, through every enhancer."""

    case: Case
    before: Score
    after: Mapping[str, Score]
    made: Mapping[str, Enhanced]

    def gain(self, name: str) -> Score:
        return self.after[name] - self.before


def run(clips: Sequence[Path] = ()) -> Figures:
    engines = _engines()
    try:
        invented = [_trial(case, engines) for case in synthetic()]
        spoken = recordings(clips)
        recorded = [_trial(case, engines) for case in real(spoken)]
        figures = {
            **_gains("", invented, bound=True),
            **_costs(invented),
            "clean_loss_db": Figure(_loss(engines, held_out_speech()), "dB", at_most=0.5),
            **errors(engines[AV]),
        }
        if spoken:
            seen = [one for one in recorded if one.case.sights]
            figures |= _gains("real_video_", seen, bound=True) if seen else {}
            figures |= _gains("real_sound_", [one for one in recorded if not one.case.sights])
            loss = _loss(engines, spoken)
            figures["real_clean_loss_db"] = Figure(loss, "dB", at_most=0.5)
        return figures
    finally:
        for engine in engines.values():
            engine.close()


def _engines() -> dict[str, Enhancer]:
    """Those that are here; without the network of ours there is nothing to try."""
    engines: dict[str, Enhancer] = {AV: AvEnhancer()}
    with as_file(files("resources") / TWIN) as twin:
        others: dict[str, Callable[[], Enhancer]] = {
            AUDIO: lambda: AvEnhancer(model=twin),
            RNNOISE: lambda: build("enhance", RNNOISE),
        }
        for name, make in others.items():
            try:
                engines[name] = make()
            except EngineUnavailable as missing:
                print(missing)
    return engines


def _trial(case: Case, engines: Mapping[str, Enhancer]) -> Trial:
    made = {name: enhanced(engine, case, lips=name == AV) for name, engine in engines.items()}
    made[UNSEEN] = enhanced(engines[AV], case, lips=False)
    after = {name: score(one.sound, case.clean) for name, one in made.items()}
    return Trial(case, score(case.heard, case.clean), after, made)


def _gains(prefix: str, trials: Sequence[Trial], *, bound: bool = False) -> dict[str, Figure]:
    """Of each enhancer against each disturbance; and by how much lips help."""
    figures = {}
    for kind in (TALKER, NOISE):
        some = [trial for trial in trials if trial.case.kind == kind]
        for name in some[0].after if some else ():
            gain = mean([trial.gain(name) for trial in some])
            label = f"{prefix}{kind}_{name}"
            figures[f"{label}_gain_db"] = Figure(gain.si_sdr, "dB")
            figures[f"{label}_stoi"] = Figure(gain.stoi)
            figures[f"{label}_pesq"] = Figure(gain.pesq)
    talkers = [trial for trial in trials if trial.case.kind == TALKER]
    if talkers:
        margins = np.array([_over_audio(trial) for trial in talkers])
        least = 0.0 if bound else None
        brought = mean([trial.gain(AV) for trial in talkers]).si_sdr
        figures[f"{prefix}av_gain_db"] = Figure(brought, "dB", at_least=least)
        figures[f"{prefix}av_over_audio_db"] = Figure(float(margins.mean()), "dB", at_least=least)
        spread = float(margins.std() / np.sqrt(len(margins)))
        figures[f"{prefix}av_over_audio_error_db"] = Figure(spread, "dB")
        figures[f"{prefix}av_over_audio_wins"] = Figure(
            float(np.where(np.isnan(margins), np.nan, margins > 0).mean())
        )
    return figures


def _over_audio(trial: Trial) -> float:
    """NaN where there is no network that was taught without lips."""
    twin = trial.after.get(AUDIO)
    return trial.after[AV].si_sdr - twin.si_sdr if twin else float("nan")


def _costs(trials: Sequence[Trial]) -> dict[str, Figure]:
    runs = [trial.made[AV] for trial in trials]
    return {
        "rtf": Figure(float(np.median([one.share for one in runs])), at_most=0.1),
        "delay_ms": Figure(1000 * max(one.delay for one in runs), "ms", at_most=40),
    }


def _loss(engines: Mapping[str, Enhancer], spoken: Sequence[Recording]) -> float:
    """The most that is lost of a clean voice on the average, whatever the lips do."""
    losses = []
    for case in quiet(spoken):
        made = enhanced(engines[AV], case).sound[:-800]
        clean = case.clean[:-800]
        losses.append(si_sdr(case.heard[:-800], clean) - si_sdr(made, clean))
    return float(np.mean(losses))
