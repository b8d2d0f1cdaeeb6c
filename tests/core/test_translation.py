import numpy as np
import pytest

from core.clock import ManualClock
from core.config import Segmentation
from core.errors import EngineFailed
from core.events import Fate, Hearing, Settled
from core.lag import LagStep
from core.pipeline import Pipeline
from core.segmentation.segmenter import Listening, Segmenter
from core.session import Session
from core.text.care import TextCare
from core.translation import Chain, Recognise, Speak, Stages, Translate, asynchronous, sequential
from core.types import AudioChunk, Segment, Speech, Transcript, Translation, Word
from engines.mt.fake import FakeTranslator
from engines.stt.fake import FakeEar, FakeRecogniser, utter
from engines.tts.fake import FakeVoice
from engines.vad.fake import FakeVad

RATE = 16000
TALK = ("we go home today", "hello world good morning", "one two three four five six")


def segment(text: str, number: int = 0, final: bool = True, **rest) -> Segment:
    return Segment(number, AudioChunk(utter(text), RATE, 1.0), final=final, **rest)


def transcript(text: str) -> Transcript:
    return Transcript(segment("one"), text, "en")


def test_a_draft_spares_the_recognition_of_its_final_segment():
    recogniser = FakeRecogniser()
    stage = Recognise(recogniser)
    draft = segment("we go home", final=False)
    assert list(stage.process(draft)) == []
    final = Segment(0, draft.audio, id=draft.id)
    (heard,) = stage.process(final)
    assert heard.text == "We go home."
    assert heard.segment is final
    assert recogniser.calls == 1


def test_a_draft_that_has_grown_is_recognised_again():
    recogniser = FakeRecogniser()
    stage = Recognise(recogniser)
    draft = segment("we go", final=False)
    list(stage.process(draft))
    (heard,) = stage.process(Segment(0, segment("we go home today").audio, id=draft.id))
    assert heard.text == "We go home today."
    assert recogniser.calls == 2


def test_a_draft_that_failed_is_tried_anew_when_it_is_final():
    stage = Recognise(FakeRecogniser(failures=(0,)))
    draft = segment("we go home", final=False)
    with pytest.raises(EngineFailed):
        list(stage.process(draft))
    (heard,) = stage.process(Segment(0, draft.audio, id=draft.id))
    assert heard.text == "We go home."


@pytest.mark.parametrize(("step", "text"), [(LagStep.NORMAL, "We go"), (LagStep.TEMPO, "You go")])
def test_what_the_ear_heard_of_a_clause_is_taken_when_the_voice_is_behind(step, text):
    stage = Recognise(FakeRecogniser(), step=lambda: step)
    heard = (Word("you", 1.0, 1.2), Word("go", 1.3, 1.5))
    (said,) = stage.process(segment("we go", cut="clause", heard=heard))
    assert said.text == text


def test_what_the_ear_heard_is_taken_when_recognition_would_keep_the_listener_waiting():
    clock = ManualClock(auto=True)
    recogniser = FakeRecogniser(clock=clock, per_second=0.5)
    stage = Recognise(recogniser, clock=clock)
    heard = (Word("you", 1.0, 1.2), Word("go", 1.3, 1.5))
    list(stage.process(segment("we go home")))
    long = "we go home today we go home today we go home today"
    assert list(stage.process(segment(long, 1, final=False))) == []
    (said,) = stage.process(segment(long, 1, heard=heard))
    assert (said.text, recogniser.calls) == ("You go.", 1)
    (said,) = stage.process(segment("we go", 2, heard=heard))
    assert said.text == "We go."


def test_a_clause_that_goes_on_has_no_full_stop_and_what_follows_no_capital():
    stage = Recognise(FakeRecogniser())
    texts = [
        text.text
        for number, (words, cut) in enumerate(
            [("we go home", "clause"), ("because hello", "forced"), ("good morning", "pause")]
        )
        for text in stage.process(segment(words, number, cut=cut))
    ]
    assert texts == ["We go home", "because hello", "good morning."]


def test_the_users_terms_survive_and_fillers_do_not():
    translator = FakeTranslator(table={"meet": "reunirse", "at": "en"})
    care = TextCare("en", "es", keep=("Translated Camera",))
    (done,) = Translate(translator, care).process(transcript("Um meet at translated camera."))
    assert "Translated Camera" in done.text
    assert "reunirse" in done.text.lower()
    assert "um" not in done.text.lower().split()


def test_a_long_lag_makes_the_text_shorter():
    care = TextCare("en", "es")
    text = "Well, I actually think that we should really go home, you know."
    full, short = (
        next(
            iter(
                Translate(FakeTranslator(), care, lambda step=step: step).process(transcript(text))
            )
        )
        for step in (LagStep.NORMAL, LagStep.SHORTER)
    )
    assert len(short.text) < len(full.text)


@pytest.mark.parametrize("text", ["", "...", " "])
def test_what_cannot_be_spoken_leaves_as_one_silent_speech(text):
    (speech,) = Speak(FakeVoice()).process(Translation(transcript("x"), text, "es"))
    assert len(speech.audio.samples) == 0
    assert speech.last


def test_a_voice_that_is_turned_off_leaves_silence_and_is_asked_each_time():
    aloud = iter([False, True])
    stage = Speak(FakeVoice(), aloud=lambda: next(aloud))
    hola = Translation(transcript("hello"), "hola", "es")
    silent, said = ([*stage.process(hola)] for _ in range(2))
    assert sum(len(piece.audio.samples) for piece in silent) == 0
    assert sum(len(piece.audio.samples) for piece in said) > 0


def test_the_last_piece_of_a_voice_is_always_told():
    class Endless(FakeVoice):
        def speak(self, translation: Translation):
            audio = AudioChunk(np.ones(10, np.float32), RATE, 0.0)
            yield Speech(translation, audio, last=False)
            yield Speech(translation, audio, last=False)

    pieces = list(Speak(Endless()).process(Translation(transcript("x"), "hola", "es")))
    assert [piece.last for piece in pieces] == [False, False, True]


def stages(session: Session, **options) -> Stages:
    return Stages(
        Segmenter(
            Segmentation(),
            FakeVad(),
            Listening(ear=FakeEar(), live=False),
            heard=lambda number, text: session.tell(Hearing(number, text)),
            turn_number=lambda: session.turn,
        ),
        Recognise(options.get("recogniser", FakeRecogniser())),
        Translate(options.get("translator", FakeTranslator()), TextCare("en", "es")),
        Speak(options.get("voice", FakeVoice())),
    )


def talk() -> np.ndarray:
    quiet = np.zeros(round(1.3 * RATE), np.float32)
    return np.concatenate([part for text in TALK for part in (utter(text), quiet)])


def spoken(session: Session) -> list[Speech]:
    session.start()
    sound = talk()
    for at in range(0, len(sound), 1600):
        session.feed(AudioChunk(sound[at : at + 1600], RATE, at / RATE))
    session.finish()
    speeches = []
    while (speech := session.receive(timeout=20)) is not None:
        speeches.append(speech)
        session.ledger.settle(speech.segment.number, Fate.SPOKEN)
    session.stop()
    return speeches


@pytest.mark.parametrize("shape", [asynchronous, sequential])
def test_what_is_said_is_spoken_in_order_with_nothing_lost(shape):
    def build(session: Session) -> Pipeline:
        return shape(stages(session), session.watch)

    session = Session(build)
    heard: list[Hearing] = []
    session.listen(lambda event: heard.append(event) if isinstance(event, Hearing) else None)
    speeches = spoken(session)
    said = [speech.translation.transcript.text.lower().rstrip(".") for speech in speeches]
    assert said == ["we go home today", "hello world good morning", "one two three four five six"]
    assert all(len(speech.audio.samples) for speech in speeches)
    assert session.ledger.open == 0
    assert {event.number for event in heard} == {0, 1, 2}


@pytest.mark.parametrize("stage", ["recogniser", "translator", "voice"])
def test_an_engine_that_fails_once_costs_one_segment_and_says_so(stage):
    broken = {
        "recogniser": lambda: FakeRecogniser(failures=(1,)),
        "translator": lambda: FakeTranslator(failures=(1,)),
        "voice": lambda: FakeVoice(failures=(1,)),
    }[stage]
    session = Session(
        lambda session: asynchronous(stages(session, **{stage: broken()}), session.watch)
    )
    fates: dict[int, Settled] = {}
    session.listen(
        lambda event: fates.update({event.number: event}) if isinstance(event, Settled) else None
    )
    speeches = spoken(session)
    assert len(fates) == 3
    failed = [event for event in fates.values() if event.fate is Fate.FAILED]
    assert len(speeches) + len(failed) == 3
    assert len(failed) == 1
    assert all(event.reason for event in failed)


def test_a_chain_takes_one_item_through_all_its_stages_before_the_next():
    clock = ManualClock(auto=True)
    chain = Chain(
        Recognise(FakeRecogniser(clock=clock, delay=1.0)),
        Translate(FakeTranslator(clock=clock, delay=1.0), TextCare("en", "es")),
        Speak(FakeVoice(clock=clock, delay=1.0)),
    )
    (speech,) = chain.process(segment("we go home"))
    assert clock.now() == 3.0
    assert speech.translation.transcript.text == "We go home."
    chain.close()
