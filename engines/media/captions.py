"""Soft subtitles: one track a language, in the form that the container wants."""

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import av
from av.container import OutputContainer
from av.subtitles.stream import SubtitleStream

from engines.media.containers import Container
from engines.media.languages import three_letters
from engines.media.opening import AnyPacket

_MILLISECONDS = Fraction(1, 1000)
_SHORTEST = 0.2

# mov_text takes its sample description (font, place) from the header of an ASS script.
_HEADER = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


class CaptionTrack:
    """Captions of one language, given in the order of their start. One that begins while
    another is shown waits until that is over: not every container can show both."""

    def __init__(self, output: OutputContainer, container: Container, language: str) -> None:
        self._codec = container.captions
        stream = cast(SubtitleStream, output.add_stream(self._codec))
        stream.codec_context.subtitle_header = _HEADER
        stream.codec_context.time_base = _MILLISECONDS
        stream.time_base = _MILLISECONDS
        stream.metadata["language"] = three_letters(language, container.language)
        stream.metadata["title"] = language  # for languages that have no code there
        self._stream = stream
        self._waiting: list[tuple[float, float, str]] = []
        self._shown = 0.0

    def add(self, start: float, end: float, text: str) -> None:
        if text.strip():
            self._waiting.append((start, end, text.strip()))

    def packets(self, until: float = float("inf")) -> Iterator[AnyPacket]:
        """Those that begin before `until`, ready to be written."""
        self._waiting.sort(key=lambda caption: caption[0])
        while self._waiting and self._waiting[0][0] < until:
            start, end, text = self._waiting.pop(0)
            start = max(0.0, start, self._shown)
            self._shown = max(end, start + _SHORTEST)
            yield self._packet(start, self._shown, text)

    def flush(self) -> Iterator[AnyPacket]:
        return self.packets()

    def _packet(self, start: float, end: float, text: str) -> AnyPacket:
        packet = av.Packet(_payload(self._codec, text))
        packet.stream = self._stream
        packet.time_base = _MILLISECONDS
        packet.pts = packet.dts = round(start * 1000)
        packet.duration = round(end * 1000) - packet.pts
        packet.is_keyframe = True
        return packet


def _payload(codec: str, text: str) -> bytes:
    lines = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    if codec == "mov_text":
        data = lines.encode()[:0xFFFF].decode("utf-8", "ignore").encode()
        return len(data).to_bytes(2, "big") + data
    if codec == "webvtt":
        lines = lines.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if codec == "subrip":  # knows tags, but no way to write the signs themselves
        lines = lines.replace("<", "\u2039").replace(">", "\u203a")
    return lines.encode()
