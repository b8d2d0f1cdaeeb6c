"""Owns "now": which frame is shown at a moment, and what its mouth does.

There is one clock, the position that the listeners have really heard. The picture is drawn for
that position, so there is nothing that could drift; what is measured is told all the same.
"""

import threading

import numpy as np

from core.config import Picture
from core.timeline import Placed
from core.types import MOUTH_PARAMETERS, Moment, Segment

WINDOW = 0.05
"""A frame of the dubbed picture may be this far, in seconds, from the time that is wanted."""
DRIFT = 0.1
"""From this distance of voice and dubbed picture on, they are brought together again."""
LONGEST_DELAY = 9.5
"""What a ring of 300 frames holds, with a little to spare."""

_TAKE = 0.08
"""Seconds in which the mouth goes over to the translation before it is heard, and back."""
_BRIDGE = 0.6
"""Over pauses of the voice shorter than this the mouth rests and does not go back."""
_REMEMBERED = 64


class Orchestrator:
    """Voices are added as they are placed; `moment` is asked for the frame at hand. Each by one
    thread.

    Times are on the session clock. In the live picture a frame is shown at once and a voice
    plays as soon as it can; in the dubbed one the picture waits `delay` seconds, so that a
    segment's frames meet its voice.
    """

    def __init__(self, settings: Picture) -> None:
        self.dubbed = settings.mode == "dubbed"
        self.delay = settings.delay if self.dubbed else 0.0
        self.resynchronised = 0
        self._rest = settings.rest and not self.dubbed
        self._voices: tuple[Placed, ...] = ()
        self._changing = threading.Lock()

    def due(self, segment: Segment) -> float:
        """When the voice of a segment should start."""
        return segment.start + self.delay if self.dubbed else segment.end

    def wanted(self, now: float) -> float:
        """The time of the frame that is to be shown now; take the nearest within WINDOW."""
        return now - self.delay

    def add(self, placed: Placed) -> None:
        """A voice that will be heard. One that is too late for its dubbed picture makes the
        picture wait longer from here on. To the speaker's own voice the dubbed picture fits as it
        is."""
        if not placed.spoken or (self.dubbed and placed.speech.translation.own):
            return
        with self._changing:
            self._voices = (*self._voices, placed)[-_REMEMBERED:]
        if self.dubbed and placed.lag > DRIFT:
            self.delay = min(LONGEST_DELAY, self.delay + placed.lag)
            self.resynchronised += 1

    def forget(self) -> None:
        """No voice that was added is heard any more. Any thread."""
        with self._changing:
            self._voices = ()

    def moment(self, heard: float) -> Moment:
        """For the position that is heard while the frame is seen."""
        self._forget_old(heard)
        shape = np.zeros(len(MOUTH_PARAMETERS), np.float32)
        playing = next((one for one in self._voices if one.start <= heard < one.end), None)
        strength = self._strength(heard)
        if playing is None:
            return Moment(shape, strength)
        into = heard - playing.start
        shape = playing.speech.mouth.at(into)
        return Moment(shape, strength, playing.speech, into, self._end(playing) - heard)

    def _strength(self, heard: float) -> float:
        """1 while a voice is heard and over short pauses; ramps before and after."""
        if self._rest:
            return 1.0
        before = max((one.end for one in self._voices if one.end <= heard), default=-1e9)
        after = min((one.start for one in self._voices if one.start > heard), default=1e9)
        if any(one.start <= heard < one.end for one in self._voices) or after - before < _BRIDGE:
            return 1.0
        near = min(heard - before, after - heard)
        return float(np.clip(1.0 - near / _TAKE, 0.0, 1.0))

    def _end(self, playing: Placed) -> float:
        """Where the segment that is heard ends, as far as its pieces are known."""
        number = playing.speech.segment.number
        return max(one.end for one in self._voices if one.speech.segment.number == number)

    def _forget_old(self, heard: float) -> None:
        if self._voices and self._voices[0].end < heard - 1.0:
            with self._changing:
                self._voices = tuple(one for one in self._voices if one.end >= heard - 1.0)
