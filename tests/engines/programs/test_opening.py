"""Who is heard as the others where no program can be tapped."""

import pytest

from core.devices import RATE, SoundInfo
from engines.microphone import followed
from engines.programs import opening
from engines.programs.opening import CHOOSE, open_others


@pytest.fixture
def mac(monkeypatch):
    """A Mac with the user's own microphone alone, which must not be opened."""
    own = SoundInfo("MacBook Microphone", "1", RATE, 1, default=True)
    monkeypatch.setattr(opening.sys, "platform", "darwin")
    monkeypatch.setattr(followed, "microphones", lambda: [own])
    monkeypatch.setattr(followed.Follower, "watch", lambda self: None)
    monkeypatch.setattr(
        followed, "open_device", lambda info: pytest.fail(f"{info.name} was opened")
    )


@pytest.mark.parametrize(
    ("wanted", "says"), [("", CHOOSE), ("BlackHole 16ch", "no cable called BlackHole 16ch")]
)
def test_the_users_own_microphone_is_never_taken_for_the_others(mac, wanted, says):
    others = open_others(wanted)
    others._follower.step()
    assert says in others.device.says
    assert not others.device.works
    others.close()
