"""Faces and voices of our own making, to calibrate, train and measure Wav2Lip networks with.

The synthetic speaker says synthetic sentences; a public-domain portrait that scikit-image brings
along stands for real skin. Nothing is downloaded.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import soxr
from numpy.typing import NDArray

from core.errors import EngineUnavailable
from core.mouth import mouth_track
from core.types import Frame, MouthTrack, Samples
from engines.demo.speaker import DemoSpeaker
from engines.face.mesh import MeshTracker
from engines.lips import wav2lip_mel as mel
from engines.lips.wav2lip_faces import FaceBox, network_input
from engines.tts.espeak import EspeakVoice

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

_RATE = 25
_TEXT = {
    "en": "Before we go home, show me both of the blue maps. What a wonderful evening!",
    "es": "Muchas gracias por venir; mañana hablaremos de la obra con más calma.",
    "de": "Über fünfzig Bäume fielen um, aber niemand wurde verletzt.",
    "fr": "Vous pouvez ouvrir la fenêtre, il fait beau aujourd'hui.",
}


@dataclass(frozen=True)
class Talk:
    """A talking face, 25 pictures a second: crops (n x 96 x 96 x 3, RGB) and what is heard with
    each (n x 80 x 16)."""

    faces: Image
    mels: Floats

    def inputs(self, number: int, reference: int | None = None) -> tuple[Floats, Floats]:
        """What the network gets for one picture: its mel window and its face; the whole face that
        it is shown may be that of another picture."""
        face = network_input(self.faces[number])
        if reference is not None:
            face[:, 3:] = network_input(self.faces[reference])[:, 3:]
        return self.mels[number][None, None], face


def talk(language: str = "en", pictures: int = 100) -> Talk:
    """The synthetic speaker, seen through the face tracker, says a sentence."""
    samples, track = said(language)
    speaker, tracker, box = DemoSpeaker((640, 480)), MeshTracker(), FaceBox()
    faces, mels = [], []
    for number in range(min(pictures, int(track.duration * _RATE))):
        seconds = number / _RATE
        image = speaker.frame(track.at(seconds), seconds)
        face = tracker.track(Frame(image, seconds, number))
        if face is not None:
            faces.append(box.cut(image, face.landmarks).image)
            mels.append(mel.window(samples, seconds))
    tracker.close()
    if not faces:
        raise EngineUnavailable("The face tracker does not find the synthetic speaker's face.")
    return Talk(np.array(faces), np.array(mels))


def said(language: str) -> tuple[Samples, MouthTrack]:
    """A sentence at 16 kHz, and what the mouth does meanwhile."""
    spoken = EspeakVoice(language).say(_TEXT[language])
    samples = soxr.resample(spoken.samples, spoken.rate, mel.RATE)
    track = mouth_track(spoken.phones, len(spoken.samples) / spoken.rate)
    return np.asarray(samples, np.float32), track


def calibration(count: int = 24, seed: int = 7) -> Iterator[tuple[Floats, Floats]]:
    """Mel windows and faces as a network takes them, single, and as different as people, rooms
    and cameras are. Every other face is a real one; every twelfth hears silence."""
    random = np.random.default_rng(seed)
    faces = talk(pictures=32).faces, portraits(random)
    heard = np.concatenate([_windows(language) for language in _TEXT])
    for number in range(count):
        kind = faces[number % 2]
        face = _otherwise_lit(kind[int(random.integers(len(kind)))], random)
        sound = heard[int(random.integers(len(heard)))] if number % 12 else mel.silence()
        yield sound[None, None], network_input(face)


def portraits(random: np.random.Generator, count: int = 12) -> Image:
    """Crops (n x 96 x 96 x 3) of a real face, turned and mirrored."""
    from skimage import data

    whole: Image = data.astronaut()  # type: ignore[no-untyped-call]
    tracker, found = MeshTracker(), []
    for number in range(count):
        turn = cv2.getRotationMatrix2D((220.0, 120.0), random.uniform(-15, 15), 1.0)
        image = np.asarray(cv2.warpAffine(whole, turn, (512, 512)), np.uint8)
        image = np.ascontiguousarray(image[:, ::-1] if number % 2 else image)
        # Far apart in time, so that each is searched anew.
        face = tracker.track(Frame(image, 10.0 * number, number))
        if face is not None:
            found.append(FaceBox().cut(image, face.landmarks).image)
    tracker.close()
    if not found:
        raise EngineUnavailable("The face tracker finds no face in the portrait.")
    return np.array(found)


def _windows(language: str) -> Floats:
    samples, track = said(language)
    return np.array([mel.window(samples, n / _RATE) for n in range(int(track.duration * _RATE))])


def _otherwise_lit(face: Image, random: np.random.Generator) -> Image:
    """Brighter or darker, of another colour, lit from a side, with a camera's noise."""
    side = np.linspace(random.uniform(0.6, 1.0), random.uniform(0.6, 1.0), face.shape[1])
    light = random.uniform(0.5, 1.25) * random.uniform(0.88, 1.12, 3)
    lit = (face / 255.0) ** random.uniform(0.8, 1.3) * 255.0 * light * side[:, None]
    lit = lit + random.normal(0.0, random.uniform(0.0, 5.0), face.shape)
    return np.asarray(np.clip(lit, 0, 255), np.uint8)
