"""What the processes of a live session share."""

from app.live import desk as module
from app.live.desk import Desk, Row


def test_who_waits_for_the_outputs_goes_on_once_they_send_no_more(monkeypatch):
    desk, looks = Desk(), iter([1.0, 2.0, 2.0])
    slept = []

    def pause(seconds):
        slept.append(seconds)
        desk.board.write(Row.SENT, next(looks))

    monkeypatch.setattr(module.time, "sleep", pause)
    desk.until_nothing_is_sent()
    desk.close()
    assert len(slept) == 3
