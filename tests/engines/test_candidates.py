import pytest

from engines import candidates as choosing
from engines.candidates import Candidate, below, candidates
from engines.models.store import Installed, write


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch):
    """Puts a model of so many bytes there."""
    monkeypatch.setattr("engines.models.store.root", lambda: tmp_path)

    def put(name, size, rank, *, kind="stt", form="whisper", **about):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "model.bin").write_bytes(bytes(size))
        write(Installed(name, kind, folder, form=form, rank=rank, **about))

    return put


def found(language="en", special=None):
    return candidates("stt", ("whisper", "sphinx"), {"language": language}, special or {})


def test_of_an_engine_with_several_models_each_smaller_one_is_a_rung(models):
    models("small", 3000, 30)
    models("tiny", 1000, 10)
    models("base", 2000, 20)
    models("odd", 9000, 15)  # larger and not better
    assert [str(one) for one in found()] == [
        "whisper (small)",
        "whisper (base)",
        "whisper (tiny)",
        "sphinx",
    ]


def test_without_a_model_the_engine_itself_says_what_it_lacks():
    assert [str(one) for one in found()] == ["whisper", "sphinx"]


def test_a_model_that_the_user_names_is_the_only_one(models):
    models("small", 3000, 30)
    models("tiny", 1000, 10)
    assert found(special={"whisper": {"model": "tiny"}})[0] == Candidate("whisper")


def test_models_for_other_languages_are_no_rungs(models):
    models("english", 3000, 30, languages=("en",))
    models("any", 1000, 10)
    assert found("de")[0] == Candidate("whisper", "any")


def test_models_for_a_graphics_card_are_rungs_where_there_is_one(models, monkeypatch):
    models("turbo", 9000, 50, card=True)
    models("small", 3000, 30)
    monkeypatch.setattr("engines.device.cards", lambda: 0)
    assert found()[0].model == "small"
    monkeypatch.setattr("engines.device.cards", lambda: 1)
    assert found()[0].model == "turbo"
    assert found(special={"whisper": {"device_name": "cpu"}})[0].model == "small"


def test_those_for_any_use_come_before_those_that_are_not(models):
    models("better", 3000, 30, commercial=False)
    models("free", 2000, 10)
    assert [one.model for one in found()] == ["free", ""]


def test_below_a_model_that_is_gone_the_next_engine_comes():
    rungs = (Candidate("whisper", "small"), Candidate("whisper", "tiny"), Candidate("sphinx"))
    assert below(rungs, rungs[0]) == rungs[1:]
    assert below(rungs, Candidate("whisper", "base")) == rungs[2:]
    assert below(rungs, rungs[2]) == ()
    assert choosing.with_model({"beam": 2}, rungs[0]) == {"beam": 2, "model": "small"}
