"""What is said and seen in a rehearsal: a short dialogue in several languages, and a drawn head."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.config import Config
from core.events import (
    Cut,
    Event,
    Fate,
    Guessing,
    Hearing,
    LagChanged,
    Recognised,
    Settled,
    Translated,
)
from core.guests import guests
from core.text.languages import DETECT, language_code, spoken_code
from core.types import AudioChunk, Segment, Transcript, Translation

WORD = 0.3
"""Seconds a word takes; between two sentences the speaker pauses for PAUSE."""
PAUSE = 0.8
LINES: dict[str, tuple[str, ...]] = {
    "en": (
        "Good morning, and thank you for joining us.",
        "We have looked at the new plan together.",
        "It costs less and it is ready in March.",
        "Do you have any questions about it?",
    ),
    "es": (
        "Buenos días, y gracias por acompañarnos.",
        "Hemos mirado juntos el nuevo plan.",
        "Cuesta menos y está listo en marzo.",
        "¿Tienen ustedes alguna pregunta?",
    ),
    "de": (
        "Guten Morgen und danke, dass Sie da sind.",
        "Wir haben uns den neuen Plan gemeinsam angesehen.",
        "Er kostet weniger und ist im März fertig.",
        "Haben Sie dazu noch Fragen?",
    ),
    "ar": (
        "صباح الخير، وشكرا لانضمامكم إلينا.",
        "لقد نظرنا معا في الخطة الجديدة.",
        "تكلفتها أقل وستكون جاهزة في مارس.",
        "هل لديكم أي أسئلة حولها؟",
    ),
    "fr": (
        "Bonjour et merci d'être parmi nous.",
        "Nous avons étudié ensemble le nouveau projet.",
        "Il coûte moins cher et sera prêt en mars.",
        "Avez-vous des questions ?",
    ),
}


@dataclass(frozen=True)
class Figures:
    """What a session would measure at this moment."""

    db: float
    speech: float
    silence: float
    lag: float
    lag_step: str
    skew_ms: float
    stages: Mapping[str, float]


class Dialogue:
    """The lines, said one after the other and again from the first."""

    def __init__(self, config: Config) -> None:
        self._target = language_code(config.languages.target)
        source = spoken_code(config.languages.source)
        self._guests = guests(config.guests.speakers)
        other = "en" if self._target != "en" else "de"
        mixed = source == DETECT or config.languages.pass_theirs
        self._sources = other if source == DETECT else source, self._target
        self._mixed = mixed
        """Each third line is in the others' language already."""
        self._now = 0.0
        self._began = 0.0
        self._number = 0
        self._told = 0
        self._step = "normal"
        self._before = "", False

    @property
    def mouth(self) -> float:
        """How far the mouth is open, 0 to 1."""
        return abs(math.sin(self._now * 9)) if self._now % 5 > 1 else 0.0

    @property
    def own(self) -> bool:
        """Whether the line is in the others' language, and that is noticed."""
        return self._mixed and self._number % 3 == 2

    @property
    def language(self) -> str:
        """In which the line before was said, where that is found out."""
        return self._before[0]

    @property
    def was_own(self) -> bool:
        return self._before[1]

    @property
    def speaker(self) -> str:
        """Who says the line: by turns the user, whose name is empty, and the guests."""
        return ("", *(one.name for one in self._guests))[self._turn]

    @property
    def _turn(self) -> int:
        return self._number % (1 + len(self._guests))

    @property
    def _source(self) -> str:
        theirs = self._guests[self._turn - 1].from_ if self._turn else ""
        return theirs or self._sources[self.own]

    def step(self, seconds: float) -> list[Event]:
        self._now += seconds
        words = self._line(self._source).split()
        said = min(len(words), int((self._now - self._began) / WORD))
        events: list[Event] = []
        if said > self._told:
            self._told = said
            sure = max(0, said - 1)
            events.append(Hearing(self._number, " ".join(words[:sure])))
            events.append(Guessing(self._number, " ".join(words[sure:said])))
        if self._now - self._began > len(words) * WORD + PAUSE:
            events += self._end(len(words) * WORD)
        return events

    def figures(self) -> Figures:
        quiet = max(0.0, self._now - self._began - self._told * WORD - WORD)
        swing = math.sin(self._now * 1.3)
        return Figures(
            db=-60.0 if quiet else -20.0 + 8 * math.sin(self._now * 17),
            speech=0.05 if quiet else 0.95,
            silence=quiet,
            lag=1.4 + 0.5 * swing,
            lag_step=self._step,
            skew_ms=8.0 + 6 * swing,
            stages={
                "recognise": 0.52 + 0.1 * swing,
                "translate": 0.02,
                "speak": 0.06,
                "picture": 0.006,
            },
        )

    def _line(self, language: str) -> str:
        lines = LINES.get(language, LINES["en"])
        return lines[self._number % len(lines)]

    def _end(self, seconds: float) -> list[Event]:
        sound = AudioChunk(np.zeros(round(seconds * 16000), np.float32), 16000, self._began)
        segment = Segment(self._number, sound, 0.9)
        transcript = Transcript(segment, self._line(self._source), self._source)
        text = self._line(self._target)
        translation = Translation(transcript, text, self._target, own=self.own)
        events: list[Event] = [Cut(segment), Recognised(transcript), Translated(translation)]
        events.append(Settled(self._number, Fate.SPOKEN))
        self._step = "tempo" if self._number % 4 == 2 else "normal"
        events.append(LagChanged(self._step, self.figures().lag))
        self._before = (self._source if self._mixed else "", self.own)
        self._began, self._told = self._now, 0
        self._number += 1
        return events


def _scene() -> NDArray[np.uint8]:
    """A person before a wall, 720p."""
    rows, columns = np.mgrid[0:720, 0:1280].astype(np.float32)
    wall = np.array([196, 205, 214]) - rows[..., None] * 0.06 + columns[..., None] * 0.015
    wall[(rows > 40) & (rows < 330) & (columns > 860) & (columns < 1160)] = (150, 178, 196)
    _ellipse(wall, (640, 830), (330, 290), (54, 74, 104))
    _ellipse(wall, (640, 520), (70, 120), (196, 152, 126))
    _ellipse(wall, (640, 300), (156, 190), (70, 50, 42))
    _ellipse(wall, (640, 340), (132, 172), (214, 172, 146))
    for eye in (588, 692):
        _ellipse(wall, (eye, 318), (22, 12), (250, 250, 250))
        _ellipse(wall, (eye, 318), (9, 10), (60, 44, 38))
    scene: NDArray[np.uint8] = np.clip(wall, 0, 255).astype(np.uint8)
    return scene


def _ellipse(
    image: NDArray[np.generic],
    centre: tuple[float, float],
    radii: tuple[float, float],
    colour: tuple[int, int, int],
) -> None:
    (x, y), (across, down) = centre, radii
    rows, columns = np.ogrid[0 : image.shape[0], 0 : image.shape[1]]
    image[((columns - x) / across) ** 2 + ((rows - y) / down) ** 2 <= 1] = colour


SCENE = _scene()


def draw(number: int, mouth: float) -> NDArray[np.uint8]:
    """The scene with the mouth open so far, and a lamp that tells that it is live."""
    image = SCENE.copy()
    face = image[400:480, 560:720]
    _ellipse(face, (80, 30), (44, 7 + 24 * mouth), (150, 72, 70))
    _ellipse(face, (80, 30), (34, 1 + 18 * mouth), (64, 24, 26))
    lamp = 40 + number % 200
    image[24:32, lamp : lamp + 24] = (240, 90, 80)
    return image
