from core.captions.floor import Floor, FloorWatch


def test_nobody_speaks():
    assert FloorWatch().at(1.0) is None


def test_a_translation_on_its_way_has_no_end_yet():
    watch = FloorWatch()
    watch.expect(1, 2.0)
    assert watch.at(1.9) is None
    assert watch.at(2.5) == Floor(None, 1.0)


def test_a_voice_counts_down_to_its_end():
    watch = FloorWatch()
    watch.expect(1, 1.0)
    watch.speak(1, 2.0, 5.0)
    assert watch.at(3.0) == Floor(2.0, 0.5)
    assert watch.at(5.0) is None


def test_the_last_of_several_voices_counts():
    watch = FloorWatch()
    watch.speak(1, 0.0, 2.0)
    watch.expect(2, 1.0)
    watch.speak(2, 2.0, 4.0)
    assert watch.at(1.5) == Floor(2.5, 0.625)


def test_a_further_piece_moves_the_end():
    watch = FloorWatch()
    watch.speak(1, 0.0, 2.0)
    watch.speak(1, 2.0, 4.0)
    assert watch.at(2.0) == Floor(2.0, 0.5)


def test_a_failed_translation_is_not_waited_for():
    watch = FloorWatch()
    watch.expect(1, 0.0)
    watch.settle(1)
    assert watch.at(1.0) is None


def test_a_spoken_one_counts_on_when_it_is_settled():
    watch = FloorWatch()
    watch.speak(1, 0.0, 4.0)
    watch.settle(1)
    assert watch.at(1.0) == Floor(3.0, 0.75)


def test_clear_forgets_all():
    watch = FloorWatch()
    watch.speak(1, 0.0, 4.0)
    watch.clear()
    assert watch.at(1.0) is None
