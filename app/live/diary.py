"""What a live session heard, said and when: for the report, and for a transcript."""

import json
from dataclasses import dataclass
from typing import Any

from core.events import Cut, Event, Recognised, Settled, VoicePlaced


@dataclass
class Entry:
    """One segment; times on the session clock, None for what has not come (yet)."""

    number: int
    start: float
    end: float
    text: str = ""
    translation: str = ""
    voice_start: float | None = None
    voice_end: float | None = None
    lag: float | None = None
    fate: str = ""
    reason: str = ""


class Diary:
    """Fed by a session's events, on any thread."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._before: list[Entry] = []

    @property
    def entries(self) -> list[Entry]:
        return [*self._before, *self._entries.values()]

    def take(self, event: Event) -> None:
        match event:
            case Cut(segment):
                if segment.number in self._entries:  # a new session counts from the beginning
                    self._before += self._entries.values()
                    self._entries = {}
                entry = Entry(segment.number, segment.start, segment.end)
                self._entries[segment.number] = entry
            case Recognised(transcript):
                self._at(transcript.segment.number).text = transcript.text
            case VoicePlaced(speech, start, lag):
                entry = self._at(speech.segment.number)
                entry.translation = speech.translation.text
                if len(speech.audio.samples):
                    entry.voice_start = start if entry.voice_start is None else entry.voice_start
                    entry.voice_end = start + speech.audio.duration
                    entry.lag = lag if entry.lag is None else entry.lag
            case Settled(number, fate, reason):
                entry = self._at(number)
                entry.fate, entry.reason = fate.value, reason

    def _at(self, number: int) -> Entry:
        return self._entries.setdefault(number, Entry(number, 0.0, 0.0))

    def report(self, **about: Any) -> str:
        """One JSON object. With `recording_starts`, a time of the session, each segment's times
        are told as those of the recording, too; negative is before it began."""
        starts = about.get("recording_starts")
        segments = [_told(entry, starts) for entry in self.entries]
        return json.dumps(
            {**about, "synthetic_voice": True, "segments": segments}, ensure_ascii=False, indent=2
        )


def _told(entry: Entry, starts: float | None) -> dict[str, Any]:
    told = vars(entry)
    if starts is None:
        return told
    times = ((name, told[name]) for name in ("start", "end", "voice_start", "voice_end"))
    moved = {name: None if time is None else round(time - starts, 3) for name, time in times}
    return {**told, "in_recording": moved}
