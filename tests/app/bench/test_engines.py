import sys

import pytest

from app.bench import engines, names
from core.errors import EngineUnavailable


def test_the_bench_can_be_named():
    assert "engines" in names()


def test_what_computes_more_takes_longer_and_the_first_call_does_not_count():
    calls = []

    def work(size):
        calls.append(size)
        return sum(range(size * (50 if len(calls) == 1 else 1)))

    little = engines.seconds(lambda: work(20_000), rounds=5)
    much = engines.seconds(lambda: work(1_000_000), rounds=5)
    assert len(calls) == 12
    assert much > 5 * little


def test_without_torch_the_bench_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(EngineUnavailable, match=r"torch.*pip install.*neural"):
        engines.run()


def test_a_voice_of_the_real_shape_speaks_faster_than_it_is_heard(tmp_path):
    for needed in ("torch", "onnx", "piper"):
        pytest.importorskip(needed, reason=f"needs {needed}; it is in the extra neural")
    figures = engines.speaking(tmp_path / "voice")
    assert 0 < figures["piper_rtf"].value < 1
    assert 0 < figures["piper_first_s"].value < figures["piper_2s_s"].value
