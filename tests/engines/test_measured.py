import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import EngineFailed, EngineUnavailable
from core.pace import Pace
from engines import measured, registry
from engines.book import Book
from engines.candidates import Candidate
from engines.measured import Measured
from engines.models.store import Installed, write
from engines.mt.fake import FakeTranslator
from engines.registry import auto

OPTIONS = {"source": "en", "target": "es"}


@pytest.fixture(autouse=True)
def quiet(monkeypatch, tmp_path):
    monkeypatch.setattr(measured, "_busy", lambda: False)
    monkeypatch.setattr("engines.models.store.root", lambda: tmp_path / "models")


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path / "state")


@pytest.fixture
def engines(monkeypatch):
    """Three translators; what a trial of one finds, in seconds, or why it cannot be built."""
    found, built = {}, []
    table = {("mt", name): name for name in ("best", "middle", "least")}

    def build(kind, name, **options):
        if isinstance(found[name], EngineUnavailable):
            raise found[name]
        engine = FakeTranslator()
        engine.name = name
        built.append(engine)
        return engine

    monkeypatch.setattr(registry, "_ENGINES", table)
    monkeypatch.setattr(registry, "build", build)
    return found, built


def judge(engines, book, *, budget=4.0, tried=None, special=None):
    found, _ = engines

    def try_engine(kind, engine, options, quick_enough):
        if tried is not None:
            tried.append(engine.name)
        took = found[engine.name]
        if isinstance(took, Exception):
            raise took
        return Pace(5.0, took, took)

    return Measured("mt", OPTIONS, special or {}, budget, book, try_engine)


def choose(engines, book, **given):
    return auto("mt", options=OPTIONS, judge=judge(engines, book, **given))


def test_the_first_that_holds_the_budget_is_taken_and_says_its_figures(engines, book):
    found, built = engines
    found |= {"best": 0.9, "middle": 0.2, "least": 0.01}
    choice = choose(engines, book)
    assert choice.name == "middle"
    assert built[0].closed and not built[1].closed
    assert choice.reason == (
        "mt: middle, 0.20 s for 5.0 s of speech (0.40 s would do); not best: too slow here, 0.90 s "
        "for 5.0 s of speech (0.40 s would do)"
    )


def test_what_was_measured_is_not_measured_again(engines, book):
    engines[0].update(best=0.9, middle=0.2, least=0.01)
    tried = []
    first = choose(engines, book, tried=tried)
    second = choose(engines, book, tried=tried)
    assert tried == ["best", "middle"]
    assert first.reason == second.reason
    assert [engine.name for engine in engines[1]] == ["best", "middle", "middle"]


def test_another_budget_needs_no_other_measurement(engines, book):
    engines[0].update(best=0.9, middle=0.2, least=0.01)
    tried = []
    choose(engines, book, tried=tried)
    assert choose(engines, book, tried=tried, budget=10.0).name == "best"
    assert tried == ["best", "middle"]


def test_other_settings_other_versions_and_other_machines_are_measured_again(
    engines, book, monkeypatch
):
    engines[0].update(best=0.1, middle=0.1, least=0.1)
    tried = []
    choose(engines, book, tried=tried)
    choose(engines, book, tried=tried, special={"best": {"beam": 4}})
    monkeypatch.setattr(measured, "_versions", lambda: ("ctranslate2 9",))
    choose(engines, book, tried=tried)
    monkeypatch.setattr(measured, "machine", lambda: "another")
    choose(engines, book, tried=tried)
    assert tried == ["best"] * 4
    assert len(book.figures(measured.machine())) == 1, "those of this machine"


def test_a_model_that_was_got_again_is_measured_again(engines, book, tmp_path):
    engines[0].update(best=0.1, middle=0.1, least=0.1)
    tried = []
    choose(engines, book, tried=tried)
    folder = tmp_path / "models" / "opus"
    folder.mkdir(parents=True)
    write(Installed("opus", "mt", folder, languages=("en-es",)))
    choose(engines, book, tried=tried)
    choose(engines, book, tried=tried)
    assert tried == ["best", "best"]


def test_when_all_are_too_slow_the_least_slow_is_taken(engines, book):
    engines[0].update(best=2.0, middle=0.9, least=EngineUnavailable("Not installed."))
    choice = choose(engines, book)
    assert choice.name == "middle"
    assert "least: Not installed." in choice.reason


def test_the_last_one_need_not_be_measured(engines, book):
    engines[0].update(best=2.0, middle=0.9, least=3.0)
    tried = []
    assert choose(engines, book, tried=tried).name == "least"
    assert tried == ["best", "middle"]


def test_one_that_breaks_in_its_trial_is_refused_with_the_reason(engines, book):
    engines[0].update(best=EngineFailed("no memory left"), middle=0.1, least=0.1)
    choice = choose(engines, book)
    assert choice.name == "middle"
    assert choice.refusals == ("best: no memory left",)


def test_who_is_wanted_by_name_is_not_judged(engines, book):
    engines[0].update(best=2.0)
    tried = []
    choice = auto("mt", "best", OPTIONS, judge=judge(engines, book, tried=tried))
    assert choice.name == "best"
    assert tried == []


def test_what_is_passed_over_on_a_busy_machine_may_be_tried_later(engines, book, monkeypatch):
    engines[0].update(best=0.9, middle=0.1)
    assert auto("mt", judge=judge(engines, book, tried=[])).doubtful == ()
    book.forget()
    monkeypatch.setattr(measured, "_busy", lambda: True)
    choice = auto("mt", judge=judge(engines, book))
    assert (choice.name, choice.doubtful) == ("middle", (Candidate("best"),))
    book.forget()
    engines[0].update(middle=0.8, least=2.0)
    monkeypatch.setitem(registry.BASIC, "mt", ("least",))
    choice = auto("mt", judge=judge(engines, book))
    assert choice.name == "least"
    assert choice.doubtful == (Candidate("best"), Candidate("middle"))


def test_slowness_on_a_busy_machine_is_not_kept(engines, book, monkeypatch):
    engines[0].update(best=0.9, middle=0.2, least=0.01)
    monkeypatch.setattr(measured, "_busy", lambda: True)
    tried = []
    assert choose(engines, book, tried=tried).name == "middle"
    engines[0]["best"] = 0.1
    assert choose(engines, book, tried=tried).name == "best"
    assert tried == ["best", "middle", "best"]


def test_the_choice_its_figures_and_its_reason_are_kept(engines, book):
    engines[0].update(best=0.9, middle=0.2, least=0.01)
    choice = choose(engines, book)
    (kept,) = book.chosen()
    assert (kept["kind"], kept["what"], kept["engine"]) == ("mt", "en-es", "middle")
    assert kept["reason"] == choice.reason
    assert [(one["engine"], one["whole"]) for one in book.figures(measured.machine())] == [
        ("best", 0.9),
        ("middle", 0.2),
    ]
    book.forget()
    assert book.figures(measured.machine()) == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"figures": 3}', '{"figures": {"x": {}}}'])
def test_a_damaged_file_is_as_good_as_none(engines, book, tmp_path, text):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "measured.json").write_text(text)
    engines[0].update(best=0.1)
    assert choose(engines, book).name == "best"
    assert json.loads((tmp_path / "state" / "measured.json").read_text())["chosen"]


def test_a_folder_that_cannot_be_written_to_costs_the_memory_alone(engines, tmp_path):
    (tmp_path / "file").write_text("")
    engines[0].update(best=0.1)
    assert choose(engines, Book(tmp_path / "file" / "state")).name == "best"


def test_many_may_write_at_once(book):
    with ThreadPoolExecutor(8) as threads:
        for number in range(24):
            about = {"machine": measured.machine(), "kind": "mt"}
            threads.submit(book.keep, str(number), about, Pace(1.0, 1.0, float(number)))
    kept = book.figures(measured.machine())
    assert sorted(one["whole"] for one in kept) == list(map(float, range(24)))


def test_basic_engines_are_never_measured(book):
    judge = Measured("tts", {"language": "es"}, {}, 4.0, book)
    choice = auto("tts", options={"language": "es"}, judge=judge)
    assert choice.name == "espeak"
    assert book.figures(measured.machine()) == book.chosen() == ()
    assert choice.candidate == Candidate("espeak")
