"""How late the translation is: against the paper's baseline, for a listener, and over an hour."""

import logging
import shutil
import statistics
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
import soxr

from app.bench.continuous import talk_on
from app.bench.overhead import overhead_ms
from app.bench.report import Figure, Figures
from app.bench.speedup import speedup
from app.bench.streaming import RATE, ear_voice_span, first_pieces, stream
from core.config import Lag
from core.errors import EngineUnavailable
from core.types import Samples

log = logging.getLogger(__name__)

SENTENCES = (
    "the house is big",
    "we have a lot of work to do",
    "please tell me when you have time for the meeting",
    "i think that we can finish the work before the summer if everybody helps",
    "i would like to talk about the plan with you because the people want an answer next week and "
    "we do not have one",
)
UNBROKEN = (
    "i would like to talk about the project because we have a lot of work to do and the team is "
    "very small but i think we can finish it before the summer if everybody helps a little so "
    "please tell me when you have time and we will sit down together and look at the plan because "
    "the people want an answer next week and i do not want to lose them but we need more money "
    "and more time and that is why i have come to talk to you today"
)
PAUSE = 1.5
MINUTES = 60.0
SLOWER = 1.2
"""The translated voice takes so much longer than the speaker, before anything is done about it."""


def run() -> Figures:
    hour = talk_on(MINUTES, SLOWER)
    figures = {
        "speedup_1s": Figure(speedup(1.0), "x", at_least=2.3),
        "speedup_8s": Figure(speedup(8.0), "x", at_least=3.1),
        "overhead_ms": Figure(overhead_ms(20), "ms", at_most=20),
        "lag_max_s": Figure(hour.lag_max, "s", at_most=Lag().budget),
        "spoken_share": Figure(hour.spoken),
        "memory_growth_mb": Figure(hour.growth_mb, "MB", at_most=5),
    }
    figures |= _heard()
    lost = hour.lost + figures.pop("lost").value
    return figures | {"lost_segments": Figure(lost, at_most=0)}


def _heard() -> dict[str, Figure]:
    """What a listener waits for, with the engines that `auto` takes here, in real time."""
    clips = [_spoken(sentence) for sentence in SENTENCES]
    lengths, waits, lost = [], [], 0
    for clip in clips:
        streamed = stream(_padded(clip))
        lost += streamed.lost
        if streamed.answers:
            lengths.append(len(clip) / RATE)
            waits.append(first_pieces(streamed.answers)[-1].wait)
    unbroken = stream(_padded(_spoken(UNBROKEN)))
    span = ear_voice_span(unbroken.answers)
    return {
        "first_sound_s": Figure(statistics.median(waits), "s", at_most=1.0),
        "first_sound_slope": Figure(float(np.polyfit(lengths, waits, 1)[0]), "s/s", at_most=0.05),
        "ear_voice_span_s": Figure(statistics.mean(span), "s", at_most=3.0),
        "ear_voice_span_max_s": Figure(max(span), "s"),
        "lost": Figure(lost + unbroken.lost),
    }


def _padded(speech: Samples) -> Samples:
    lead, tail = (np.zeros(round(seconds * RATE), np.float32) for seconds in (0.5, PAUSE))
    return np.concatenate([lead, speech, tail])


def _spoken(text: str) -> Samples:
    """In the one synthetic voice that the basic recogniser understands."""
    flite = shutil.which("flite")
    if flite is None:
        raise EngineUnavailable("The bench speaks with flite; install it: apt install flite.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run([flite, "-voice", "rms", "-t", text, "-o", str(path)], check=True)
        with wave.open(str(path)) as file:
            pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            rate = file.getframerate()
    samples: Samples = soxr.resample(pcm.astype(np.float32) / 32768, rate, RATE)
    return samples
