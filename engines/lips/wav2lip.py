"""Wav2Lip lips: a network draws the lower face that says what is heard.

The program contains neither Wav2Lip's code nor its weights: the user supplies a checkpoint. The
licence of the original, code and published weights, allows non-commercial use only; `notice`
says so and is to be shown wherever this engine is chosen.
"""

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import soxr
from numpy.typing import NDArray

from core.errors import EngineUnavailable
from core.types import AudioChunk, Face, Frame, Moment, Samples
from engines.device import cards, device
from engines.lips import wav2lip_mel as mel
from engines.lips.wav2lip_cuda import OnCard
from engines.lips.wav2lip_faces import FaceBox, drawn_face, network_input, paste
from engines.lips.wav2lip_files import (
    default_cache,
    full_network,
    models_folder,
    small_network,
    supplied,
)
from engines.lips.wav2lip_gpu import gpu_network, ways_on
from engines.lips.wav2lip_network import Network, OpenVinoNetwork, ReferenceNetwork

log = logging.getLogger(__name__)

Image = NDArray[np.uint8]
Precision = Literal["int8", "fp32", "reference"]

NOTICE = (
    "Wav2Lip: the licence of its authors allows non-commercial use only, for the code and for the "
    "published weights."
)

RATE = 25.0
"""Faces a second that the network was trained for, and draws at most."""

_SMALLEST, _FARTHEST = 48.0, 1e5


class Wav2LipLips:
    """One speaker's lips; used by one thread.

    `checkpoint` is a `.pth` or `.onnx` file of the public architecture; without one, what the user
    put into the models folder is taken. `device_name` is cuda (FP16), cpu, or auto: the graphics
    card if there is one that can be used; cuda:1 is the second card, or whatever is there.
    `memory` is how full a card's memory may get. On the processor `precision` is int8 or fp32 on
    OpenVINO, or the reference on ONNX Runtime. The first time a checkpoint is used, half a minute
    goes into preparing it. A `network` that is given is taken as it is. `note` says what is used,
    and why not the card. EngineUnavailable without a usable checkpoint, or without the card that
    is asked for.
    """

    notice = NOTICE

    def __init__(
        self,
        *,
        checkpoint: Path | str | None = None,
        precision: Precision = "int8",
        device_name: str = "auto",
        memory: float = 0.85,
        cache: Path | None = None,
        network: Network | None = None,
    ) -> None:
        cv2.setNumThreads(1)
        self.note = ""
        if network is None:
            network, self.note = _network(checkpoint, precision, device_name, memory, cache)
        self._network = network
        self.forget()
        log.info("%s", NOTICE)

    def forget(self) -> None:
        """Another speaker, or another stream, follows."""
        self._box = FaceBox()
        self._voice = _Voice()
        self._last: _Drawn | None = None

    def save(self, path: Path) -> None:
        """Nothing: the network knows nobody."""

    def load(self, path: Path) -> None:
        """Nothing, likewise."""

    def observe(self, frame: Frame, face: Face) -> None:
        """Nothing: the network needs no acquaintance with the speaker."""

    def render(self, frame: Frame, face: Face, moment: Moment, strength: float = 1.0) -> Frame:
        """The frame with the mouth saying what is heard at the moment, `strength` 1, or on its
        way there; without a voice it is closed. Where the face cannot be used, or at 0, the frame
        itself. Only the lower face changes. EngineFailed when the network breaks."""
        if not strength > 0 or not _usable(frame, face):
            return frame
        crop = self._box.cut(frame.image, face.landmarks)
        drawn = self._draw(crop.image, frame.pts, moment)
        return replace(frame, image=paste(frame.image, crop, drawn, strength))

    def close(self) -> None:
        del self._network

    def _draw(self, face: Image, pts: float, moment: Moment) -> Image:
        """A camera that is faster than RATE sees some faces twice, each where the head is."""
        audio = moment.speech.audio if moment.speech is not None else None
        beat = int(pts * RATE + 1e-3)
        last = self._last
        if last is not None and last.beat == beat and last.audio is audio:
            return last.face
        heard = self._voice.window(audio, moment.into)
        drawn = drawn_face(self._network.draw(heard[None, None], network_input(face)))
        self._last = _Drawn(drawn, beat, audio)
        return drawn


@dataclass(frozen=True, slots=True)
class _Drawn:
    face: Image
    beat: int
    audio: AudioChunk | None


class _Voice:
    """The voice that is heard, at the network's rate; each is resampled once."""

    def __init__(self) -> None:
        self._audio: AudioChunk | None = None
        self._samples: Samples = np.zeros(0, np.float32)

    def window(self, audio: AudioChunk | None, seconds: float) -> mel.Mels:
        if audio is None or not len(audio.samples):
            return mel.silence()
        if audio is not self._audio:
            self._audio = audio
            samples = np.nan_to_num(audio.samples)
            self._samples = soxr.resample(samples, audio.rate, mel.RATE)
        return mel.window(self._samples, seconds)


def _network(
    checkpoint: Path | str | None,
    precision: Precision,
    device_name: str,
    memory: float,
    cache: Path | None,
) -> tuple[Network, str]:
    """The network, and what the user is told about where it runs."""
    checkpoint = checkpoint or supplied()
    if checkpoint is None:
        raise EngineUnavailable(
            "Wav2Lip needs a checkpoint, which this program does not bring along. Put yours into "
            f"{models_folder()} as wav2lip.pth or wav2lip.onnx. Its licence allows non-commercial "
            "use only."
        )
    checkpoint, cache = Path(checkpoint), cache or default_cache()
    note = ""
    if device_name.startswith("cuda") or (device_name != "cpu" and cards()):
        try:
            where = OnCard(device(device_name).card, memory)
            network = gpu_network(checkpoint, cache, ways_on(where))
            return network, str(getattr(network, "note", ""))
        except EngineUnavailable as exc:
            note = f"on the processor, {exc}"
    return _on_processor(checkpoint, precision, cache), note


def _on_processor(checkpoint: Path, precision: Precision, cache: Path) -> Network:
    if precision == "int8":
        return OpenVinoNetwork(small_network(checkpoint, cache))
    full = full_network(checkpoint, cache)
    return ReferenceNetwork(full) if precision == "reference" else OpenVinoNetwork(full)


def _usable(frame: Frame, face: Face) -> bool:
    image, landmarks = frame.image, face.landmarks
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        return False
    if landmarks.shape != (468, 3) or not np.isfinite(landmarks).all():
        return False
    if np.abs(landmarks).max() > _FARTHEST or not np.isfinite(frame.pts):
        return False
    return float(np.ptp(landmarks[:, 1])) >= _SMALLEST
