import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DEV = PROJECT["optional-dependencies"]["dev"]


def locked(file: str) -> dict[str, str]:
    text = (ROOT / "packaging" / file).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.MULTILINE))


BASE, WITH_DEV = locked("requirements.txt"), locked("requirements-dev.txt")


@pytest.mark.parametrize(
    ("lock", "wanted"), [(BASE, PROJECT["dependencies"]), (WITH_DEV, PROJECT["dependencies"] + DEV)]
)
def test_the_lock_satisfies_what_the_project_asks_for(lock, wanted):
    for requirement in map(Requirement, wanted):
        version = lock.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not locked: run packaging/lock"
        assert requirement.specifier.contains(version), "run packaging/lock"


def test_the_program_is_tested_with_the_versions_that_it_is_run_with():
    assert BASE.items() <= WITH_DEV.items()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_everything_locked_has_a_hash_and_nothing_names_a_place(file):
    text = (ROOT / "packaging" / file).read_text("utf-8")
    for pin in re.split(r"\n(?=[a-z0-9])", text)[1:]:
        assert "--hash=sha256:" in pin
    assert not re.search(r"://|--(extra-)?index|--find-links", text)


def test_nothing_that_takes_gigabytes_is_in_the_base():
    assert not [name for name in WITH_DEV if name == "torch" or name.startswith("nvidia")]


def test_the_wheel_takes_no_package_named_packaging():
    assert not list((ROOT / "packaging").rglob("__init__.py"))


def test_what_neural_tests_need_is_part_of_the_extra_and_nothing_that_is_locked_differs():
    lines = (ROOT / "packaging" / "neural.txt").read_text("utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if not line.startswith("#")]
    extra = list(map(Requirement, PROJECT["optional-dependencies"]["neural"]))
    assert wanted
    assert all(requirement in extra for requirement in wanted)
    for requirement in wanted:
        locked_version = WITH_DEV.get(canonicalize_name(requirement.name))
        assert locked_version is None or requirement.specifier.contains(locked_version)
