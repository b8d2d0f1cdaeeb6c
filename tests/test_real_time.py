"""What excuses a test in real time, in runs of pytest inside this one with a scripted machine."""

import queue
import subprocess
import sys

import httpx2
import pytest

import tests.conftest
import tests.real_time
from core.errors import DeviceUnavailable, EngineFailed

pytest_plugins = ["pytester"]
HOOKS = """
from tests.conftest import (
    pytest_collection_modifyitems, pytest_runtest_makereport, pytest_terminal_summary
)
"""
ELSEWHERE = """
import tests.real_time

tests.real_time.trouble = lambda kinds: "late"
"""
TEST = """
LiveSession = "what makes this module one in real time"
attempts = []

def test_one():
    attempts.append(1)
    BODY
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs a test whose body is given, on a machine of which each look finds what is given."""
    asked = []

    def run(body: str, looks: list[str], *options: str) -> tuple[pytest.RunResult, int]:
        found = iter(looks)
        monkeypatch.setattr(
            tests.real_time, "trouble", lambda kinds: (asked.append(kinds), next(found))[1]
        )
        pytester.makeini("[pytest]\nmarkers = real_time: alone\n")
        pytester.makeconftest(HOOKS)
        pytester.makepyfile(TEST.replace("BODY", body))
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-ra", *options), len(asked)

    return run


@pytest.mark.parametrize(
    ("looks", "asked"),
    [(["late", "late"], 2), (["late", "", "late"], 3), (["", "late", "no sound"], 3)],
)
def test_a_test_that_fails_each_time_on_a_machine_that_is_mostly_late_is_excused(run, looks, asked):
    result, times = run("assert False", looks)
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*1 TEST WAS EXCUSED*", f"*test_one: 2 of {asked} looks: *late*"])
    assert times == asked


@pytest.mark.parametrize("looks", [["", ""], ["late", "", ""], ["", "late", ""]])
def test_a_test_that_fails_each_time_on_a_machine_that_mostly_keeps_up_fails(run, looks):
    result, times = run("assert False", looks)
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*EXCUSED*")
    assert times == len(looks)


@pytest.mark.parametrize(
    "body",
    [
        "raise KeyError('a name')",
        "import pytest; pytest.fail('DID NOT RAISE')",
        "with __import__('pytest').raises(ValueError): pass",
    ],
)
def test_what_time_has_no_part_in_is_never_excused(run, body):
    result, times = run(body, [])
    result.assert_outcomes(failed=1)
    assert times == 0


@pytest.mark.parametrize("own", ["{}['a name']", "raise RuntimeError('Timeout')"])
@pytest.mark.parametrize("before", [0, 1])
def test_what_time_has_no_part_in_is_not_tried_again(run, own, before):
    """Not even where a further attempt would succeed, whichever attempt it is in."""
    body = f"assert len(attempts) > {before}\n    if len(attempts) < 3: {own}"
    result, times = run(body, ["late"] * before)
    assert result.parseoutcomes() == {"failed": 1, **({"rerun": 1} if before else {})}
    assert times == before


def test_what_was_late_is_tried_again_in_a_process_of_its_own_too(run, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "HOOKS", HOOKS + ELSEWHERE)
    body = "import pytest\n    if len(attempts) < 2: pytest.fail('Timeout (>1.0s)')"
    result, _ = run(body, [], "-n", "1")
    assert result.parseoutcomes() == {"passed": 1, "rerun": 1}


def test_a_test_whose_last_attempt_succeeds_passes_without_an_excuse(run):
    result, _ = run("assert len(attempts) == 3", ["late", "late"])
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*EXCUSED*")


@pytest.mark.parametrize(
    "error",
    [
        AssertionError(),
        TimeoutError(),
        pytest.fail.Exception("Timeout (>300.0s) from"),
        EngineFailed("The worker gave no answer for 5 s."),
        DeviceUnavailable("The sound server does not answer."),
        subprocess.TimeoutExpired("pactl", 20),
        httpx2.ReadTimeout("The service is busy."),
    ],
)
def test_what_did_not_come_in_time_may_be_the_machines_fault(error):
    assert tests.real_time.of_time(error)


def test_so_may_be_what_came_of_it():
    late = KeyError("the third word")
    late.__context__ = queue.Empty()
    assert tests.real_time.of_time(late)
    late.__suppress_context__ = True
    assert not tests.real_time.of_time(late)
