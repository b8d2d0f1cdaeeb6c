"""What excuses a test in real time, in runs of pytest inside this one with a scripted machine."""

import pytest

import tests.conftest
import tests.real_time

pytest_plugins = ["pytester"]
HOOKS = """
from tests.conftest import (
    pytest_collection_modifyitems, pytest_runtest_makereport, pytest_terminal_summary
)
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

    def run(body: str, looks: list[str]) -> tuple[pytest.RunResult, int]:
        found = iter(looks)
        monkeypatch.setattr(
            tests.real_time, "trouble", lambda kinds: (asked.append(kinds), next(found))[1]
        )
        pytester.makeini("[pytest]\nmarkers = real_time: alone\n")
        pytester.makeconftest(HOOKS)
        pytester.makepyfile(TEST.replace("BODY", body))
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-ra"), len(asked)

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


def test_a_test_whose_last_attempt_succeeds_passes_without_an_excuse(run):
    result, _ = run("assert len(attempts) == 3", ["late", "late"])
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*EXCUSED*")


@pytest.mark.parametrize(
    "error", [AssertionError(), TimeoutError(), pytest.fail.Exception("Timeout (>300.0s) from")]
)
def test_what_did_not_come_in_time_may_be_the_machines_fault(error):
    assert tests.real_time.of_time(error)


def test_one_attempt_that_time_had_no_part_in_is_enough_to_fail(run):
    result, times = run("assert len(attempts) == 1; {}['a name']", ["late"])
    result.assert_outcomes(failed=1)
    assert times == 1
