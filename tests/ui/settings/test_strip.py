from core.config import Segmentation
from core.live import Level, LiveStatus
from ui.settings.strip import StripCard, cuts

LOUD, QUIET = -20.0, -65.0


def levels(*parts):
    return [level for level, tenths in parts for _ in range(tenths)]


def test_a_long_enough_pause_cuts_and_a_short_one_does_not():
    talk = levels((LOUD, 20), (QUIET, 3), (LOUD, 20), (QUIET, 10))
    short = cuts(talk, Segmentation(silence=0.2))
    long = cuts(talk, Segmentation(silence=0.6))
    assert [round(end - start, 1) for start, end in short] == [2.0, 2.0]
    assert [round(end - start, 1) for start, end in long] == [4.3]


def test_speech_without_a_pause_is_cut_by_force():
    found = cuts(levels((LOUD, 90)), Segmentation(longest=3.0))
    assert all(end - start <= 3.2 for start, end in found)
    assert len(found) == 3


def test_what_is_quieter_than_the_threshold_is_silence():
    talk = levels((LOUD, 20), (-50.0, 20))
    assert len(cuts(talk, Segmentation(drop_db=-20.0))[0:]) == 1
    assert cuts(talk, Segmentation(drop_db=-20.0))[0][1] == 2.0
    assert cuts(talk, Segmentation(drop_db=-40.0))[0][1] > 3.9


def test_silence_alone_has_no_segments_of_speech_longer_than_it():
    assert cuts([], Segmentation()) == []


def test_the_strip_follows_the_slider(qtbot, model):
    card = StripCard(model)
    qtbot.addWidget(card)
    card.show()
    for level in levels((LOUD, 20), (QUIET, 4), (LOUD, 20), (QUIET, 10)):
        card.show_status(LiveStatus(level=Level(db=level)))
    assert len(card.strip.segments) == 1
    model.set("segmentation.silence", 0.2)
    assert len(card.strip.segments) == 2
    assert card.says.text().startswith("Segments: 2,")
