"""When the speaker uses the listeners' language: which one it was, and what is done about it."""

from collections import deque
from dataclasses import replace

import numpy as np

from core.config import Languages, Voice
from core.events import Event, Fate, Translated
from core.text.languages import DETECT
from core.timeline import Placed
from core.types import AudioChunk, Segment, Speech

COVERED = 0.3
"""From this share of a segment on that lay under a translated voice, it was not really heard."""
IN_YOUR_OWN_VOICE = "in your own voice"
_REMEMBERED = 32


class SpokenLanguage:
    """Fed by a session's events, on any thread."""

    def __init__(self, settings: Languages) -> None:
        self.language = ""
        """Of the newest segment that held words; empty where it is not found out."""
        self.own = False
        """Whether that was the listeners' own."""
        self._found_out = settings.source == DETECT or settings.pass_theirs

    def take(self, event: Event) -> None:
        if isinstance(event, Translated) and event.translation.text and self._found_out:
            self.language = event.translation.transcript.language
            self.own = event.translation.own


class OwnVoice:
    """Whether the listeners have heard the speaker's own words already, as they were said. One
    thread, the one that places voices; `settings` may be replaced at any time."""

    def __init__(self, settings: Voice) -> None:
        self.settings = settings
        self._translated: deque[tuple[float, float]] = deque(maxlen=_REMEMBERED)

    def passed(self, speech: Speech) -> Speech:
        """The speech; silent when it is the speaker's own voice and was heard."""
        if not speech.translation.own or not self._was_heard(speech.segment):
            return speech
        nothing = AudioChunk(np.zeros(0, np.float32), speech.audio.rate, speech.audio.pts)
        return replace(speech, audio=nothing)

    def placed(self, placed: Placed) -> None:
        """A voice has its place."""
        if placed.spoken:
            self._translated.append((placed.start, placed.end))

    def _was_heard(self, segment: Segment) -> bool:
        if self.settings.original != "duck":
            return self.settings.original == "pass"
        common = (min(segment.end, b) - max(segment.start, a) for a, b in self._translated)
        covered = sum(max(0.0, seconds) for seconds in common)
        return covered < COVERED * segment.audio.duration


def fate(placed: Placed) -> tuple[Fate, str]:
    """What became of a segment whose last voice was placed so."""
    if not placed.speech.translation.text:
        return Fate.EMPTY, ""
    if placed.speech.translation.own:
        return Fate.SPOKEN, IN_YOUR_OWN_VOICE
    if placed.spoken:
        return Fate.SPOKEN, ""
    return Fate.CAPTION, "the voice was too far behind"
