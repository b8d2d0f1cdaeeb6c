"""What keeps a recogniser that writes fluently from writing what nobody said.

Whisper fills silence, music and noise with sentences of its training, and may say the last words
of a real one over and over. Each sign of that has a limit here, and each limit is a setting.
"""

import math
import re
import zlib
from dataclasses import dataclass, replace

import numpy as np

from core.types import Samples, Word

_FRAME = 480
_LONGEST_PHRASE = 8
_SHORT = 40
"""Characters under which a text is too short for its compression to mean anything."""


@dataclass(frozen=True)
class Heard:
    """What was understood of one window. Times of words count from its first sample;
    `log_probability` is the mean of the tokens', `no_speech` how surely there was none."""

    text: str
    words: tuple[Word, ...]
    log_probability: float
    no_speech: float


@dataclass(frozen=True)
class Guards:
    """Limits beyond which what was understood is doubted.

    `quietest_db`: sound whose loudest 30 ms stay below this is not even listened to.
    `no_speech` and `log_probability`: both beyond theirs, and nothing was said.
    `compression`: how many times smaller a text gets by compression when it repeats itself.
    `repeats`: how often in a row the same words may be said.
    """

    quietest_db: float = -55.0
    no_speech: float = 0.6
    log_probability: float = -1.0
    compression: float = 2.4
    repeats: int = 3

    def silent(self, samples: Samples) -> bool:
        """Whether there is nothing to listen to."""
        if not len(samples):
            return True
        whole = len(samples) // _FRAME * _FRAME
        frames = samples[:whole].reshape(-1, _FRAME) if whole else samples.reshape(1, -1)
        power = float(np.mean(frames.astype(np.float64) ** 2, axis=1).max())
        return 10 * math.log10(power + 1e-12) < self.quietest_db

    def doubt(self, heard: Heard) -> str:
        """Which sign of invention there is; empty when there is none."""
        if self.nothing_said(heard):
            return "no speech"
        if not heard.text:
            return ""
        if len(heard.text) > _SHORT and _compression(heard.text) > self.compression:
            return "compression"
        if _repetition(_plain(heard), self.repeats) is not None:
            return "repetition"
        return "log probability" if heard.log_probability < self.log_probability else ""

    def nothing_said(self, heard: Heard) -> bool:
        unsure = heard.log_probability < self.log_probability
        return unsure and heard.no_speech > self.no_speech

    def kept(self, heard: Heard) -> Heard:
        """What can be believed of it: nothing where nothing was said, and of words that are said
        over and over the first time."""
        if self.nothing_said(heard):
            return replace(heard, text="", words=())
        found = _repetition(_plain(heard), self.repeats)
        while found is not None:
            first, last = found
            words = heard.words[:first] + heard.words[last:]
            heard = replace(heard, words=words, text=" ".join(word.text for word in words))
            found = _repetition(_plain(heard), self.repeats)
        return heard


def _plain(heard: Heard) -> list[str]:
    return [re.sub(r"\W+", "", word.text).casefold() for word in heard.words]


def _repetition(words: list[str], allowed: int) -> tuple[int, int] | None:
    """Where the words stand that are too much, if a phrase is said more than `allowed` times in
    a row."""
    for length in range(1, _LONGEST_PHRASE + 1):
        for start in range(len(words) - length * (allowed + 1) + 1):
            phrase = words[start : start + length]
            times = 1
            while words[start + times * length : start + (times + 1) * length] == phrase:
                times += 1
            if times > allowed:
                return start + length, start + times * length
    return None


def _compression(text: str) -> float:
    data = text.encode()
    return len(data) / len(zlib.compress(data))
