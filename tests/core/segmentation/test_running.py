from itertools import pairwise

import numpy as np

from core.segmentation.running import LONGEST_BREATH, RunningTranscript
from core.types import AudioChunk
from engines.stt.fake import FakeEar, utter

RATE = 16000
FRAME = 512


def fed(transcript: RunningTranscript, text: str, start: float = 0.0) -> float:
    """Feeds a text frame by frame; the time at which it ends."""
    sound = utter(text)
    for at in range(0, len(sound) - FRAME + 1, FRAME):
        start += FRAME / RATE
        transcript.feed(start, sound[at : at + FRAME])
    return start


def test_words_are_known_while_the_segment_grows():
    captions: list[str] = []
    transcript = RunningTranscript(FakeEar(), 0.0, captions.append)
    fed(transcript, "we go home today hello")
    assert [word.text for word in transcript.words][:4] == ["we", "go", "home", "today"]
    assert captions == sorted(captions, key=len)
    assert all(after.startswith(before) for before, after in pairwise(captions))


def test_what_may_still_change_is_told_beside_the_caption_and_is_gone_at_the_end():
    shown, said = [], ""

    def grown(text: str) -> None:
        nonlocal said
        said = text

    transcript = RunningTranscript(FakeEar(), 0.0, grown, lambda text: shown.append((said, text)))
    fed(transcript, "we go home today")
    assert ("", "we") in shown and ("we", "go") in shown
    transcript.finish()
    assert shown[-1] == ("we go home today", "")


def test_after_a_cut_only_what_follows_it_counts_and_the_ear_hears_on():
    ear = FakeEar()
    transcript = RunningTranscript(ear, 0.0, lambda text: None)
    end = fed(transcript, "we go home today hello world")
    cut = transcript.words[2].end + 0.03
    restarts = ear.restarts
    transcript.go_on(cut, AudioChunk(np.zeros(0, np.float32), RATE, cut))
    fed(transcript, "good morning", end)
    assert [word.text for word in transcript.update()][:3] == ["today", "hello", "world"]
    assert ear.restarts == restarts


def test_a_breath_without_end_makes_the_ear_begin_anew_with_what_follows_the_cut():
    ear = FakeEar()
    transcript = RunningTranscript(ear, 0.0, lambda text: None)
    fed(transcript, "hello")
    late = LONGEST_BREATH + 5
    transcript.go_on(late, AudioChunk(utter("good morning"), RATE, late))
    assert [word.text for word in transcript.update()] == ["good", "morning"]


def test_without_an_ear_there_are_no_words():
    transcript = RunningTranscript(None, 0.0, lambda text: None)
    assert transcript.feed(1.0, utter("hello")) is False
    assert transcript.update() == ()


def test_one_more_word_than_the_sure_ones_is_coming():
    transcript = RunningTranscript(FakeEar(), 0.0, lambda text: None)
    fed(transcript, "we go home today hello world")
    assert (
        len(transcript.coming) == len(transcript.sure) + 1 or transcript.coming == transcript.sure
    )
    assert transcript.coming[: len(transcript.sure)] == transcript.sure
