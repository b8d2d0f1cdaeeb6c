"""What an ear has understood of the segment that is growing."""

from collections.abc import Callable

import numpy as np

from core.partials import Agreement
from core.ports import Ear
from core.segmentation.utterance import RATE
from core.types import AudioChunk, Samples, Word

FEED_EVERY = 0.1
LONGEST_BREATH = 20.0
"""Seconds without a pause after which the ear begins anew at the next cut: what it has to search
grows with every word."""


class RunningTranscript:
    """Feeds an ear, and keeps the words of the present segment. Without an ear it has none.

    `words` is the newest hypothesis; `sure` are the words on which two in a row agree: a cut
    must know early where words end. `grown` is told the caption, which lags a little more and
    only ever gets longer; `guessing` what comes after it, as far as that is understood. `patience`
    as in `Ear.words`.
    """

    words: tuple[Word, ...] = ()
    _guessed = ""

    def __init__(
        self,
        ear: Ear | None,
        patience: float,
        grown: Callable[[str], None],
        guessing: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._ear = ear
        self._patience = patience
        self._grown, self._guessing = grown, guessing
        self._began = 0.0
        self.begin()

    @property
    def sure(self) -> tuple[Word, ...]:
        return self._sure.words

    @property
    def coming(self) -> tuple[Word, ...]:
        """The sure words and the next one: of a clause's opener one sight must do for a listener
        who is waiting."""
        sure = self._sure.words
        return (*sure, *self.words[len(sure) : len(sure) + 1])

    def begin(self) -> None:
        """A pause is over: what is fed next begins a segment and a breath."""
        if self._ear is not None:
            self._ear.restart()
        self._unfed: list[Samples] = []
        self._fed = False
        self._next_segment(float("-inf"))

    def go_on(self, cut: float, rest: AudioChunk) -> None:
        """The speaker has not paused: the words after `cut` belong to the next segment. `rest`
        is the sound from there to what was fed last."""
        if self._fed and cut - self._began > LONGEST_BREATH and self._ear is not None:
            self._ear.restart()
            self._ear.feed(rest)
            self._unfed = []
            self._began = rest.pts
        self._next_segment(cut)

    def feed(self, end: float, *frames: Samples) -> bool:
        """Frames of which the last ends at `end`. True when they were passed on and `words` is
        new."""
        if self._ear is None:
            return False
        self._unfed.extend(frames)
        samples = sum(map(len, self._unfed))
        if samples < FEED_EVERY * RATE:
            return False
        self._pass_on(end)
        self.update()
        return True

    def _pass_on(self, end: float) -> None:
        sound = np.concatenate(self._unfed)
        start = end - len(sound) / RATE
        if not self._fed:
            self._fed, self._began = True, start
        if self._ear is not None:
            self._ear.feed(AudioChunk(sound, RATE, start))
        self._unfed = []

    def update(self) -> tuple[Word, ...]:
        """Ask the ear again."""
        if self._ear is not None:
            words = self._ear.words(self._patience)
            self.words = tuple(w for w in words if (w.start + w.end) / 2 > self._cut)
            self._sure.hear(self.words)
            if self._caption.hear(self.words):
                self._grown(self._caption.text)
            self._guess()
        return self.words

    def settle(self, end: float, patience: float) -> tuple[Word, ...]:
        """All words up to now, if the ear understands the rest of the sound in so many seconds;
        none if it does not."""
        if self._ear is None:
            return ()
        if self._unfed:
            self._pass_on(end)
        self._ear.words(max(patience, self._patience))
        self.update()
        return self.words if self._ear.caught_up else ()

    def finish(self) -> None:
        """The segment is over: its caption is completed."""
        if self._caption.flush(self.words):
            self._grown(self._caption.text)
        self._guess()

    def _guess(self) -> None:
        if self._caption.guess != self._guessed:
            self._guessed = self._caption.guess
            self._guessing(self._guessed)

    def close(self) -> None:
        if self._ear is not None:
            self._ear.close()

    def _next_segment(self, cut: float) -> None:
        self._cut = cut
        self._caption, self._sure = Agreement(), Agreement(keep=0)
        self._guessed = ""
        self.words = ()
