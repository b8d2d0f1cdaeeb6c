"""The inputs process."""

from dataclasses import replace

from app.live import inputs
from app.live.desk import Desk
from app.live.inputs import Inputs


def test_the_users_own_devices_do_not_wait_for_the_memory_of_guests(monkeypatch):
    monkeypatch.setattr(inputs, "hurry", lambda: None)
    desk = Desk()
    names = replace(desk.names, guests=(("left", "long", "ago"),))
    one = Inputs(names, "pattern", "silence", 0.0)
    one.close()
    one._desk.close()
    desk.close()
