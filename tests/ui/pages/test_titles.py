"""What the doctor's findings are called in the window."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel

import app.doctor
from app.doctor.engines import TITLES as ENGINES
from app.doctor.files import folders
from core.findings import Finding, Fix, State
from ui import translation
from ui.pages.findings import FindingList
from ui.pages.titles import TITLES, finding_title

OWN_NAMES = {
    "v4l2loopback", "exclusive_caps", "PipeWire", "PyTorch", "TensorRT", "ONNX Runtime", "Qt"
}  # fmt: skip


@pytest.fixture
def german(qapp):
    before = QLocale()
    translation.install(qapp, "de")
    yield
    translation.install(qapp, "en")
    QLocale.setDefault(before)


def names() -> set[str]:
    """All that findings are called, from the sources of the doctor."""
    found = {*ENGINES.values(), *folders()}
    for path in Path(app.doctor.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        constants = dict(pair for node in tree.body for pair in assigned(node))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                match node.args[0]:
                    case ast.Constant(value=str(name)):
                        found.add(name)
                    case ast.Name(id=name) if name in constants:
                        found.add(constants[name])
        found.update(value for name, value in constants.items() if name.startswith("DEFAULT"))
    return found


def assigned(node: ast.stmt):
    """Constants of a module, one by one or several in a tuple."""
    if not isinstance(node, ast.Assign):
        return
    [target], value = node.targets, node.value
    pairs = [(target, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = list(zip(target.elts, value.elts, strict=True))
    for name, constant in pairs:
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
            yield name.id, constant.value


def test_every_finding_has_a_title_that_is_translated_or_a_name_of_its_own():
    assert len(names()) > 40
    assert names() - OWN_NAMES == set(map(str, TITLES))


def test_a_check_that_broke_is_called_so_in_the_language_of_the_window(german):
    assert finding_title("Check of fonts") == "Prüfung: fonts"


def test_what_the_doctor_found_is_titled_in_the_language_of_the_window(
    german, services, work, qtbot
):
    fix = Fix("do it", lambda: "")
    found = [
        Finding("Busy camera", State.TROUBLE, "It is.", fix=fix),
        Finding("Qt", State.OK, "6"),
    ]
    services.doctor = lambda: found
    findings = FindingList(services, work)
    qtbot.addWidget(findings)
    with qtbot.waitSignal(findings.looked):
        findings.look()
    told = findings.findChildren(QLabel)
    assert {"Belegte Kamera", "Qt"} < {one.text() for one in told}
    assert {"Störung", "In Ordnung"} < {one.accessibleName() for one in told}
    assert set(findings.rows) == {"Busy camera", "Qt"}
