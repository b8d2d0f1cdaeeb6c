"""A translated recording, written piece by piece while the translation goes on."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.container import OutputContainer

from core.errors import CannotWrite, TranslatedCameraError, UsageError
from core.types import Frame, Samples
from engines.media.captions import CaptionTrack
from engines.media.containers import container_of
from engines.media.encoders import RATE, PictureFormat, SoundEncoder
from engines.media.info import MediaInfo, probe
from engines.media.languages import three_letters
from engines.media.opening import AnyPacket
from engines.media.pictures import PictureReader
from engines.media.target import Target, writing
from engines.media.tracks import PictureTrack, picture_track

__all__ = ["RATE", "SYNTHETIC", "MediaWriter", "PictureFormat"]

log = logging.getLogger(__name__)

SYNTHETIC = "Translated by Translated Camera: the voice is synthetic."
_MARKS = {
    "SYNTHETIC_VOICE": "1",
    "DIGITAL_SOURCE_TYPE": "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic",
}
MARK = f"[{'; '.join(f'{name}={text}' for name, text in _MARKS.items())}]"
"""The marks for programs, once more within the comment: MP4, MOV, M4A and WAV drop tags that
they do not know, and FFmpeg's way around that hides the title from players."""
_KEYWORDS = "synthetic voice, translated"
_KEPT = (
    *("title", "artist", "author", "album", "album_artist", "composer", "genre", "date", "year"),
    *("creation_time", "copyright", "description", "synopsis"),
)
# Packets of one stream wait for the others'; captions are rare and must not hold up the rest.
_OPTIONS = {"max_interleave_delta": "2000000"}


class MediaWriter:
    """Writes `target` under a working name beside it; only `finish` puts it in place.

    `pictures`: a PictureReader whose packets are given to `write_packet` (copied where the
    container can hold them, else encoded anew, upright); a PictureFormat when `write_frame`
    brings them; None for sound only. `captions` names the languages of the subtitle tracks,
    `language` that of the voice. `source` gives title and tags. What cannot be done is said in
    `warnings`; `captions_held` is false when captions must go to files of their own. With
    `lasting`, what was written up to the last second or two can be played as `NAME.partial.EXT`
    whatever becomes of this process.

    For one thread. UsageError: an unknown ending, or the target is the source. CannotWrite: the
    disk's refusals, at any call; then only `abandon` is left.
    """

    def __init__(
        self,
        target: str | Path,
        source: MediaInfo | None = None,
        pictures: PictureReader | PictureFormat | None = None,
        *,
        language: str = "",
        captions: Sequence[str] = (),
        overwrite: bool = False,
        lasting: bool = False,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        path = Path(target)
        self._kind = container_of(path)
        self._lasting = lasting
        _refuse_same(path, source)
        self.warnings: list[str] = []
        self._open = False
        self._target = Target(path, overwrite=overwrite, lasting=lasting)
        try:
            with writing(path):
                marks = _tags(source, tags or {})
                self._output = self._container(marks)
                self._pictures = self._picture_track(pictures)
                self._sound = self._sound_track(language, marks)
                self._tracks = self._caption_tracks(captions)
                self._output.start_encoding()
                self._open = True
        except BaseException:
            self._target.discard()
            raise

    @property
    def captions_held(self) -> bool:
        return bool(self._kind.captions)

    @property
    def copies_pictures(self) -> bool:
        """Whether packets are taken over as they are."""
        return self._pictures is not None and self._pictures.copies

    @property
    def seconds(self) -> float:
        """How much sound has been written."""
        return self._sound.seconds

    def write_packet(self, packet: AnyPacket) -> None:
        """The next of the PictureReader's packets. It must not be used afterwards."""
        if self._pictures is not None:
            self._mux(self._pictures.from_packet(packet))

    def write_frame(self, frame: Frame) -> None:
        """The next picture, upright RGB; passed over when the container holds sound only."""
        if self._pictures is not None:
            self._mux(self._pictures.from_frame(frame))

    def write_sound(self, samples: Samples) -> None:
        """The next samples, n x 2 float32 at RATE; then the captions that began by now."""
        self._mux(self._sound.encode(samples))
        for track in self._tracks.values():
            self._mux(track.packets(self._sound.seconds))

    def write_caption(self, language: str, start: float, end: float, text: str) -> None:
        """A caption for one of the announced languages; written when the sound gets there."""
        if language in self._tracks:
            self._tracks[language].add(start, end, text)

    def finish(self) -> Path:
        """Complete the file and put it in place. CannotWrite: nothing of it is left, or the
        sentence says where; of one that is `lasting` what can be played stays."""
        try:
            self._complete()
        except CannotWrite as exc:
            if self._lasting and _playable(self._target.working):
                kept = self._target.keep()
                raise CannotWrite(f"{exc} What there is has been left as {kept}.") from exc
            self._target.discard()
            raise
        return self._target.commit()

    def abandon(self, *, keep: bool) -> Path | None:
        """Stop here. With `keep`, what was written is closed properly and left as
        `NAME.partial.EXT`; None when it would not be playable (nothing is left then)."""
        try:
            self._complete()
        except CannotWrite:
            log.info("The partial file could not be completed", exc_info=True)
        except BaseException:
            self._target.discard()
            raise
        if self._target.kept or (keep and _playable(self._target.working)):
            return self._target.keep()
        self._target.discard()
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.abandon(keep=False)

    def _container(self, tags: Mapping[str, str]) -> OutputContainer:
        output = av.open(
            str(self._target.working.absolute()),
            mode="w",
            format=self._kind.muxer,
            container_options=self._options(),
        )
        output.metadata.update(tags)
        return output

    def _options(self) -> dict[str, str]:
        lasting = self._kind.lasting if self._lasting else {}
        return {**_OPTIONS, **self._kind.options, **lasting}

    def _picture_track(self, pictures: PictureReader | PictureFormat | None) -> PictureTrack | None:
        if pictures is None or self._kind.video:
            return picture_track(self._output, self._kind, pictures)
        self.warnings.append(
            f"{self._target.path.name} holds sound only, so the picture is left out."
        )
        return None

    def _sound_track(self, language: str, tags: Mapping[str, str]) -> SoundEncoder:
        sound = SoundEncoder(self._output, self._kind)
        code = three_letters(language, self._kind.language)
        sound.stream.metadata.update(
            language=code, title="Synthetic voice", handler_name="Synthetic voice"
        )
        if self._kind.muxer in ("ogg", "opus"):  # there, the stream carries the file's tags
            sound.stream.metadata.update(tags)
        return sound

    def _caption_tracks(self, languages: Sequence[str]) -> dict[str, CaptionTrack]:
        if languages and not self.captions_held:
            self.warnings.append(f"{self._target.path.name} cannot hold captions.")
            return {}
        return {one: CaptionTrack(self._output, self._kind, one) for one in languages}

    def _mux(self, packets: Iterable[AnyPacket]) -> None:
        with writing(self._target.path):
            for packet in packets:
                self._output.mux(packet)

    def _complete(self) -> None:
        if not self._open:
            return
        self._open = False
        with writing(self._target.path):
            try:
                for track in (self._pictures, self._sound, *self._tracks.values()):
                    if track is not None:
                        self._output.mux(list(track.flush()))
            finally:
                self._output.close()


def _tags(source: MediaInfo | None, given: Mapping[str, str]) -> dict[str, str]:
    told = source.tags if source else {}
    kept = {name: text for name, text in told.items() if name.lower() in _KEPT}
    before = next((text for name, text in told.items() if name.lower() == "comment"), "")
    comment = f"{SYNTHETIC} {before}".strip() if SYNTHETIC not in before else before
    tags = {**kept, "keywords": _KEYWORDS, "comment": comment, **given, **_MARKS}
    if MARK not in tags["comment"]:
        tags["comment"] = f"{tags['comment']} {MARK}"
    return tags


def _refuse_same(path: Path, source: MediaInfo | None) -> None:
    with writing(path):
        if source and path.exists() and source.path.exists() and path.samefile(source.path):
            raise UsageError(f"{path} is the input itself; name another file for the output.")


def _playable(path: Path) -> bool:
    try:
        return probe(path).duration > 0
    except TranslatedCameraError:
        return False
