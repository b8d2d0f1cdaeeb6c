"""A clip in which the demo speaker says given sentences, picture and sound in sync."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ports import Voice
from core.types import AudioChunk, Frame, MouthTrack, Segment, Speech, Transcript, Translation
from engines.demo.speaker import DemoSpeaker
from engines.media.mix import Mixer
from engines.media.writer import RATE, MediaWriter, PictureFormat

_LEAD, _PAUSE, _TAIL = 0.5, 0.8, 1.0
_TAGS = {
    "title": "Demo speaker",
    "comment": "Made by Translated Camera: face and voice are synthetic; nobody lent them.",
    "keywords": "synthetic voice, synthetic face",
}


def make_clip(
    path: str | Path,
    sentences: Iterable[str],
    voice: Voice,
    *,
    language: str = "en",
    size: tuple[int, int] = (1280, 720),
    fps: int = 30,
    overwrite: bool = False,
) -> Path:
    """Writes the clip and returns its path. Between the sentences the speaker pauses for 0.8 s.
    Errors of the voice and of the writer pass through; nothing half-written is left then."""
    speaker = DemoSpeaker(size)
    form = PictureFormat(*size, fps)
    with MediaWriter(
        path, None, form, language=language, overwrite=overwrite, tags=_TAGS
    ) as writer:
        take = _Take(writer, speaker, fps)
        at = _LEAD
        for number, sentence in enumerate(sentences):
            for speech in voice.speak(_said(sentence, number, language)):
                at = take.say(at, speech)
            take.roll(at)
            at += _PAUSE
        take.roll(at - _PAUSE + _TAIL)
        return writer.finish()


class _Take:
    """What has been filmed so far."""

    def __init__(self, writer: MediaWriter, speaker: DemoSpeaker, fps: int) -> None:
        self._writer = writer
        self._speaker = speaker
        self._fps = fps
        self._mixer = Mixer("off")
        self._frames = 0
        self._tracks: list[tuple[float, MouthTrack]] = []

    def say(self, at: float, speech: Speech) -> float:
        """Puts a piece of voice on the time line; returns when it is over."""
        self._mixer.add(at, speech.audio)
        track = speech.mouth if len(speech.mouth.times) else mouth_from_loudness(speech.audio)
        self._tracks.append((at, track))
        return at + speech.audio.duration

    def roll(self, until: float) -> None:
        """Films up to that moment."""
        while (now := self._frames / self._fps) < until:
            image = self._speaker.frame(self._shape(now), now)
            self._writer.write_frame(Frame(image, now, self._frames))
            self._frames += 1
            due = round(self._frames / self._fps * RATE) - round(self._mixer.seconds * RATE)
            self._writer.write_sound(self._mixer.render(np.zeros((due, 2), np.float32)))

    def _shape(self, now: float) -> NDArray[np.float32]:
        self._tracks = [(at, track) for at, track in self._tracks if at + track.duration > now - 1]
        shapes = [track.at(now - at) for at, track in self._tracks]
        every = np.vstack([np.zeros(6, np.float32), *shapes])
        return np.asarray(every.max(axis=0), np.float32)


def mouth_from_loudness(audio: AudioChunk) -> MouthTrack:
    """For a voice that does not tell its mouth: the jaw follows the sound's strength."""
    hop = max(1, audio.rate // 100)
    count = len(audio.samples) // hop
    if not count:
        return MouthTrack(np.zeros(0, np.float32), np.zeros((0, 6), np.float32))
    blocks = audio.samples[: count * hop].reshape(count, hop)
    strength = np.sqrt(np.mean(blocks**2, axis=1))
    smooth = np.convolve(strength, np.hanning(9) / np.hanning(9).sum(), "same")
    shapes = np.zeros((count, 6), np.float32)
    shapes[:, 0] = 0.8 * np.sqrt(smooth / max(float(smooth.max()), 1e-4))
    shapes[:, 0] *= smooth > 0.02 * smooth.max()
    return MouthTrack((np.arange(count) * hop / audio.rate).astype(np.float32), shapes)


def _said(text: str, number: int, language: str) -> Translation:
    silence = AudioChunk(np.zeros(0, np.float32), 16000, 0.0)
    segment = replace(Segment(number, silence), complete=1.0)
    return Translation(Transcript(segment, text, language), text, language)
