"""Hears everything as it is."""

from collections.abc import Sequence

from core.types import AudioChunk, LipSight


class OffEnhancer:
    sees = False

    def enhance(self, audio: AudioChunk, lips: Sequence[LipSight] = ()) -> AudioChunk:
        return audio

    def reset(self) -> None:
        """There is nothing to forget."""

    def close(self) -> None:
        """Nor to let go of."""
