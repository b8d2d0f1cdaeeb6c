"""What programs of the system say, and how it is read."""

import json
import os
import signal

import pytest

from app.devices.engine_probe import EngineProbe
from app.devices.pipewire_graph import readers
from app.devices.probes import Probes, is_ours
from app.devices.rates import pactl_rates
from app.system import Answer
from core.errors import EngineFailed
from core.pace import Pace
from engines import registry
from engines.book import Book
from engines.measured import Measured
from tests.machines import FakeSystem

PACTL = """Source #0
\tState: IDLE
\tName: headset
\tDescription: Headset
\tSample Specification: s16le 1ch 44100Hz
Source #1
\tName: studio
\tSample Specification: float32le 2ch 96000Hz
"""


def node(number, **properties):
    kind = "PipeWire:Interface:Node"
    return {"id": number, "type": kind, "info": {"props": properties}}


def link(number, source, target):
    info = {"output-node-id": source, "input-node-id": target}
    return {"id": number, "type": "PipeWire:Interface:Link", "info": info}


OURS = node(40, **{"media.class": "Video/Source", "node.name": "Translated Camera"})


def graph(*objects):
    return readers(FakeSystem(answers={"pw-dump": Answer(0, json.dumps(objects))}))


def test_rates_are_read_by_the_sources_names():
    system = FakeSystem(answers={"env LC_ALL=C pactl list sources": Answer(0, PACTL)})
    assert pactl_rates(system) == {"headset": 44_100, "studio": 96_000}
    assert pactl_rates(FakeSystem()) == {}


def test_programs_that_are_linked_to_our_camera_read_it():
    firefox = node(50, **{"application.name": "Firefox"})
    assert graph(OURS, firefox, link(60, 40, 50)) == (True, ("Firefox",))
    assert graph(OURS, firefox) == (True, ())
    assert graph(node(41, **{"media.class": "Video/Source"}), firefox, link(60, 41, 50)) == (
        False,
        (),
    )


@pytest.mark.parametrize("answer", [Answer(127), Answer(0, "not json"), Answer(0, '[{"x": 1}]')])
def test_where_the_graph_cannot_be_read_nothing_is_claimed(answer):
    assert readers(FakeSystem(answers={"pw-dump": answer})) == (False, ())


@pytest.fixture
def probes():
    one = Probes()
    yield one
    one.close()


def test_an_engine_is_built_in_a_process_that_may_die(probes):
    options = {"source": "en", "target": "es"}
    assert probes.engine("mt", "fake", options).reason == "mt: fake"
    os.kill(probes._engines.pid, signal.SIGKILL)
    try:  # whether its death is noticed before the call or by it is a matter of luck
        about = probes.engine("mt", "fake", options)
    except EngineFailed as exc:
        assert "crashed" in str(exc)
        about = probes.engine("mt", "fake", options)
    assert about.name == "fake"


def test_its_process_is_known_as_one_of_ours_and_this_one_is_not(probes):
    probes.engine("vad", "fake", {})
    assert is_ours(probes._engines.pid)
    assert not is_ours(os.getppid())
    assert not is_ours(-1)


def test_an_engine_that_holds_a_long_budget_but_not_a_short_one_is_refused_for_that(
    monkeypatch, tmp_path
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    paces = {
        "top": Pace(5.0, 0.3, 0.3),
        "low": Pace(5.0, 0.1, 0.1),
    }  # a tenth of the budget will do
    table = {("mt", name): "engines.mt.fake:FakeTranslator" for name in paces}
    monkeypatch.setattr(registry, "_ENGINES", table)
    monkeypatch.setattr(Book, "figure", lambda book, key: paces[key])
    monkeypatch.setattr(Measured, "_key", lambda judge, candidate: candidate.name)
    options = {"source": "en", "target": "es"}
    names = [EngineProbe().about("mt", "auto", options, None, one)["name"] for one in (4.0, 2.0)]
    assert names == ["top", "low"]
