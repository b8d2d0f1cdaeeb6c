import io
import json
import math

import pytest
from rich.console import Console

import app.bench
from app.bench.report import Figure, Report, machine, write_json
from core.errors import CannotWrite, EngineUnavailable, UsageError

FIGURES = {
    "speedup": Figure(3.25, "x", at_least=2.3),
    "overhead_ms": Figure(27.0, "ms", at_most=20),
    "frames": Figure(1234.5),
}


def shown(report: Report) -> list[str]:
    out = io.StringIO()
    report.show(Console(file=out, width=100))
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure(2.3, at_least=2.3), True),
        (Figure(2.29, at_least=2.3), False),
        (Figure(20, at_most=20), True),
        (Figure(20.1, at_most=20), False),
        (Figure(0, at_least=-40, at_most=40), True),
        (Figure(-41, at_least=-40, at_most=40), False),
        (Figure(1e9), True),
        (Figure(math.nan, at_most=1), False),
        (Figure(math.nan, at_least=1), False),
    ],
)
def test_a_bound_is_met_up_to_its_edge_and_never_by_nan(figure, met):
    assert figure.met is met


def test_a_report_is_met_when_all_its_bounds_are():
    assert not Report("latency", FIGURES).met
    assert Report("latency", {"speedup": FIGURES["speedup"]}).met


def test_the_table_shows_value_bound_and_verdict_of_each_figure():
    lines = shown(Report("latency", FIGURES, (0.5, 1.0, 2.0)))
    rows = {line.split()[1]: line for line in lines if line.startswith("│")}
    assert "bench latency" in lines[0]
    assert all(part in rows["speedup"] for part in ("3.25 x", "≥ 2.3", "met"))
    assert all(part in rows["overhead_ms"] for part in ("27 ms", "≤ 20", "missed"))
    assert "1,234" in rows["frames"]
    assert "met" not in rows["frames"]
    assert "load 0.50 1.00 2.00" in lines[-1]


def test_the_json_is_one_object_of_the_contracts_shape(tmp_path):
    file = tmp_path / "out.json"
    write_json(Report("latency", FIGURES, (0.5, 1.0, 2.0)), file)
    assert json.loads(file.read_text()) == {
        "bench": "latency",
        "machine": machine(),
        "load": [0.5, 1.0, 2.0],
        "figures": {"speedup": 3.25, "overhead_ms": 27.0, "frames": 1234.5},
    }


def test_a_figure_that_could_not_be_measured_is_null_in_the_json():
    assert Report("x", {"a": Figure(math.nan)}).as_json()["figures"] == {"a": None}


def test_the_machine_is_described():
    here = machine()
    assert here["cpu"]
    assert here["cores"] >= 1
    assert {"memory_gb", "python", "os"} < here.keys()


def test_a_bench_is_run_by_name_shown_and_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("app.bench.rings.run", lambda: FIGURES)
    report = app.bench.run("rings", tmp_path / "rings.json")
    assert report.figures is FIGURES
    assert "bench rings" in capsys.readouterr().out
    assert json.loads((tmp_path / "rings.json").read_text())["bench"] == "rings"


def test_an_unknown_bench_is_refused_with_the_names_there_are():
    with pytest.raises(UsageError, match=r"no bench named 'ring'; there are: .*rings"):
        app.bench.run("ring")


def test_a_bench_whose_library_is_missing_says_which(monkeypatch):
    monkeypatch.setitem(app.bench._BENCHES, "nowhere", "app.bench.nowhere:run")
    with pytest.raises(EngineUnavailable, match=r"needs app\.bench\.nowhere"):
        app.bench.run("nowhere")


def test_a_file_that_cannot_be_written_is_an_error_with_a_sentence(tmp_path):
    with pytest.raises(CannotWrite, match="cannot be written"):
        write_json(Report("x", FIGURES), tmp_path / "no" / "folder.json")
