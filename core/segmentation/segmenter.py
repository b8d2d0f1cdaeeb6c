"""Cuts the sound into segments: at pauses, at complete sentences, at clause ends, or by force.

The paper's five parameters decide (see `Segmentation` in core/config.py). While a segment
grows an ear may listen along; its running transcript tells where clauses end, and a draft of
the segment goes out at the beginning of a pause so that recognition need not wait for its end.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID, uuid4

import numpy as np

from core.config import Segmentation
from core.ports import Ear, Turn, Vad
from core.segmentation.clauses import Pause, best_clause_end
from core.segmentation.running import RunningTranscript
from core.segmentation.utterance import RATE, Utterance
from core.types import AudioChunk, Samples, Segment, Word

PRE_ROLL = 0.3
CHECK_AFTER, CHECK_EVERY = 0.15, 0.15
"""Seconds of silence after which a sentence may be judged complete, and a draft goes out; and
after which it is judged anew: the longer the silence, the likelier the end."""
HURRY = 2.5
"""Seconds in which the demands on a clause end sink. Live from the beginning; a recorded clip
has time, there they sink before a forced split only."""
SETTLE = 0.15
"""Seconds that the ear may take to understand the end of a segment, when live."""
FORCED_WINDOW = 3.0
"""A forced split looks for the quietest place in the last so many seconds."""
SHORT_PAUSE = 0.3
MID_SENTENCE, LIKELY = 0.3, 0.6
"""The chance of being complete below which a pause is in mid-sentence for sure; and that from
which even a segment that is too short ends at a pause."""
FEWEST_VOICED = 3
"""Frames of speech below which an utterance was a click or a cough."""


@dataclass(frozen=True)
class Listening:
    """What the segmenter has beside its VAD.

    `patience`: how many seconds to wait for the ear, so that a recorded clip is cut the same
    on every machine; 0 when live. `live`: in a hurry, so segments go out as drafts before their
    end, and a clause goes out with what the ear understood of it.
    """

    ear: Ear | None = None
    turn: Turn | None = None
    language: str = "en"
    patience: float = 0.0
    live: bool = True


class Segmenter:
    """A stage: AudioChunk (16 kHz mono, any length, gapless) to Segment.

    `horizon` is the earliest time at which a segment that has not come out yet may begin; any
    thread may read it. `heard` is called with number and text when the running transcript has
    grown, `guessed` with what may follow. `turn_number` gives the cancellation number; when it
    changes, what was being heard is forgotten.
    """

    # What is being heard; `_forget` begins anew.
    _utterance: Utterance | None
    _id: UUID
    _complete: float
    _check_at: float
    _pauses: list[Pause]

    def __init__(
        self,
        settings: Segmentation,
        vad: Vad,
        listening: Listening = Listening(),
        *,
        heard: Callable[[int, str], None] = lambda number, text: None,
        guessed: Callable[[int, str], None] = lambda number, text: None,
        turn_number: Callable[[], int] = lambda: 0,
        now: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.horizon = 0.0
        self.settings = settings
        """May be replaced at any time, from any thread."""
        self.speech = 0.0
        """How surely the newest frame holds speech; any thread may read it."""
        self._vad = vad
        self._with = listening
        self._turn_number = turn_number
        self._now = now
        self._number = 0
        self._turn = turn_number()
        self._rest = np.zeros(0, np.float32)
        self._position = 0.0
        self._before: deque[Samples] = deque(maxlen=max(1, round(PRE_ROLL * RATE / vad.frame)))
        self._transcript = RunningTranscript(
            listening.ear,
            listening.patience,
            lambda text: heard(self._number, text),
            lambda text: guessed(self._number, text),
        )
        self._forget()

    @property
    def silence(self) -> float:
        """Seconds of silence after the speech that is being heard; any thread may ask."""
        utterance = self._utterance
        return utterance.silence if utterance is not None else 0.0

    def process(self, chunk: AudioChunk) -> Iterator[Segment]:
        if chunk.rate != RATE:
            raise ValueError(f"the segmenter wants {RATE} Hz, not {chunk.rate}")
        if self._turn != self._turn_number():
            self._turn = self._turn_number()
            self._forget()
        self._rest = np.concatenate([self._rest, chunk.samples])
        self._position = chunk.end - len(self._rest) / RATE
        while len(self._rest) >= self._vad.frame:
            frame, self._rest = self._rest[: self._vad.frame], self._rest[self._vad.frame :]
            self._position += self._vad.frame / RATE
            yield from self._hear(frame)
            self.horizon = max(self.horizon, self._start_of_open())

    def flush(self) -> Iterator[Segment]:
        if self._utterance is not None and self._utterance.voiced >= FEWEST_VOICED:
            yield self._cut("end")
        self.horizon = float("inf")

    def close(self) -> None:
        self._vad.close()
        self._transcript.close()
        if self._with.turn is not None:
            self._with.turn.close()

    def _start_of_open(self) -> float:
        if self._utterance is not None:
            return self._utterance.pts
        return self._position - len(self._before) * self._vad.frame / RATE

    def _hear(self, frame: Samples) -> Iterator[Segment]:
        self.speech = self._vad.speech(frame)
        loud = self.speech >= 0.5
        if self._utterance is None:
            self._before.append(frame)
            if loud:
                self._begin()
            return
        if loud:
            self._remember_pause(self._utterance)
        self._utterance.append(frame, loud)
        fresh = self._transcript.feed(self._position, frame)
        if loud:
            yield from self._while_speaking(self._utterance, fresh)
        else:
            yield from self._while_silent(self._utterance)

    def _begin(self) -> None:
        frames = list(self._before)
        self._before.clear()
        start = self._position - len(frames) * self._vad.frame / RATE
        self._utterance = Utterance(start, self._vad.frame)
        for frame in frames:
            self._utterance.append(frame, loud=frame is frames[-1])
        self._transcript.feed(self._position, *frames)

    def _while_silent(self, utterance: Utterance) -> Iterator[Segment]:
        settings = self.settings
        if utterance.voiced < FEWEST_VOICED:
            if utterance.silence >= settings.silence:
                self._forget()
            return
        first = self._check_at == CHECK_AFTER
        if utterance.silence >= self._check_at:
            self._check_at = utterance.silence + CHECK_EVERY
            chance = self._judge(utterance)
            # An ear that hears the speaker stop in mid-phrase may make up a word that fits.
            self._complete = chance if first else min(chance, (self._complete + chance) / 2)
        if utterance.silence >= settings.silence and self._may_end(utterance):
            yield self._cut("pause")
        elif self._complete >= settings.complete and utterance.length >= settings.shortest:
            yield self._cut("complete")
        elif self._with.live and first and self._check_at > CHECK_AFTER:
            yield self._segment(utterance.audio(), "pause", final=False)

    def _may_end(self, utterance: Utterance) -> bool:
        """A pause ends a segment unless it is in mid-sentence; a short one only when it is
        likely complete or the pause is longer. A pause of twice the length ends any."""
        if utterance.silence >= 2 * self.settings.silence:
            return True
        long = (
            utterance.length >= self.settings.shortest
            or utterance.silence >= 1.5 * self.settings.silence
        )
        return self._complete >= (MID_SENTENCE if long else LIKELY)

    def _remember_pause(self, utterance: Utterance) -> None:
        """The speaker goes on. A short pause, as between the things of a list, is only told
        when it was in mid-sentence."""
        if self._check_at > CHECK_AFTER:
            if utterance.silence >= SHORT_PAUSE or self._complete < MID_SENTENCE:
                sure = self._complete >= self.settings.complete
                self._pauses.append(Pause(utterance.spoken, utterance.end, self._complete, sure))
            self._check_at = CHECK_AFTER
            self._complete = 0.0

    @property
    def _language(self) -> str:
        """Where it is not given, an ear may find it out."""
        return self._with.language or str(getattr(self._with.ear, "language", ""))

    def _judge(self, utterance: Utterance) -> float:
        if self._with.turn is None:
            return 0.5
        audio = utterance.audio(utterance.end)
        return self._with.turn.complete(audio, self._transcript.update(), self._language)

    def _while_speaking(self, utterance: Utterance, fresh: bool) -> Iterator[Segment]:
        """`fresh`: the running transcript is new."""
        length = utterance.end - utterance.pts
        if length >= self.settings.longest:
            yield self._cut("forced", self._forced_end(utterance))
        elif self.settings.clauses and length >= self.settings.clause_after and fresh:
            yield from self._at_clause_end(utterance, length)

    def _at_clause_end(self, utterance: Utterance, length: float) -> Iterator[Segment]:
        words = self._transcript.coming if self._with.live else self._transcript.sure
        end = best_clause_end(
            words,
            self._language,
            utterance.dip,
            at_least=self._wanted_score(length),
            after=utterance.pts + self.settings.shortest,
            pauses=self._pauses,
        )
        if end is not None:
            at = utterance.quietest(end.time - 0.12, end.time + 0.12)
            yield self._cut("clause", at, words[: end.index + 1] if self._with.live else ())

    def _wanted_score(self, length: float) -> float:
        """The longer the segment, the less good a place will do."""
        settings = self.settings
        begins = settings.clause_after if self._with.live else settings.longest - HURRY
        over = max(0.0, (length - begins) / HURRY)
        return max(0.45, 0.75 - 0.3 * over)

    def _forced_end(self, utterance: Utterance) -> float:
        """The quietest place late in the segment; between two words where they are known."""
        first = max(utterance.pts + self.settings.shortest, utterance.end - FORCED_WINDOW)
        gaps = [
            (before.end, max(after.start, before.end + 0.06))
            for before, after in pairwise(self._transcript.words)
            if before.end >= first
        ]
        if not gaps:
            return utterance.quietest(first, utterance.end)
        best = max(gaps, key=lambda gap: utterance.dip(*gap) + (gap[1] - gap[0]))
        return utterance.quietest(*best)

    def _cut(self, reason: str, at: float | None = None, heard: tuple[Word, ...] = ()) -> Segment:
        """The segment up to its pause, or up to `at`, where the speaker goes on."""
        assert self._utterance is not None
        utterance = self._utterance
        if at is None:
            if self._with.live:
                heard = self._transcript.settle(self._position, SETTLE)
            self._transcript.finish()
        segment = self._segment(utterance.audio(at), reason, final=True, heard=heard)
        self._number += 1
        self._forget(None if at is None else utterance.tail(at))
        return segment

    def _segment(
        self, audio: AudioChunk, reason: str, *, final: bool, heard: tuple[Word, ...] = ()
    ) -> Segment:
        return Segment(
            number=self._number,
            audio=audio,
            complete=self._complete,
            final=final,
            cut=reason,
            heard=heard,
            turn=self._turn,
            decided=self._now(),
            id=self._id,
        )

    def _forget(self, rest: Utterance | None = None) -> None:
        """The segment is over. `rest` is the beginning of the next when there was no pause."""
        self._utterance = rest
        self._id = uuid4()
        self._complete = 0.0
        self._check_at = CHECK_AFTER
        self._before.clear()
        if rest is None:
            self._pauses = []
            self._transcript.begin()
        else:
            self._pauses = [pause for pause in self._pauses if pause.start > rest.pts]
            self._transcript.go_on(rest.pts, rest.audio(rest.end))
