"""A microphone into shared memory."""

from app.live.hearing import silence
from core.devices import RATE
from core.shared.sound import SharedSound


def test_a_night_without_sound_takes_no_memory():
    night = silence(8 * 3600)
    assert night.strides == (0,)
    heard = SharedSound(RATE)
    try:
        heard.append(night)
        assert heard.end == 8 * 3600 * RATE
        assert heard.silent(heard.end - RATE, RATE)
    finally:
        heard.close()
