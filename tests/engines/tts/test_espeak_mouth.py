"""The mouth of real synthesised speech, in two languages and at several speeds."""

import numpy as np
import pytest

from core.mouth import MAX_STEP, Phone, mouth_track
from core.types import MOUTH_PARAMETERS, MouthTrack, Samples
from engines.tts.espeak import EspeakVoice
from engines.tts.utterance import trimmed

TEXTS = {
    "es": "Mi mamá y mi papá compran pan para Pepe; también probamos la bomba pequeña en el "
    "pueblo. El viernes por la mañana empezamos temprano, y nadie sabía que Pablo, el primo de "
    "Bárbara, había empujado la mesa contra la puerta del baño. ¿Por qué me preguntas siempre lo "
    "mismo? Hombre, porque importa: un invierno sin fiebre, sin embargo, vale más que cien "
    "ambulancias, confía en mí.",
    "en": "Peter Piper picked a piece of pepper before my mother bought a big bumper of bubble "
    "gum. People keep stopping by a deep pond, and maybe Bob, who never finished his coffee, "
    "remembers the number of members. The improvement in performance was probably impossible to "
    "prove; however, five brave companies from the village complained about the problem anyway.",
}
CASES = [(language, rate) for language in TEXTS for rate in (120, 175, 260, 400)]


def say(language: str, rate: int) -> tuple[Samples, list[Phone], MouthTrack]:
    utterance = trimmed(EspeakVoice(language, rate_wpm=rate).say(TEXTS[language]))
    samples, phones = utterance.samples, list(utterance.phones)
    return samples, phones, mouth_track(phones, len(samples) / utterance.rate)


def column(track: MouthTrack, name: str) -> np.ndarray:
    return track.shapes[:, MOUTH_PARAMETERS.index(name)]


@pytest.mark.parametrize(("language", "rate"), CASES)
def test_every_p_b_and_m_of_a_long_text_is_closed(language: str, rate: int) -> None:
    _, phones, track = say(language, rate)
    centres = [(p.start + p.end) / 2 for p in phones if p.name in ("p", "b", "m")]
    shapes = np.array([track.at(centre) for centre in centres if centre > 0.03])

    assert len(shapes) >= 30
    assert shapes[:, 0].max() < 0.005
    assert shapes[:, 4].min() > 0.9


@pytest.mark.parametrize(("language", "rate"), CASES)
def test_shapes_are_in_range_and_never_jump(language: str, rate: int) -> None:
    _, _, track = say(language, rate)
    steps = np.abs(np.diff(np.pad(track.shapes, ((1, 1), (0, 0))), axis=0))

    assert track.shapes.min() >= 0
    assert track.shapes.max() <= 1
    assert steps.max() <= MAX_STEP + 1e-3
    assert np.all(np.diff(track.times) > 0)


@pytest.mark.parametrize("language", TEXTS)
def test_the_mouth_opens_with_the_sound_and_rests_with_silence(language: str) -> None:
    samples, _, track = say(language, 175)
    power = np.convolve(samples**2, np.ones(220) / 220, "same")
    level = np.sqrt(power[np.minimum(np.rint(track.times * 22050).astype(int), len(power) - 1)])
    jaw = column(track, "jaw")
    silent = np.convolve(level < 0.002, np.ones(21), "same") == 21  # 100 ms on either side

    assert np.corrcoef(level, jaw)[0, 1] > 0.3
    assert silent.sum() > 10
    assert track.shapes[silent][:, [0, 4, 5]].max() < 0.1
    assert track.shapes[silent].max() < 0.25  # rounding may announce itself
    assert 0.15 < jaw[level > 0.01].mean() < 0.6
