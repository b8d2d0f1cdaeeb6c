"""A segment that kills whoever works on it costs that segment and nothing else."""

import os
import sys
import textwrap
from dataclasses import replace

import numpy as np
import pytest

from app.assembly import Assembly
from core.config import Config, Engines, Placement
from core.events import Fate, Notice, Settled
from core.session import Session
from core.types import AudioChunk
from engines.stt.tones import RATE, utter

DEADLY = """
    import os
    from pathlib import Path

    from engines.mt.fake import FakeTranslator


    class Deadly(FakeTranslator):
        def translate(self, text):
            if "seven" in text.lower():
                with open(os.environ["DEATHS"], "a") as file:
                    print(os.getpid(), file=file)
                os._exit(9)
            return super().translate(text)
"""


@pytest.fixture
def deaths(tmp_path, monkeypatch):
    """Makes the fake translator, in its process, one that a word kills; tells who died of it."""
    (tmp_path / "deadly.py").write_text(textwrap.dedent(DEADLY))
    hook = """
        import engines.registry as registry
        registry._ENGINES["mt", "fake"] = "deadly:Deadly"
    """
    (tmp_path / "deadly_hook.py").write_text(textwrap.dedent(hook))
    hosted = """
        import deadly_hook
        from engines.hosted import hosted
    """
    (tmp_path / "deadly_host.py").write_text(textwrap.dedent(hosted))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.setenv("DEATHS", str(tmp_path / "deaths"))
    monkeypatch.setattr("app.placement._HOSTED", "deadly_host:hosted")
    return tmp_path / "deaths"


def talk(session, *sentences):
    at = 0.0
    for sentence in sentences:
        sound = np.concatenate([utter(sentence), np.zeros(RATE, np.float32)])
        for first in range(0, len(sound), RATE // 10):
            piece = sound[first : first + RATE // 10]
            assert session.feed(AudioChunk(piece, RATE, at))
            at += len(piece) / RATE
    session.finish()


def test_three_processes_die_of_it_then_it_has_failed_and_the_rest_is_spoken_in_order(deaths):
    config = replace(
        Config(),
        engines=Engines(vad="energy", turn="fake", stt="fake", mt="fake", tts="fake"),
        placement=Placement(mt="process"),
    )
    session = Session(Assembly(config).pipeline)
    events = []
    session.listen(events.append)
    session.start()
    talk(session, "one two", "seven eight", "three four", "five six")
    spoken = []
    while (speech := session.receive(60)) is not None:
        if speech.last:
            spoken.append(speech.segment.number)
            session.ledger.settle(speech.segment.number, Fate.SPOKEN)
    session.stop()
    assert spoken == [0, 2, 3]
    assert len(set(deaths.read_text().split())) == 3
    fates = {event.number: event for event in events if isinstance(event, Settled)}
    assert [fates[number].fate for number in range(4)] == [
        Fate.SPOKEN,
        Fate.FAILED,
        Fate.SPOKEN,
        Fate.SPOKEN,
    ]
    assert "crashed" in fates[1].reason
    told = [event.text for event in events if isinstance(event, Notice)]
    assert any("process of mt" in text for text in told)
