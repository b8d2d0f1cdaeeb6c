"""A short trial of an engine: how long it takes for what a speaker says in some seconds."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import soxr

from core.errors import EngineUnavailable
from core.head import FACE_HEIGHT, RIGID, RIGID_MODEL, Head
from core.pace import Pace
from core.types import (
    MOUTH_PARAMETERS,
    AudioChunk,
    Face,
    Frame,
    Moment,
    Samples,
    Segment,
    Speech,
    Transcript,
    Translation,
)

ROUNDS = 3
PATIENCE = 0.7
"""Seconds of one trial after which it is not repeated; with three kinds to try, two seconds."""

_RATE = 16000
_BEAT = 0.04
_HEARD = 3.0
_WORDS_A_SECOND = 2.5
_SENTENCES = {
    "de": "Wir möchten heute über das Projekt sprechen, und dann sehen wir weiter.",
    "en": "We would like to talk about the project today, and then we will see.",
    "es": "Hoy queremos hablar sobre el proyecto, y después ya veremos.",
    "fr": "Nous voulons parler du projet aujourd'hui, et ensuite nous verrons.",
    "it": "Oggi vogliamo parlare del progetto, e poi vedremo.",
    "nl": "We willen vandaag over het project praten, en dan zien we wel.",
    "pt": "Hoje queremos falar sobre o projeto, e depois veremos.",
    "ru": "Сегодня мы хотим поговорить о проекте, а потом посмотрим.",  # noqa: RUF001
    "uk": "Сьогодні ми хочемо поговорити про проєкт, а потім побачимо.",  # noqa: RUF001
    "zh": "今天我们想谈谈这个项目，然后再看。",  # noqa: RUF001
}
_USUAL = "en"


def try_out(
    kind: str,
    engine: Any,
    options: Mapping[str, Any],
    quick_enough: Callable[[Pace], bool] = lambda pace: False,
    now: Callable[[], float] = time.perf_counter,
) -> Pace:
    """The quickest of up to three rounds, of which the first also warms up; no more than two when
    the engine is `quick_enough`. Whatever the engine raises is raised."""
    work = _WORKS[kind]
    best = work(engine, options, now)
    spent = best.whole
    for number in range(2, ROUNDS + 1):
        if spent > PATIENCE or (number > 2 and quick_enough(best)):
            break
        again = work(engine, options, now)
        spent += again.whole
        best = min(best, again, key=lambda pace: pace.whole)
    return best


def can_try(kind: str) -> bool:
    return kind in _WORKS


def _hear(engine: Any, options: Mapping[str, Any], now: Callable[[], float]) -> Pace:
    samples = _speech(str(options.get("language", "")))
    segment = Segment(0, AudioChunk(samples, _RATE, 0.0))
    begun = now()
    engine.recognise(segment)
    took = now() - begun
    return Pace(segment.audio.duration, took, took)


def _translate(engine: Any, options: Mapping[str, Any], now: Callable[[], float]) -> Pace:
    text = _sentence(str(options.get("source", "")))
    begun = now()
    engine.translate(text)
    took = now() - begun
    return Pace(len(_SENTENCES[_USUAL].split()) / _WORDS_A_SECOND, took, took)


def _speak(engine: Any, options: Mapping[str, Any], now: Callable[[], float]) -> Pace:
    language = str(options.get("language", ""))
    text = _sentence(language)
    nothing = Segment(0, AudioChunk(np.zeros(0, np.float32), _RATE, 0.0))
    translation = Translation(Transcript(nothing, "", _USUAL), text, language)
    begun = now()
    first = 0.0
    length = 0.0
    for piece in engine.speak(translation):
        length += piece.audio.duration
        first = first or now() - begun
    whole = now() - begun
    return Pace(length, first or whole, whole)


def _draw(engine: Any, options: Mapping[str, Any], now: Callable[[], float]) -> Pace:
    """Of two pictures, since the first one resamples the voice."""
    voice = AudioChunk(_speech(_USUAL), _RATE, 0.0)
    nothing = Segment(0, AudioChunk(voice.samples[:0], _RATE, 0.0))
    speech = Speech(Translation(Transcript(nothing, "", _USUAL), "", _USUAL), voice)
    frame, face = _portrait()
    took = 0.0
    for number in range(2):
        moment = Moment(
            np.zeros(len(MOUTH_PARAMETERS), np.float32), 1.0, speech, 1 + number * _BEAT
        )
        begun = now()
        engine.render(replace(frame, pts=number * _BEAT, number=number), face, moment)
        took = now() - begun
    return Pace(_BEAT, took, took)


_WORKS: Mapping[str, Callable[[Any, Mapping[str, Any], Callable[[], float]], Pace]] = {
    "stt": _hear,
    "mt": _translate,
    "tts": _speak,
    "lips": _draw,
}


def _sentence(language: str) -> str:
    return _SENTENCES.get(language, _SENTENCES[_USUAL])


@cache
def _portrait() -> tuple[Frame, Face]:
    """A face as high as half the picture, without looks: a network draws it none the quicker."""
    image = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8)
    head = Head(np.eye(3), np.array([640.0, 360.0, 0.0]), 360 / FACE_HEIGHT)
    points = np.tile([0.0, 0.45, 0.0], (468, 1))
    points[RIGID] = RIGID_MODEL
    mouth = np.zeros(len(MOUTH_PARAMETERS), np.float32)
    face = Face(head.out(points).astype(np.float32), head.pose, mouth, 1.0, 0.0)
    return Frame(image, 0.0, 0), face


@cache
def _speech(language: str) -> Samples:
    """Three seconds of somebody who speaks the language, or English."""
    from engines.tts.espeak import EspeakVoice

    known = language if language in _SENTENCES else _USUAL
    try:
        said = EspeakVoice(known).say(_SENTENCES[known])
    except EngineUnavailable:
        return np.random.default_rng(0).normal(0, 0.05, round(_HEARD * _RATE)).astype(np.float32)
    samples = soxr.resample(said.samples, said.rate, _RATE).astype(np.float32)
    return np.asarray(samples[: round(_HEARD * _RATE)], np.float32)
