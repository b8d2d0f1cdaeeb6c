"""What the keys of the window mean."""

from core.live import Voiced


def pressed(model, live, key):
    key()
    live.step(0.1)
    model.look()
    return model.status.voiced


def test_who_was_on_their_own_voice_is_so_again_after_a_mute(model, live):
    model.start()
    live.step(0.5)
    model.look()
    assert pressed(model, live, model.panic) is Voiced.ORIGINAL
    assert pressed(model, live, model.mute) is Voiced.MUTED
    assert pressed(model, live, model.mute) is Voiced.ORIGINAL
    assert pressed(model, live, model.panic) is Voiced.TRANSLATED


def test_panic_while_muted_gives_the_own_voice(model, live):
    model.start()
    assert pressed(model, live, model.mute) is Voiced.MUTED
    assert pressed(model, live, model.panic) is Voiced.ORIGINAL
