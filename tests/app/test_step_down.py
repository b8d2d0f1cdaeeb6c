import pytest

from app.assembly import Assembly
from core.config import Config, Engines, Languages
from core.events import EngineChosen, Notice
from core.session import Session
from engines import registry
from engines.mt.fake import FakeTranslator

_RUNGS = {
    ("mt", "top"): FakeTranslator(failures=range(3, 100)),  # not yet while it is tried out
    ("mt", "low"): FakeTranslator(),
}


@pytest.fixture
def told(monkeypatch, tmp_path):
    """What a session tells whose translator begins to fail."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    table = {key: one for key, one in registry._ENGINES.items() if key[0] != "mt"} | _RUNGS
    build = registry.build

    def built(kind, name, **options):
        return _RUNGS.get((kind, name)) or build(kind, name, **options)

    monkeypatch.setattr(registry, "_ENGINES", table)
    monkeypatch.setattr(registry, "build", built)
    engines = Engines(vad="fake", turn="fake", stt="fake", mt="auto", tts="fake")
    assembly = Assembly(Config(languages=Languages("en", "es"), engines=engines))
    events = []
    session = Session(assembly.pipeline)
    session.listen(events.append)
    session.start()
    try:
        translator = next(one.engine for one in assembly.choices if one.kind == "mt")
        assert [translator.translate("hello") for _ in range(4)] == ["hola"] * 4
        return events, assembly.reasons
    finally:
        session.stop()


def test_the_engine_that_takes_over_is_told_and_seen_in_the_session(told):
    events, reasons = told
    chosen = [one.name for one in events if isinstance(one, EngineChosen) and one.kind == "mt"]
    assert chosen == ["top", "low"]
    assert [one for one in events if isinstance(one, Notice) and "low goes on" in one.text]
    (reason,) = [reason for reason in reasons if reason.startswith("mt")]
    assert reason.startswith("mt: low; not top: It failed (The fake translator failed")
