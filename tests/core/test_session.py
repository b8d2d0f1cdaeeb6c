import threading
import time
from collections.abc import Iterable

import numpy as np
import pytest

from core.channel import LocalChannel
from core.errors import EngineUnavailable
from core.events import Cut, Event, Fate, LanesStuck, Settled, State, StateChanged
from core.pipeline import Pipeline, Step
from core.session import Session
from core.types import AudioChunk, Segment, Speech, Transcript, Translation


def chunk(seconds: float = 1.0, pts: float = 0.0) -> AudioChunk:
    return AudioChunk(np.zeros(round(16000 * seconds), np.float32), 16000, pts)


class Segments:
    """Each chunk becomes a segment of the session's present turn."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.number = 0

    def process(self, item: AudioChunk) -> Iterable[Segment]:
        yield Segment(self.number, item, turn=self.session.turn)
        self.number += 1

    def flush(self) -> Iterable[Segment]:
        return ()

    def close(self) -> None:
        pass


class Speaks(Segments):
    """Fails on segment 1, and holds segment `holds` until it is let go."""

    def __init__(self, session: Session, holds: int = -1) -> None:
        super().__init__(session)
        self.holds = holds
        self.holding = threading.Event()
        self.go = threading.Event()

    def process(self, item: Segment) -> Iterable[Speech]:
        if item.number == self.holds:
            self.holding.set()
            self.go.wait(20)
        if item.number == 1:
            raise RuntimeError("boom")
        yield Speech(Translation(Transcript(item, "hi", "en"), "hola", "es"), item.audio)


def session(holds: int = -1) -> tuple[Session, list[Event], list[Speaks]]:
    made: list[Speaks] = []

    def build(session: Session) -> Pipeline:
        made.append(Speaks(session, holds))
        steps = [
            Step("segment", Segments(session), LocalChannel("audio_queue", 8)),
            Step("speak", made[0], LocalChannel("audio_output_queue", 8)),
        ]
        return Pipeline(LocalChannel("capture_queue", 8), steps, session.watch)

    one = Session(build)
    events: list[Event] = []
    one.listen(events.append)
    return one, events, made


def received(one: Session) -> list[int]:
    numbers = []
    while (speech := one.receive(timeout=5)) is not None:
        numbers.append(speech.segment.number)
    return numbers


def test_a_session_tells_its_states_in_order():
    one, events, _ = session()
    one.start()
    one.stop()
    states = [event.state for event in events if isinstance(event, StateChanged)]
    assert states == [State.STARTING, State.RUNNING, State.STOPPING, State.STOPPED]


def test_a_session_that_cannot_be_built_has_failed_and_says_why():
    def build(session: Session) -> Pipeline:
        raise EngineUnavailable("no voice here")

    one = Session(build)
    events: list[Event] = []
    one.listen(events.append)
    with pytest.raises(EngineUnavailable):
        one.start()
    assert events[-1] == StateChanged(State.FAILED, "no voice here")


def test_every_segment_meets_a_fate_and_a_failure_names_its_stage():
    one, events, _ = session()
    one.start()
    for n in range(3):
        one.feed(chunk(pts=float(n)))
    one.finish()
    for number in received(one):
        one.ledger.settle(number, Fate.SPOKEN)
    assert [event.segment.number for event in events if isinstance(event, Cut)] == [0, 1, 2]
    settled = {event.number: event for event in events if isinstance(event, Settled)}
    assert [settled[n].fate for n in range(3)] == [Fate.SPOKEN, Fate.FAILED, Fate.SPOKEN]
    assert settled[1].reason == "speak: boom"
    assert one.ledger.open == 0
    one.stop()


def test_cancel_drops_what_is_on_its_way_and_the_session_goes_on():
    one, events, made = session(holds=0)
    one.start()
    one.feed(chunk())
    assert made[0].holding.wait(5)
    one.cancel()
    made[0].go.set()
    made[0].holds = -1
    one.feed(chunk(pts=1.0))
    one.feed(chunk(pts=2.0))
    one.finish()
    assert received(one) == [2]
    fates = {event.number: event.fate for event in events if isinstance(event, Settled)}
    assert fates[0] is Fate.CANCELLED
    one.stop()


def test_stop_returns_in_time_when_an_engine_hangs_and_says_which():
    one, events, made = session(holds=0)
    one.start()
    one.feed(chunk())
    assert made[0].holding.wait(5)
    start = time.monotonic()
    one.stop(timeout=0.3)
    assert time.monotonic() - start < 2
    assert LanesStuck(("speak",)) in events
    assert one.state is State.STOPPED
    made[0].go.set()


def test_nothing_can_be_fed_before_the_start_or_after_the_stop():
    one, _, _ = session()
    assert one.feed(chunk()) is False
    one.start()
    one.stop()
    assert one.feed(chunk()) is False
    assert one.receive(timeout=1) is None
