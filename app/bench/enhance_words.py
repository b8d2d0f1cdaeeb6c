"""What enhancing does to recognition: the words that the basic recogniser gets wrong."""

import numpy as np
import soxr

from app.bench.enhance_material import Case
from app.bench.enhance_scores import enhanced
from app.bench.report import Figure
from core.mouth import mouth_track
from core.ports import Enhancer, Recogniser
from core.types import AudioChunk, LipSight, Samples, Segment
from engines.enhance.features import RATE
from engines.enhance.mixing import SEEN_LATE, at_ratio
from engines.registry import build
from engines.tts.flite import FliteVoice
from engines.tts.utterance import trimmed

SENTENCES = (
    "We need to finish the report before the meeting tomorrow.",
    "The new camera is on the table next to the window.",
    "Could you please send me the address of the hotel.",
    "They have been waiting for the train since seven in the morning.",
)
OTHERS = (
    "Nobody knows how many people will come to the party on Sunday.",
    "The water in the river is much higher than it was last year.",
)
RATIO_DB = 3.0


def errors(engine: Enhancer) -> dict[str, Figure]:
    """The share of words that are wrong: of an unheard voice with another one behind it, as it is
    and with its lips to help."""
    import jiwer

    recogniser: Recogniser = build("stt", "sphinx", language="en")
    try:
        cases = [_case(number) for number in range(len(SENTENCES))]
        texts = [case.text for case in cases]
        before = [_said(recogniser, case.heard) for case in cases]
        after = [_said(recogniser, enhanced(engine, case).sound) for case in cases]
    finally:
        recogniser.close()
    return {
        "wer_without": Figure(float(jiwer.wer(texts, before))),
        "wer_with": Figure(float(jiwer.wer(texts, after))),
    }


def _case(number: int) -> Case:
    voice, sights = _spoken(SENTENCES[number], "rms")
    clean = voice * np.float32(0.5)
    other, _ = _spoken(OTHERS[number % len(OTHERS)], "slt")
    power = float(np.sqrt(np.mean(np.square(clean))))
    heard = clean + at_ratio(np.resize(other, len(clean)), power, RATIO_DB)
    text = SENTENCES[number].lower().rstrip(".")
    return Case("talker", RATIO_DB, clean, heard, sights, text)


def _spoken(text: str, name: str) -> tuple[Samples, tuple[LipSight, ...]]:
    """The voice, and its mouth as a camera sees it."""
    voice = trimmed(FliteVoice(voice=name).say(text), pause=0.3)
    sound = soxr.resample(voice.samples, voice.rate, RATE)
    track = mouth_track(voice.phones, len(sound) / RATE)
    moments = np.arange(0, len(sound) / RATE, 1 / 30)
    shapes = np.stack([track.at(max(0.0, moment - SEEN_LATE)) for moment in moments])
    columns = moments, 0.7 * shapes[:, 0], shapes[:, 1] - shapes[:, 2], np.ones(len(moments))
    return sound, tuple(LipSight(*row) for row in np.stack(columns, axis=1).tolist())


def _said(recogniser: Recogniser, sound: Samples) -> str:
    heard = recogniser.recognise(Segment(0, AudioChunk(sound, RATE, 0.0)))
    return heard.text.lower()
