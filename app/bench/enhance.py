"""Whether the enhancers bring a voice out: against noise and against another talker, with its lips,
without them, and beside RNNoise; and whether they leave alone what is clean.

Synthetic voices that no training heard are always tried. Files that are given are real voices: each
is mixed with the others and with noise, and of those with a picture the lips are tracked. Networks
(.onnx) that are given are tried too, each beside its twin that was taught without lips
(NAME_sound.onnx).
"""

from collections.abc import Callable, Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from app.bench.enhance_gains import AUDIO, AV, RNNOISE, UNSEEN, Trial, gains
from app.bench.enhance_material import (
    Case,
    Recording,
    held_out_speech,
    quiet,
    real,
    recordings,
    synthetic,
)
from app.bench.enhance_scores import enhanced, score, si_sdr
from app.bench.enhance_words import errors
from app.bench.report import Figure, Figures
from core.errors import EngineUnavailable
from core.ports import Enhancer
from engines.enhance.av import WEIGHTS, AvEnhancer
from engines.registry import build

TWIN = "enhance_sound.onnx"
"""The network of the same size that was taught without lips."""
_NETWORK = ".onnx"
_TAIL = 800
"""Samples that may still be held back at the end."""
_GAIN_DB, _OVER_AUDIO_DB = 3.0, 2.5
"""What lips are to bring where another talks as loud."""


def run(given: Sequence[Path] = ()) -> Figures:
    networks = [path for path in given if path.suffix == _NETWORK]
    spoken = recordings([path for path in given if path.suffix != _NETWORK])
    engines = _engines(networks)
    try:
        invented = [_trial(case, engines) for case in synthetic()]
        figures = {
            **gains("", invented, least=(_GAIN_DB, _OVER_AUDIO_DB)),
            **_costs(engines, invented),
            **_losses("clean", engines, held_out_speech()),
            **errors(engines[AV]),
        }
        if spoken:
            figures |= _recorded(engines, spoken)
        return figures
    finally:
        for engine in engines.values():
            engine.close()


def _recorded(engines: Mapping[str, Enhancer], spoken: Sequence[Recording]) -> dict[str, Figure]:
    trials = [_trial(case, engines) for case in real(spoken)]
    seen = [one for one in trials if one.case.sights]
    return {
        **gains("real_video_", seen, least=(0.0, 0.0)),
        **gains("real_sound_", [one for one in trials if not one.case.sights]),
        **_losses("real_clean", engines, spoken),
    }


def _engines(networks: Sequence[Path]) -> dict[str, Enhancer]:
    """Those that are here; without the network of ours there is nothing to try."""
    engines: dict[str, Enhancer] = {}
    with as_file(files("resources") / WEIGHTS) as ours, as_file(files("resources") / TWIN) as twin:
        makes: dict[str, Callable[[], Enhancer]] = {
            AV: lambda: AvEnhancer(model=ours),
            AUDIO: lambda: AvEnhancer(model=twin),
            RNNOISE: lambda: build("enhance", RNNOISE),
        }
        for path in networks:
            makes |= _pair(path)
        for name, make in makes.items():
            try:
                engines[name] = make()
            except EngineUnavailable as missing:
                if name == AV:
                    raise
                print(missing)
    return engines


def _pair(path: Path) -> dict[str, Callable[[], Enhancer]]:
    twin = path.with_name(f"{path.stem}_sound{path.suffix}")
    return {
        f"{AV}_{path.stem}": lambda: AvEnhancer(model=path),
        f"{AUDIO}_{path.stem}": lambda: AvEnhancer(model=twin),
    }


def _trial(case: Case, engines: Mapping[str, Enhancer]) -> Trial:
    made = {
        name: enhanced(engine, case, lips=name.startswith(AV)) for name, engine in engines.items()
    }
    made[UNSEEN] = enhanced(engines[AV], case, lips=False)
    after = {name: score(one.sound, case.clean) for name, one in made.items()}
    return Trial(case, score(case.heard, case.clean), after, made)


def _costs(engines: Mapping[str, Enhancer], trials: Sequence[Trial]) -> dict[str, Figure]:
    figures = {}
    for name in engines:
        runs = [trial.made[name] for trial in trials]
        label = "" if name == AV else f"{name}_"
        share, delay = float(np.median([one.share for one in runs])), max(one.delay for one in runs)
        figures[f"{label}rtf"] = Figure(share, at_most=0.1)
        figures[f"{label}delay_ms"] = Figure(1000 * delay, "ms", at_most=40)
    return figures


def _losses(
    label: str, engines: Mapping[str, Enhancer], spoken: Sequence[Recording]
) -> dict[str, Figure]:
    """What is lost of a clean voice, whatever the lips do: the mean over voices, at the lips that
    do most harm, and the most that any voice lost."""
    cases = quiet(spoken)
    lost = np.array([_loss(engines[AV], case) for case in cases])
    ways = lost.reshape(len(spoken), -1).mean(axis=0)
    return {
        f"{label}_loss_db": Figure(float(ways.max()), "dB", at_most=0.5),
        f"{label}_worst_loss_db": Figure(float(lost.max()), "dB", at_most=0.5),
    }


def _loss(engine: Enhancer, case: Case) -> float:
    made, heard, clean = (
        sound[:-_TAIL] for sound in (enhanced(engine, case).sound, case.heard, case.clean)
    )
    return si_sdr(heard, clean) - si_sdr(made, clean)
