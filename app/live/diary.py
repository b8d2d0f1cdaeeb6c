"""What a live session heard, said and when: for the report, and for a transcript."""

import json
from dataclasses import dataclass
from typing import Any

from core.captions.caption import Caption
from core.events import Cut, Event, Recognised, Settled, SpeakerEvent, VoicePlaced


@dataclass
class Entry:
    """One segment; times on the session clock, None for what has not come (yet). `speaker` is
    empty where it was the user."""

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
    speaker: str = ""


class Diary:
    """Fed by a session's events, on any thread."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, int], Entry] = {}
        self._before: list[Entry] = []

    @property
    def entries(self) -> list[Entry]:
        return [*self._before, *self._entries.values()]

    def take(self, event: Event) -> None:
        if isinstance(event, SpeakerEvent):
            self._take(event.event, event.speaker)
        else:
            self._take(event, "")

    def _take(self, event: Event, speaker: str) -> None:
        match event:
            case Cut(segment):
                if (speaker, segment.number) in self._entries:
                    self._put_by(speaker)  # a new session counts from the beginning
                self._at(speaker, segment.number, segment.start, segment.end)
            case Recognised(transcript):
                self._at(speaker, transcript.segment.number).text = transcript.text
            case VoicePlaced(speech, start, lag):
                entry = self._at(speaker, speech.segment.number)
                entry.translation = speech.translation.text
                if len(speech.audio.samples):
                    entry.voice_start = start if entry.voice_start is None else entry.voice_start
                    entry.voice_end = start + speech.audio.duration
                    entry.lag = lag if entry.lag is None else entry.lag
            case Settled(number, fate, reason):
                entry = self._at(speaker, number)
                entry.fate, entry.reason = fate.value, reason

    def _put_by(self, speaker: str) -> None:
        for key in [key for key in list(self._entries) if key[0] == speaker]:
            self._before.append(self._entries.pop(key))

    def _at(self, speaker: str, number: int, start: float = 0.0, end: float = 0.0) -> Entry:
        entry = Entry(number, start, end, speaker=speaker)
        return self._entries.setdefault((speaker, number), entry)

    def captions(self, user: str = "") -> list[Caption]:
        """What was said and how it was translated, in the order of its time. With several
        speakers the user is named too, as `user`."""
        told = sorted((one for one in self.entries if one.text), key=lambda one: one.start)
        several = any(entry.speaker for entry in told)
        return [
            Caption(
                entry.start,
                entry.end,
                entry.text,
                entry.translation,
                number,
                entry.speaker or (user if several else ""),
            )
            for number, entry in enumerate(told)
        ]

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
