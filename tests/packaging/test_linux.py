"""What the system is given for the virtual camera, written under another root."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from core.devices import CAMERA_NAME

LINUX = Path(__file__).parents[2] / "packaging/linux"
FILES = (
    "etc/modprobe.d/translated-camera.conf",
    "etc/modules-load.d/translated-camera.conf",
    "etc/udev/rules.d/60-translated-camera.rules",
)
MENU = (
    "usr/share/applications/translated-camera.desktop",
    "usr/share/icons/hicolor/scalable/apps/translated-camera.svg",
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a shell script")


def install(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DESTDIR": str(root)}
    script = [LINUX / "install", *words]
    return subprocess.run(script, env=environment, capture_output=True, text=True)


def written(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_the_files_come_to_their_places_and_a_second_time_changes_nothing(tmp_path):
    for _ in range(2):
        assert install(tmp_path).returncode == 0
        assert written(tmp_path) == {*FILES, *MENU}


def test_a_dry_run_says_what_would_be_done_and_does_nothing(tmp_path):
    said = install(tmp_path, "--dry-run").stdout
    assert all(file in said for file in (*FILES, *MENU))
    assert not written(tmp_path)


def test_what_was_installed_can_be_taken_back(tmp_path):
    install(tmp_path)
    assert install(tmp_path, "--remove").returncode == 0
    assert not written(tmp_path)


@pytest.mark.parametrize("folder", ["etc/modprobe.d", "usr/lib/modprobe.d", "run/modprobe.d"])
def test_somebody_elses_options_are_left_alone_and_it_is_told_what_to_add(tmp_path, folder):
    theirs = tmp_path / folder / "obs.conf"
    theirs.parent.mkdir(parents=True)
    theirs.write_text('# mine\noptions v4l2loopback card_label="OBS"\n')
    done = install(tmp_path)
    assert done.returncode == 1
    assert str(theirs) in done.stdout and CAMERA_NAME in done.stdout
    assert written(tmp_path) == {f"{folder}/obs.conf", *MENU}


def test_a_comment_about_options_is_not_options(tmp_path):
    theirs = tmp_path / "etc/modprobe.d/notes.conf"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("# options v4l2loopback devices=4\n")
    assert install(tmp_path).returncode == 0


def test_an_unknown_word_is_a_mistake(tmp_path):
    assert install(tmp_path, "--help-me").returncode == 2


def test_the_device_is_called_as_the_program_looks_for_it():
    text = (LINUX / "v4l2loopback.conf").read_text("utf-8")
    found = re.search(r"^options v4l2loopback (.*)$", text, re.MULTILINE)
    assert found is not None
    options = dict(word.split("=", 1) for word in shlex.split(found[1]))
    assert options["card_label"] == CAMERA_NAME
    assert options["exclusive_caps"] == "1"
    assert f'ATTR{{name}}=="{CAMERA_NAME}"' in (LINUX / "60-translated-camera.rules").read_text()


def test_a_user_gets_the_program_into_the_menu_with_a_program_that_is_there(tmp_path):
    if os.getuid() == 0:
        pytest.skip("the administrator's entry is everybody's")
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/", "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run([LINUX / "menu"], env=environment, capture_output=True, text=True)
    assert done.returncode == 0
    entry = (tmp_path / "applications/translated-camera.desktop").read_text("utf-8")
    program = shlex.split(re.findall(r"^Exec=(.*)$", entry, re.MULTILINE)[0])[0]
    assert Path(program).is_file()


def test_the_entry_is_one_that_desktops_understand(tmp_path):
    install(tmp_path)
    entry = (tmp_path / MENU[0]).read_text("utf-8")
    keys = dict(line.split("=", 1) for line in entry.split("[Desktop Action")[0].splitlines()[1:]
                if "=" in line)  # fmt: skip
    assert (keys["Type"], keys["Icon"], keys["Exec"]) == (
        "Application", "translated-camera", "translated-camera",
    )  # fmt: skip
    assert (tmp_path / MENU[1]).read_text("utf-8").startswith("<svg")
