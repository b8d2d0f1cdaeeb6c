"""Whether voice and mouth stay together: ten minutes written as a clip is, measured in the file at
its start, in its middle and at its end."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.bench.said import speech_of
from app.bench.seen import mouth_seen, voice_heard
from app.clip_output import ClipJob, ClipOutput
from core.config import Captions, Config, Picture, Voice
from core.sync import Skew, Track, measure_skew
from core.timeline import Placed
from core.types import MOUTH_PARAMETERS, Frame, Speech
from engines.demo.speaker import DemoSpeaker
from engines.media.pictures import read_frames
from engines.media.reader import probe
from engines.media.writer import RATE, MediaWriter, PictureFormat
from engines.registry import build

SECONDS = 600.0
LOOKED_AT = 20.0
SIZE, FPS = (480, 360), 15000 / 1001
"""Small, to be quick; and a rate that no number of samples is a multiple of."""
PERIOD, STEP = 6.3, 2.0
SENTENCE = "Me gustaría hablar con ustedes sobre el proyecto y mañana vamos a tomar una decisión."
PLAIN = Config(
    voice=Voice(original="off"), captions=Captions(show=False), picture=Picture(badge=False)
)


@dataclass(frozen=True)
class Drift:
    """`skews`: at the start, in the middle, at the end."""

    skews: tuple[Skew, ...]

    @property
    def seconds(self) -> float:
        """The farthest two of them are apart."""
        values = [one.seconds for one in self.skews]
        return max(values) - min(values)


def measure_drift(seconds: float = SECONDS) -> Drift:
    """Of a still speaker, who says the same sentence again and again from the first second to
    the last."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "still.mp4"), Path(folder, "said.mp4")
        _film(source, seconds)
        _translate(source, target, speech_of(SENTENCE, build("tts", "espeak", language="es")))
        voice = voice_heard(target)
        skews = []
        for first in (0.0, (seconds - LOOKED_AT) / 2, seconds - LOOKED_AT):
            mouth = mouth_seen(_between(target, first, first + LOOKED_AT))
            skews.append(measure_skew(_part(voice, first, first + LOOKED_AT), mouth))
    return Drift(tuple(skews))


def _film(path: Path, seconds: float) -> None:
    speaker = DemoSpeaker(SIZE)
    shape = np.zeros(len(MOUTH_PARAMETERS), np.float32)
    images = [speaker.frame(shape, number / FPS) for number in range(30)]
    images += images[-2:0:-1]
    with MediaWriter(path, None, PictureFormat(*SIZE, FPS)) as writer:
        for number in range(int(seconds * FPS)):
            writer.write_frame(Frame(images[number % len(images)], number / FPS, number))
        writer.write_sound(np.zeros((round(seconds * RATE), 2), np.float32))
        writer.finish()


def _translate(source: Path, target: Path, speech: Speech) -> None:
    info = probe(source)
    with ClipOutput(ClipJob(source, target), PLAIN, info) as output:
        start, written = 0.5, 0.0
        while written < info.duration:
            written = min(written + STEP, info.duration)
            while start < min(written + PERIOD, info.duration - speech.audio.duration):
                output.add(Placed(_at(speech, start), start, 0.0))
                start += PERIOD
            output.write(written)
        output.finish()


def _at(speech: Speech, start: float) -> Speech:
    """The same voice as a segment of its own."""
    number = round(start / PERIOD)
    transcript = speech.translation.transcript
    segment = replace(transcript.segment, number=number)
    transcript = replace(transcript, segment=segment)
    return replace(speech, translation=replace(speech.translation, transcript=transcript))


def _between(path: Path, first: float, last: float) -> Iterator[Frame]:
    return (frame for frame in read_frames(path) if first <= frame.pts < last)


def _part(track: Track, first: float, last: float) -> Track:
    within = (track.times >= first) & (track.times < last)
    return Track(track.times[within], track.values[within])
