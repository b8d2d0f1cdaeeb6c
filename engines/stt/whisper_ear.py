"""Hearing a growing segment with Whisper: the whole of it again and again, on a thread."""

import logging
import threading
import time

import numpy as np

from core.errors import EngineFailed
from core.types import AudioChunk, Samples, Word
from engines.stt.guards import Guards
from engines.stt.whisper_network import RATE, WhisperNetwork

log = logging.getLogger(__name__)

SHARE = 0.5
"""Of one core, at most so much is spent on hearing; the rest is for the final transcript."""
FRESH = 0.3
"""Seconds of new sound before it is worth while to hear everything again."""
_KEPT = 0.6
"""The part of a window that is heard again once the utterance outgrows it."""
_MOST_FAILURES = 3
_ENOUGH_S = 1.0
"""Of shorter sound nobody tells the language."""
_LIKELY, _SURE = 0.5, 0.8
"""How probable a language is that is believed: that of the utterance before; another one, twice in
a row. What was shown of an utterance cannot change its language any more."""


class Tongue:
    """In which language one utterance is, found out while it grows unless it is `given`."""

    def __init__(self, network: WhisperNetwork, given: str, before: str = "") -> None:
        self.code = given
        """Empty while it is not known."""
        self._network, self._given, self._before = network, given, before
        self._likeliest = ""

    def of(self, samples: Samples) -> str:
        if not self.code and len(samples) >= _ENOUGH_S * RATE:
            code, sure = self._network.languages_of(samples)[0]
            as_before = code == self._before and sure >= _LIKELY
            again = code == self._likeliest and sure >= _SURE
            self.code = code if as_before or again else ""
            self._likeliest = code if sure >= _SURE else ""
        return self.code

    def next(self) -> "Tongue":
        """Of the utterance that follows."""
        return Tongue(self._network, self._given, self.code or self._before)


class WhisperEar:
    """`words` is the newest hypothesis as it stands, the same tuple until there is a newer one; it
    changes its mind (see `core.partials.Agreement`), except about what lies too far back to be
    heard once more. One thread feeds and asks; the network is heard on another."""

    def __init__(self, network: WhisperNetwork, language: str, guards: Guards) -> None:
        """Without a `language` it is found out for each utterance; there are no words before."""
        self._network, self._guards = network, guards
        self._tongue = Tongue(network, language)
        self._change = threading.Condition()
        self._life = 0
        self._heard: list[Samples] = []
        self._pts = 0.0
        self._fed = self._understood = 0
        self._sure: tuple[Word, ...] = ()
        self._words: tuple[Word, ...] = ()
        self._urgent = self._closing = False
        self._failures = 0
        self._thread = threading.Thread(target=self._listen, name="whisper-ear", daemon=True)
        self._thread.start()

    @property
    def caught_up(self) -> bool:
        return self._understood >= self._fed

    @property
    def language(self) -> str:
        """Of the utterance; empty while it is not known."""
        return self._tongue.code

    def feed(self, audio: AudioChunk) -> None:
        if audio.rate != RATE:
            raise ValueError(f"an ear hears {RATE} samples a second, not {audio.rate}")
        with self._change:
            if not self._heard:
                self._pts = audio.pts
            self._heard.append(audio.samples)
            self._fed += len(audio.samples)
            self._change.notify_all()

    def words(self, patience: float = 0.0) -> tuple[Word, ...]:
        """EngineFailed when the network keeps failing."""
        with self._change:
            if patience > 0 and not self.caught_up:
                self._urgent = True
                self._change.notify_all()
                self._change.wait_for(lambda: self.caught_up or self._broken, patience)
            if self._broken:
                raise EngineFailed("Whisper's ear keeps failing; captions come from elsewhere.")
            return self._words

    def restart(self) -> None:
        with self._change:
            self._life += 1
            self._tongue = self._tongue.next()
            self._heard = []
            self._fed = self._understood = 0
            self._sure = self._words = ()
            self._urgent = False
            self._failures = 0

    def close(self) -> None:
        with self._change:
            self._closing = True
            self._change.notify_all()
        self._thread.join()

    @property
    def _broken(self) -> bool:
        return self._failures >= _MOST_FAILURES

    def _listen(self) -> None:
        rest = 0.0
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closing or self._urgent, rest)
                self._change.wait_for(lambda: self._closing or self._worth_while())
                if self._closing:
                    return
                life, fed, pts, tongue = self._life, self._fed, self._pts, self._tongue
                samples = np.nan_to_num(np.concatenate(self._heard))
                self._heard = [samples]
            begun = time.perf_counter()
            found = self._understand(samples, pts, tongue)
            rest = (time.perf_counter() - begun) * (1.0 / SHARE - 1.0)
            self._tell(found, life, fed)

    def _worth_while(self) -> bool:
        fresh = self._fed - self._understood
        return not self._broken and fresh >= (1 if self._urgent else FRESH * RATE)

    def _understand(self, samples: Samples, pts: float, tongue: Tongue) -> tuple[Word, ...] | None:
        """None when that failed."""
        if self._guards.silent(samples):
            return ()
        window = samples[: round(self._network.longest * RATE)]
        try:
            if not (language := tongue.of(window)):
                return ()
            heard = self._guards.kept(self._network.hear(window, language))
        except EngineFailed as exc:
            log.warning("%s", exc)
            return None
        return tuple(
            Word(one.text, pts + one.start, pts + one.end, one.confidence) for one in heard.words
        )

    def _tell(self, found: tuple[Word, ...] | None, life: int, fed: int) -> None:
        with self._change:
            self._failures = self._failures + 1 if found is None else 0
            if life == self._life and found is not None:
                self._understood = fed
                self._urgent = self._urgent and self._fed > fed
                self._words = self._sure + found
                self._forget(found)
            self._change.notify_all()

    def _forget(self, found: tuple[Word, ...]) -> None:
        """Let go of what lies too far back once the utterance outgrows the window."""
        window = round(self._network.longest * _KEPT * RATE)
        whole = np.concatenate(self._heard)
        if len(whole) < window or not found:
            return
        middle = self._pts + len(whole) / RATE / 2
        old = sum(word.end < middle for word in found)
        if 0 < old < len(found):
            between = (found[old - 1].end + found[old].start) / 2
            cut = round((between - self._pts) * RATE)
            self._sure += found[:old]
            self._heard = [whole[cut:]]
            self._pts += cut / RATE
