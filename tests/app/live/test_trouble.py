"""What is wrong for long is not logged each time that it is found."""

import logging

from app.live.trouble import Trouble


def test_it_is_logged_when_it_changes_and_when_it_comes_back(caplog):
    trouble = Trouble(logging.getLogger("test"))
    for what in ("", "no camera", "no camera", "no sound", "no sound", "", "no sound"):
        trouble.now(what)
    assert [record.message for record in caplog.records] == ["no camera", "no sound", "no sound"]
