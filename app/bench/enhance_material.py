"""What enhancers are tried on: voices that no training heard, and recordings that a user names."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from app.clip_lips import ClipLips
from core.types import LipSight, Samples
from engines.enhance.acoustics import noise
from engines.enhance.corpus import UNHEARD, unheard
from engines.enhance.features import RATE
from engines.enhance.mixing import CLEAN, NOISE, SEEN_LATE, TALKER, Mixer, at_ratio
from engines.media.reader import probe, read_audio

RATIOS_DB = (-5.0, 0.0, 5.0)
SCENES = 8
"""Of each kind at each ratio."""
SECONDS = 5.0
_QUIET_DB = 25.0
"""The noise in what counts as clean."""


@dataclass(frozen=True)
class Case:
    """A voice, what was heard of it, and its lips. `text` is what is said, where that is known."""

    kind: str
    decibels: float
    clean: Samples
    heard: Samples
    sights: tuple[LipSight, ...] = ()
    text: str = ""


@cache
def voices() -> Mixer:
    """That no training heard."""
    return Mixer(unheard(np.random.default_rng(1), *UNHEARD), seconds=SECONDS)


def synthetic(scenes: int = SCENES) -> list[Case]:
    """The same ones every time."""
    cases = []
    for kind in (TALKER, NOISE):
        for decibels in RATIOS_DB:
            for number in range(scenes):
                rng = np.random.default_rng((7, number))
                scene = voices().scene(rng, kind, decibels, late=SEEN_LATE)
                cases.append(Case(kind, decibels, scene.clean, scene.heard, scene.sights))
    return cases


@dataclass(frozen=True)
class Recording:
    """Speech of a user's file, with the lips of its picture if it has one."""

    name: str
    sound: Samples
    sights: tuple[LipSight, ...]
    text: str


def recordings(paths: Sequence[Path]) -> list[Recording]:
    """Of files, and of all sound files in a folder, whose texts stand in its references.tsv."""
    return [one for path in paths for one in _read(path)]


def _read(path: Path) -> Iterator[Recording]:
    if path.is_dir():
        for file in sorted(path.glob("*.wav")):
            yield from _read(file)
        return
    sound = np.concatenate([chunk.samples for chunk in read_audio(path)])
    seen = ClipLips(path).look(len(sound) / RATE) if probe(path).fps else ()
    yield Recording(path.stem, sound, tuple(seen), _texts(path.parent).get(path.stem, ""))


@cache
def _texts(folder: Path) -> dict[str, str]:
    table = folder / "references.tsv"
    if not table.exists():
        return {}
    with table.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {Path(row[0]).stem: row[1] for row in rows if len(row) > 1}


def real(spoken: Sequence[Recording]) -> list[Case]:
    """Each recording against every other one, against a synthetic voice where it is alone, and
    against noise."""
    cases = []
    for number, one in enumerate(spoken):
        rng = np.random.default_rng((9, number))
        others = [other.sound for other in spoken if other is not one and _apart(one, other)]
        others = others or [voices().speech(rng).sound]
        for decibels in RATIOS_DB:
            for other in others:
                cases.append(_against(TALKER, one, decibels, _fitted(other, len(one.sound))))
            cases.append(_against(NOISE, one, decibels, noise(len(one.sound), rng)))
    return cases


def _apart(one: Recording, other: Recording) -> bool:
    """Sound files of one folder are mostly of one speaker, who is no competing talker."""
    return bool(one.sights) or bool(other.sights)


def quiet(spoken: Sequence[Recording]) -> list[Case]:
    """Hardly disturbed; with lips as they are, still, of somebody else, late, and early."""
    cases = []
    for number, one in enumerate(spoken):
        rng = np.random.default_rng((11, number))
        hiss = rng.standard_normal(len(one.sound)).astype(np.float32)
        case = _against(CLEAN, one, _QUIET_DB, hiss)
        other = spoken[number - 1].sights
        for sights in (one.sights, _still(one.sights), other, *_moved(one.sights)):
            cases.append(Case(CLEAN, _QUIET_DB, case.clean, case.heard, tuple(sights), one.text))
    return cases


def held_out_speech() -> list[Recording]:
    """Synthetic voices as if they had been recorded."""
    found = []
    for number in range(6):
        rng = np.random.default_rng((13, number))
        scene = voices().scene(rng, CLEAN, 0.0, late=SEEN_LATE)
        found.append(Recording(f"voice {number}", scene.clean, scene.sights, ""))
    return found


def _still(sights: Sequence[LipSight]) -> list[LipSight]:
    return [LipSight(one.pts, 0.2, 0.0, one.trust) for one in sights]


def _moved(sights: Sequence[LipSight]) -> Iterator[list[LipSight]]:
    for late in (0.3, -0.3):
        yield [LipSight(s.pts + late, s.opening, s.spread, s.trust) for s in sights]


def _against(kind: str, one: Recording, decibels: float, other: Samples) -> Case:
    power = float(np.sqrt(np.mean(np.square(one.sound)) + 1e-12))
    heard = one.sound + at_ratio(other, power, decibels)
    level = np.float32(0.1 / (np.sqrt(np.mean(np.square(heard))) + 1e-6))
    return Case(kind, decibels, one.sound * level, heard * level, one.sights, one.text)


def _fitted(sound: Samples, size: int) -> Samples:
    return np.resize(sound, size)
