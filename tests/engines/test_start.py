from engines.start import shared_start


def test_picture_and_sound_of_one_source_start_together():
    assert shared_start("file:a", "camera", 10.0) == 10.0
    assert shared_start("file:a", "microphone", 12.0) == 10.0


def test_the_same_half_again_starts_anew():
    shared_start("file:b", "camera", 10.0)
    assert shared_start("file:b", "camera", 11.0) == 11.0
    assert shared_start("file:b", "microphone", 12.0) == 11.0


def test_another_source_starts_by_itself():
    shared_start("file:c", "camera", 10.0)
    assert shared_start("file:d", "microphone", 11.0) == 11.0


def test_a_start_long_ago_is_over():
    shared_start("file:e", "camera", 10.0)
    assert shared_start("file:e", "microphone", 100.0) == 100.0
