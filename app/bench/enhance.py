"""Whether the enhancers bring a voice out: against noise and against another talker, with its lips,
without them, and beside RNNoise; and whether they leave alone what is clean.

Synthetic voices that no training heard are always tried. Files that are given are real voices: each
is mixed with the others and with noise, and of those with a picture the lips are tracked. Networks
(.onnx) that are given, and those in folders that are, are tried too, each beside its twin that was
taught without lips (NAME_sound.onnx).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
_NETWORK, _TWIN = ".onnx", "_sound"
_TAIL = 800
"""Samples that may still be held back at the end."""
_GAIN_DB, _OVER_AUDIO_DB = 3.0, 2.5
"""What lips are to bring where another talks as loud."""


def run(given: Sequence[Path] = ()) -> Figures:
    networks = list(_networks(given))
    spoken = recordings([path for path in given if path.suffix != _NETWORK])
    engines = _engines(networks)
    try:
        invented = [_trial(case, engines) for case in synthetic()]
        figures = {
            **gains("", invented, least=(_GAIN_DB, _OVER_AUDIO_DB)),
            **_costs(engines, invented),
            **_all_losses("clean", engines, held_out_speech()),
            **errors(engines[AV]),
        }
        if spoken:
            figures |= _recorded(engines, spoken)
        return figures
    finally:
        for engine in engines.values():
            engine.close()


def _networks(given: Sequence[Path]) -> Iterator[Path]:
    """Without the twins, which are found beside them."""
    for path in given:
        for one in sorted(path.glob(f"*{_NETWORK}")) if path.is_dir() else [path]:
            if one.suffix == _NETWORK and not one.stem.endswith(_TWIN):
                yield one


def _recorded(engines: Mapping[str, Enhancer], spoken: Sequence[Recording]) -> dict[str, Figure]:
    trials = [_trial(case, engines) for case in real(spoken)]
    seen = [one for one in trials if one.case.sights]
    return {
        **gains("real_video_", seen, least=(0.0, 0.0)),
        **gains("real_sound_", [one for one in trials if not one.case.sights]),
        **_all_losses("real_clean", engines, spoken),
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
    twin = path.with_name(f"{path.stem}{_TWIN}{path.suffix}")
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


def _all_losses(
    label: str, engines: Mapping[str, Enhancer], spoken: Sequence[Recording]
) -> dict[str, Figure]:
    """Of every network that sees."""
    cases = quiet(spoken)
    figures: dict[str, Figure] = {}
    for name in engines:
        if name.startswith(AV):
            own = label if name == AV else f"{name}_{label}"
            lost = np.array([_loss(engines[name], case) for case in cases])
            figures |= _losses(own, lost.reshape(len(spoken), -1))
    return figures


def _losses(label: str, lost: NDArray[np.floating]) -> dict[str, Figure]:
    """What is lost of clean voices (a row each), whatever the lips do (a column each): the mean
    over voices, at the lips that do most harm, and the most that any voice lost."""
    return {
        f"{label}_loss_db": Figure(float(lost.mean(axis=0).max()), "dB", at_most=0.5),
        f"{label}_worst_loss_db": Figure(float(lost.max()), "dB", at_most=0.5),
    }


def _loss(engine: Enhancer, case: Case) -> float:
    made, heard, clean = (
        sound[:-_TAIL] for sound in (enhanced(engine, case).sound, case.heard, case.clean)
    )
    return si_sdr(heard, clean) - si_sdr(made, clean)
