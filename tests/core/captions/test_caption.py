import threading

import numpy as np

from core.captions import Caption, CaptionLog
from core.captions.caption import shifted
from core.types import AudioChunk, Segment, Transcript, Translation


def _translation(number: int, text: str = "hola") -> Translation:
    audio = AudioChunk(np.zeros(16000, np.float32), 16000, 2.0 * number)
    return Translation(Transcript(Segment(number, audio), "hello", "en"), text, "es")


def test_a_caption_has_the_times_and_number_of_its_segment() -> None:
    assert CaptionLog().append(_translation(3)) == Caption(6.0, 7.0, "hello", "hola", 3)


def test_times_may_be_those_of_the_voice() -> None:
    caption = CaptionLog().append(_translation(0), start=4.0, end=5.5)
    assert (caption.start, caption.end) == (4.0, 5.5)


def test_a_snapshot_is_in_the_order_of_segments_and_does_not_change() -> None:
    log = CaptionLog()
    for number in (2, 0, 1):
        log.append(_translation(number))
    before = log.snapshot()
    log.append(_translation(3))
    assert [caption.number for caption in before] == [0, 1, 2]
    assert len(log) == 4


def test_a_later_translation_of_a_segment_replaces_the_earlier() -> None:
    log = CaptionLog()
    log.append(_translation(0, "hol"))
    log.append(_translation(0, "hola"))
    assert [caption.translation for caption in log.snapshot()] == ["hola"]


def test_threads_may_append_while_another_looks() -> None:
    log = CaptionLog()
    writers = [
        threading.Thread(
            target=lambda k=k: [log.append(_translation(4 * n + k)) for n in range(50)]
        )
        for k in range(4)
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        numbers = [caption.number for caption in log.snapshot()]
        assert numbers == sorted(numbers)
    for writer in writers:
        writer.join()
    assert [caption.number for caption in log.snapshot()] == list(range(200))


def test_captions_for_a_recording_that_began_later_begin_with_it() -> None:
    before, across, after = (
        Caption(start, start + 2.0, "hello", "hola", number)
        for number, start in enumerate((1.0, 4.0, 9.0))
    )
    moved = shifted([before, across, after], -5.0)
    assert [(one.start, one.end, one.number) for one in moved] == [(0.0, 1.0, 1), (4.0, 6.0, 2)]
