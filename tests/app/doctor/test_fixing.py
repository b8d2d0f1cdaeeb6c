"""`--fix`: what is asked, what is run, what is said; and the report at the end."""

import io

from rich.console import Console

from app.doctor.fixing import fix_all
from app.doctor.report import as_json, show, summary
from core.findings import Finding, Fix, State


class Patient:
    """A doctor whose findings change when they are mended."""

    def __init__(self, *rounds, root=False):
        self.rounds = list(rounds)
        self.root = root
        self.looks = 0
        self.mended = []

    def findings(self):
        self.looks += 1
        names = self.rounds[min(len(self.mended), len(self.rounds) - 1)]
        return [
            Finding(name, State.TROUBLE, "broken", f"mend {name}", self._fix(name))
            for name in names
        ]

    def mend(self, name):
        self.mended.append(name)
        return f"{name} mended"

    def _fix(self, name):
        return Fix(f"mend {name}", lambda: "", self.root)


def fixed(patient, answer=True):
    asked, said = [], []

    def ask(does):
        asked.append(does)
        return answer

    return fix_all(patient, ask, said.append), asked, said


def test_what_was_mended_may_show_the_next_thing_to_mend():
    patient = Patient(["installed"], ["loaded"], [])
    found, asked, _ = fixed(patient)
    assert patient.mended == ["installed", "loaded"]
    assert found == []
    assert asked == []


def test_a_fix_that_does_not_help_is_tried_once():
    patient = Patient(["stubborn"])
    found, _, said = fixed(patient)
    assert patient.mended == ["stubborn"]
    assert [one.name for one in found] == ["stubborn"]
    assert "  mend stubborn" in said


def test_what_needs_the_administrator_is_asked_for_and_left_when_refused():
    patient = Patient(["module"], root=True)
    _, asked, said = fixed(patient, answer=False)
    assert asked == ["mend module"]
    assert patient.mended == []
    assert "  left as it is" in said


def test_with_nothing_to_mend_one_look_is_enough():
    patient = Patient([])
    fixed(patient)
    assert patient.looks == 1


FOUND = [
    Finding("Sound", State.OK, "fine"),
    Finding("Memory", State.HINT, "little [bold]"),
    Finding("Microphone", State.TROUBLE, "none", "plug it in", Fix("plug it in", str), 6),
]


def test_the_report_tells_each_finding_with_its_command():
    console = Console(file=io.StringIO(), width=60)
    show(FOUND, console)
    text = console.file.getvalue()
    assert "Memory: little [bold]" in text
    assert "        plug it in\n" in text
    assert "cannot run: a device is missing. 1 trouble, 1 hint." in text


def test_the_json_says_what_can_be_mended_and_the_exit_code():
    given = as_json(FOUND)
    assert (given["code"], given["can_run"]) == (6, False)
    assert [one["fixable"] for one in given["findings"]] == [False, False, True]
    assert given["findings"][2]["state"] == "trouble"


def test_the_summary_of_a_good_machine_is_short():
    assert summary(FOUND[:1]) == "The live session can run. No troubles, no hints."
