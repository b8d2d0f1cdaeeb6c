"""pocketsphinx itself. It holds the GIL while it decodes, so this runs in a worker process only.

Audio comes in as mono float32 at 16 kHz; words go out as (text, start, end, confidence), seconds
from the first sample.
"""

import re

import numpy as np
import pocketsphinx

from core.types import Samples

Said = tuple[str, float, float, float]

RATE = 16000
_FRAMES_PER_S = 100
_CHUNK = RATE // 10
_QUIETEST = 1e-3
"""A segment whose peak stays below this holds nothing that was said."""

_VARIANT = re.compile(r"\(\d+\)$")


class WholeDecoder:
    """Decodes a finished segment in three passes, its cepstral mean taken over all of it."""

    def __init__(self) -> None:
        self._decoder = pocketsphinx.Decoder(maxhmmpf=-1, loglevel="FATAL")

    def decode(self, samples: Samples) -> list[Said]:
        if len(samples) < _CHUNK or np.nanmax(np.abs(samples), initial=0.0) < _QUIETEST:
            return []
        self._decoder.start_utt()
        try:
            self._decoder.process_raw(_pcm(samples), full_utt=True)
        finally:
            self._decoder.end_utt()
        return _said(self._decoder)


class StreamDecoder:
    """Decodes an utterance in one pass while it comes in.

    The cepstral mean, without which words are guessed, at the end of an utterance in which
    something was said is where the next one begins. The first begins with the model's own, which
    fits one loudness only: after a second it is taken from that second, which is decoded again.
    """

    def __init__(self) -> None:
        self._decoder = pocketsphinx.Decoder(
            maxhmmpf=-1, fwdflat=False, bestpath=False, loglevel="FATAL"
        )
        self._mean = ""
        self._opening: list[Samples] = []
        self._decoder.start_utt()

    def feed(self, samples: Samples) -> list[Said]:
        """What has been said in the utterance so far; the confidence is not known (1.0)."""
        for first in range(0, len(samples), _CHUNK):
            self._hear(samples[first : first + _CHUNK])
        return [(text, start, end, 1.0) for text, start, end, _ in _said(self._decoder)]

    def restart(self, mean: str = "") -> str:
        """Begins the next utterance with the mean that is returned: `mean` if given; "" while
        nothing has been said yet."""
        self._decoder.end_utt()
        if mean:
            self._mean = mean
        elif _said(self._decoder):
            self._mean = self._decoder.get_cmn(True)
        self._opening = []
        self._begin()
        return self._mean

    def _begin(self) -> None:
        if self._mean:
            self._decoder.set_cmn(self._mean)
        self._decoder.start_utt()

    def _hear(self, samples: Samples) -> None:
        self._decoder.process_raw(_pcm(samples))
        if self._mean:
            return
        self._opening.append(samples)
        if len(self._opening) * _CHUNK >= RATE and _said(self._decoder):
            opening = np.concatenate(self._opening)
            self.restart()
            self._decoder.process_raw(_pcm(opening))


def _pcm(samples: Samples) -> bytes:
    clean = np.nan_to_num(samples, posinf=1.0, neginf=-1.0)
    return (np.clip(clean, -1.0, 1.0) * 32767).astype("<i2").tobytes()


def _said(decoder: pocketsphinx.Decoder) -> list[Said]:
    """The words without silences, noises and the numbers of their pronunciations."""
    if decoder.hyp() is None:
        return []
    return [
        (
            _VARIANT.sub("", part.word),
            part.start_frame / _FRAMES_PER_S,
            (part.end_frame + 1) / _FRAMES_PER_S,
            min(1.0, max(0.0, part.prob)),
        )
        for part in decoder.seg()
        if not part.word.startswith(("<", "[", "+"))
    ]
