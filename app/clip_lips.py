"""The lips in a recording, read ahead of its picture for whoever hears with their help."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.enhancing import lips_of
from core.errors import EngineUnavailable, UnreadableInput
from core.types import LipSight
from engines.media.pictures import read_frames
from engines.registry import auto

log = logging.getLogger(__name__)


class ClipLips:
    """Opened when it is first asked; a recording without a picture, or without a tracker, shows no
    lips. For one thread."""

    def __init__(self, source: Path) -> None:
        self._source = source
        self._sights: Iterator[LipSight] | None = None
        self._next: LipSight | None = None

    def look(self, until: float) -> Sequence[LipSight]:
        """Those that were not given yet, up to a time in seconds."""
        if self._sights is None:
            self._sights = self._watch()
        given = []
        while (sight := self._next or next(self._sights, None)) is not None:
            self._next = sight
            if sight.pts > until:
                break
            self._next = None
            given.append(sight)
        return given

    def _watch(self) -> Iterator[LipSight]:
        try:
            tracker = auto("face").engine
        except EngineUnavailable as error:
            log.info("No lips are seen: %s", error)
            return
        try:
            for frame in read_frames(self._source):
                yield lips_of(tracker.track(frame), frame.pts)
        except UnreadableInput as error:
            log.info("No lips are seen: %s", error)
        finally:
            tracker.close()
