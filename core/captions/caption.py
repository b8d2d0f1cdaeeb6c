"""One caption, and the list of them that a session fills."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.types import Translation


@dataclass(frozen=True, slots=True)
class Caption:
    """What was said from `start` to `end` (seconds), in both languages; `number` is that of the
    segment. Either text may be empty. `speaker` is a name for readers; empty: not told."""

    start: float
    end: float
    source: str
    translation: str
    number: int
    speaker: str = ""


def shifted(captions: Iterable[Caption], seconds: float) -> list[Caption]:
    """So much later; what would be over before zero is left out."""
    return [
        replace(one, start=max(0.0, one.start + seconds), end=one.end + seconds)
        for one in captions
        if one.end + seconds > 0
    ]


class CaptionLog:
    """The captions of a session, in the order of their segments. Any thread may add and ask."""

    def __init__(self) -> None:
        self._captions: dict[int, Caption] = {}
        self._lock = threading.Lock()

    def append(
        self, translation: Translation, start: float | None = None, end: float | None = None
    ) -> Caption:
        """The caption of a translation, at the time of its segment unless told otherwise. A
        later one of the same segment takes the place of the earlier."""
        segment = translation.segment
        caption = Caption(
            start=segment.start if start is None else start,
            end=segment.end if end is None else end,
            source=translation.transcript.text,
            translation=translation.text,
            number=segment.number,
        )
        with self._lock:
            self._captions[caption.number] = caption
        return caption

    def snapshot(self) -> list[Caption]:
        """All captions so far; the list is the caller's."""
        with self._lock:
            return [caption for _, caption in sorted(self._captions.items())]

    def __len__(self) -> int:
        return len(self._captions)
