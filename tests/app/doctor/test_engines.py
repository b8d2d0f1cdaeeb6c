"""Which engine of each kind is taken, what a better one lacks, and what is said without any."""

import pytest

from app.devices.probes import About
from app.doctor.engines import TITLES, check
from app.system import Answer
from core.errors import EngineFailed, EngineUnavailable, UsageError
from core.findings import State
from tests.machines import fake, named

BASIC = About("sphinx", "stt: sphinx (basic); not whisper: No model is here.", basic=True)


@pytest.fixture(autouse=True)
def no_models(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def looked(system=None, **settings):
    built = {k: settings.pop(k) for k in list(settings) if k in TITLES}
    machine = fake(system, {"built": built}, **settings)
    return list(check(machine)), machine


def test_each_kind_is_told_with_the_engine_that_auto_takes():
    found, machine = looked()
    assert [one.name for one in found] == list(TITLES.values())
    assert all(one.good and one.says == "good" for one in found)
    options = {kind: given for kind, _, given in machine.probes.asked}
    assert options["mt"] == {"source": "en", "target": "es"}
    assert options["tts"] == {"language": "es"}
    assert options["stt"] == {"language": "en"}


def test_engines_are_judged_by_the_lag_budget_of_the_settings():
    assert set(looked(lag__budget=2.5)[1].probes.budgets) == {2.5}


def test_a_basic_engine_is_a_hint_with_its_refusals_and_a_model_to_get():
    one = named(looked(stt=BASIC)[0], "Recognition")
    assert one.state is State.HINT
    assert "not whisper: No model is here." in one.says
    assert one.command.startswith("translated-camera models pull whisper-")


def test_a_small_machine_is_offered_a_small_model():
    one = named(looked({"whole": 2_000_000_000}, stt=BASIC)[0], "Recognition")
    assert one.command == "translated-camera models pull whisper-base"


def test_a_translator_is_offered_for_the_pair_or_its_first_half():
    basic = About("apertium", "mt: apertium (basic)", basic=True)
    one = named(looked(mt=basic)[0], "Translation")
    assert one.command == "translated-camera models pull opus-mt-en-es"
    one = named(looked(mt=basic, languages__source="de")[0], "Translation")
    assert one.command == "translated-camera models pull opus-mt-de-en"


@pytest.mark.parametrize("kind", ["stt", "mt", "tts", "vad", "turn"])
def test_without_an_engine_that_is_needed_nothing_can_run(kind):
    one = named(looked(**{kind: EngineUnavailable("None is here.")})[0], TITLES[kind])
    assert (one.state, one.code) == (State.TROUBLE, 5)


@pytest.mark.parametrize("kind", ["face", "lips"])
def test_without_lips_the_session_runs_with_the_picture_as_it_is(kind):
    one = named(looked(**{kind: EngineUnavailable("None is here.")})[0], TITLES[kind])
    assert (one.state, one.code) == (State.TROUBLE, 0)
    assert "--lips off" in one.says


def test_an_engine_that_takes_its_process_down_is_a_finding_and_the_others_are_asked():
    found, _ = looked(face=EngineFailed("It crashed in its worker process."))
    assert "crashed" in named(found, "Face").says
    assert named(found, "Lips").good


def test_a_model_to_get_is_named_with_the_engine_that_lacks_one():
    missing = EngineUnavailable("No voice model for Spanish is here.")
    one = named(looked(tts=missing, engines__tts="piper")[0], "Voice")
    assert one.command.startswith("translated-camera models pull piper-es")


def test_apertiums_package_of_the_pair_is_offered_where_there_is_one():
    answers = {"apt-cache show apertium-eng-spa": Answer(0)}
    missing = EngineUnavailable("No way from Spanish to English.")
    system = {"programs": {"apt-get"}, "answers": answers}
    settings = {"languages__source": "es", "languages__target": "en"}
    one = named(looked(system, mt=missing, **settings)[0], "Translation")
    assert one.command == "sudo apt-get install -y apertium apertium-eng-spa"
    assert named(looked({"programs": {"apt-get"}}, mt=missing)[0], "Translation").fix is None


def test_without_a_package_program_the_model_is_what_is_left():
    missing = EngineUnavailable("No way from English to Spanish.")
    one = named(looked(mt=missing)[0], "Translation")
    assert one.command == "translated-camera models pull opus-mt-en-es"


def test_one_language_into_itself_cannot_run():
    one = named(looked(mt=UsageError("From English to itself: nothing to translate."))[0],
                "Translation")  # fmt: skip
    assert one.code == 5


def test_what_workers_elsewhere_do_is_not_built_here():
    found, machine = looked(placement__stt="broker")
    assert "broker" in named(found, "Recognition").says
    assert "stt" not in [kind for kind, *_ in machine.probes.asked]


def test_lips_that_are_off_are_well():
    assert named(looked(engines__lips="off")[0], "Lips").good


def test_the_engine_that_the_settings_name_is_asked_for():
    _, machine = looked(engines__tts="flite")
    assert ("tts", "flite", {"language": "es"}) in machine.probes.asked
