"""Python packages that are missing, or not those that were tried."""

import pytest

from app.doctor.packages import _LOCK, _SET_UP, applies, check
from core.findings import State
from tests.machines import fake

LOCK = """# made by a tool
numpy==2.4.6 \\
    --hash=sha256:aaa
    # via nobody
rich==14.1 ; python_full_version >= '3.9' \\
    --hash=sha256:bbb
audioop-lts==0.2 ; python_full_version >= '3.13' \\
    --hash=sha256:ccc
"""
TRIED = {"numpy": "2.4.6", "rich": "14.1"}


def looked(versions, lock=LOCK, wanted=()):
    texts = {str(_LOCK): lock} if lock else {}
    machine = fake({"texts": texts, "versions": versions, "wanted": list(wanted)})
    (found,) = check(machine)
    return found, machine


def test_what_was_tried_is_well_whatever_is_for_other_versions_of_python():
    assert looked(TRIED)[0].good


def test_a_build_for_the_same_version_is_the_same():
    assert looked({**TRIED, "numpy": "2.4.6+local"})[0].good


def test_a_missing_package_is_trouble_and_set_up_again():
    found, machine = looked({"rich": "14.1"})
    assert (found.state, found.says) == (State.TROUBLE, "Missing: numpy.")
    found.fix.act()
    assert machine.system.performed == [((str(_SET_UP),), False)]


def test_another_version_is_a_hint():
    found, _ = looked({**TRIED, "numpy": "1.26"})
    assert found.state is State.HINT
    assert "numpy 1.26 (tried: 2.4.6)" in found.says


def test_without_a_lock_what_the_installation_asks_for_counts():
    wanted = ["numpy>=2", "rich[extra]>=13", "torch==2.13; extra == 'gpu'"]
    assert looked(TRIED, "", wanted)[0].good
    found, _ = looked({"numpy": "2"}, "", wanted)
    assert found.says == "Missing: rich."
    assert found.command.startswith("pip install")


@pytest.mark.parametrize(
    ("marker", "expected"),
    [("", True), ("sys_platform == 'nowhere'", False), ("extra == 'gpu'", False), ("?!", False)],
)
def test_conditions(marker, expected):
    assert applies(marker) is expected
