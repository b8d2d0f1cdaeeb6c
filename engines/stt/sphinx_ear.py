"""Hearing a growing segment with pocketsphinx, in a worker process of its own."""

from collections import deque
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextlib import suppress

import numpy as np

from core.process import Remote, WorkerDied
from core.types import AudioChunk, Samples, Word
from engines.stt.sphinx_decoder import RATE, Said


class SphinxEar:
    """`words` is the newest hypothesis as it stands, the same tuple until there is a newer one;
    it changes its mind (see `core.partials.Agreement`).

    The utterance is kept until `restart`: when the worker dies, its successor hears it again.
    """

    def __init__(self, *, timeout: float = 15.0) -> None:
        self._remote = Remote("engines.stt.sphinx_decoder:StreamDecoder", timeout=timeout)
        self._life = 0
        self._mean = ""
        self._settled: Future[str] | None = None
        self._heard: list[Samples] = []
        self._pts = 0.0
        self._answers: deque[Future[list[Said]]] = deque()
        self._words: tuple[Word, ...] = ()

    @property
    def restarts(self) -> int:
        return self._remote.restarts

    @property
    def caught_up(self) -> bool:
        return not self._answers

    def feed(self, audio: AudioChunk) -> None:
        if audio.rate != RATE:
            raise ValueError(f"an ear hears {RATE} samples a second, not {audio.rate}")
        if not self._heard:
            self._pts = audio.pts
        self._heard.append(audio.samples)
        if not self._recover():
            self._listen(audio.samples)

    def words(self, patience: float = 0.0) -> tuple[Word, ...]:
        self._recover()
        if patience > 0 and self._answers:
            wait_for([self._answers[-1]], patience)
        newest: Future[list[Said]] | None = None
        while self._answers and self._answers[0].done():
            newest = self._answers.popleft()
        if newest is not None and not isinstance(newest.exception(), WorkerDied):
            self._words = tuple(
                Word(text, self._pts + start, self._pts + end, confidence)
                for text, start, end, confidence in newest.result()
            )
        return self._words

    def restart(self) -> None:
        self._words = ()
        self._answers.clear()
        if self._heard:
            self._heard = []
            if not self._recover():
                self._settle("")

    def close(self) -> None:
        self._remote.close()

    def _recover(self) -> bool:
        """Tells a new worker what the last one knew, if there is a new one."""
        if self._life == self._remote.restarts:
            return False
        self._life = self._remote.restarts
        self._answers.clear()
        self._settle(self._last_mean())
        if self._heard:
            self._listen(np.concatenate(self._heard))
        return True

    def _listen(self, samples: Samples) -> None:
        # A worker that pauses before its next life hears this again in it.
        with suppress(WorkerDied):
            self._answers.append(self._remote.submit("feed", samples))

    def _settle(self, mean: str) -> None:
        self._mean = self._last_mean()
        with suppress(WorkerDied):
            self._settled = self._remote.submit("restart", mean)

    def _last_mean(self) -> str:
        settled = self._settled
        if settled is not None and settled.done() and settled.exception() is None:
            return settled.result()
        return self._mean
