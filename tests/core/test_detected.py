import numpy as np
import pytest

from core.detected import KEPT, TranslateDetected
from core.errors import EngineUnavailable
from core.lag import LagStep
from core.text.care import TextCare
from core.translation import Recognise, Speak, Translate
from core.types import AudioChunk, MouthTrack, Segment, Transcript, Word
from engines.mt.fake import FakeTranslator
from engines.stt.fake import FakeRecogniser, utter
from engines.tts.fake import FakeVoice

RATE = 16000


def transcript(text, language):
    audio = AudioChunk(utter("one two"), RATE, 5.0)
    words = (Word(text, 5.1, 5.4),)
    return Transcript(Segment(0, audio), text, language, words)


@pytest.fixture
def built():
    return []


@pytest.fixture
def stage(built):
    def build(source):
        if source == "tr":
            raise EngineUnavailable("Nothing here translates Turkish into Spanish.")
        built.append(FakeTranslator(source, "es"))
        return built[-1], TextCare(source, "es")

    return TranslateDetected(build, "es")


def test_each_segment_is_translated_from_the_language_that_it_is_in(stage, built):
    spoken = [("Hello.", "en"), ("Moin.", "de"), ("World.", "en")]
    done = [next(iter(stage.process(transcript(*one)))) for one in spoken]
    assert [one.text for one in done] == ["Hola.", "Niom.", "Mundo."]
    assert [one.source for one in built] == ["en", "de"]
    assert not any(one.own for one in done)


def test_what_is_in_the_listeners_language_is_passed_on(stage, built):
    (done,) = stage.process(transcript("Hola.", "es"))
    assert (done.text, done.own, done.language) == ("Hola.", True, "es")
    assert not built


def test_a_language_that_cannot_be_translated_costs_its_segment_alone(stage):
    with pytest.raises(EngineUnavailable, match="Turkish"):
        list(stage.process(transcript("Merhaba.", "tr")))
    assert next(iter(stage.process(transcript("Hello.", "en")))).text == "Hola."


def test_few_translators_are_kept_and_all_are_closed_at_the_end(stage, built):
    for language in ("en", "de", "fr", "it"):
        list(stage.process(transcript("Hello.", language)))
    assert [one.closed for one in built] == [True] + [False] * KEPT
    stage.close()
    assert all(one.closed for one in built)


def test_a_segment_without_words_needs_no_translator(stage, built):
    (done,) = stage.process(transcript("", "tr"))
    assert (done.text, done.own) == ("", False)


def test_one_language_is_expected_and_the_listeners_one_is_passed_on():
    translator = FakeTranslator("en", "es")
    stage = Translate(translator, TextCare("en", "es"))
    (done,) = stage.process(transcript("Hola.", "es"))
    stage.ahead(transcript("Hola.", "es"))
    assert done.own and not translator.calls


def test_the_own_voice_is_the_sound_of_the_segment_with_its_words_and_a_mouth(stage):
    (own,) = stage.process(transcript("Hola.", "es"))
    mouth = MouthTrack(np.zeros(1, np.float32), np.zeros((1, 6), np.float32))
    (said,) = Speak(FakeVoice(), lambda audio: mouth).process(own)
    assert said.audio.samples is own.segment.audio.samples
    assert said.mouth is mouth
    assert [(word.text, round(word.start, 3)) for word in said.words] == [("Hola.", 0.1)]


def test_an_ear_that_may_have_heard_another_language_is_not_taken_at_its_word():
    stage = Recognise(FakeRecogniser(theirs="es"), "", step=lambda: LagStep.TEMPO)
    heard = (Word("you", 5.0, 5.2),)
    (said,) = stage.process(Segment(0, AudioChunk(utter("one"), RATE, 5.0), heard=heard))
    assert (said.text, said.language) == ("One.", "es")
