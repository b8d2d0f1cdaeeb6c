"""What `devices` tells: what there is, what would be taken and why, what is refused."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from app.devices.overview import overview
from app.devices.tables import describe, show
from core.devices import CameraMode, SoundInfo
from core.errors import DeviceUnavailable
from tests.machines import (
    CAMERA,
    LOOPBACK,
    MICROPHONE,
    OUR_CAMERA,
    OUR_MICROPHONE,
    SERVER,
    fake,
)

SECOND = replace(CAMERA, name="Second", id="/dev/video2")
ALL = {
    "camera_list": [CAMERA, SECOND, OUR_CAMERA],
    "microphone_list": [MICROPHONE, OUR_MICROPHONE],
    "server": SERVER,
    "loopback_list": (LOOPBACK,),
}


def text(found):
    console = Console(file=io.StringIO(), width=120)
    show(found, console)
    return console.file.getvalue()


def test_the_first_that_is_not_ours_is_taken_and_ours_are_refused():
    found = overview(fake({}, ALL))
    first, second, ours = found.cameras.all
    assert (first.taken, first.why) == (True, "The first that is not ours.")
    assert (second.taken, second.why) == (False, "")
    assert (ours.taken, "Ours: refused" in ours.why) == (False, True)
    mine, other = found.microphones.all
    assert (mine.taken, mine.why, mine.rate) == (True, "The system's default.", 44_100)
    assert "Ours: refused" in other.why


def test_what_the_settings_name_is_taken():
    found = overview(fake({}, ALL, devices__camera="Second"))
    assert [one.taken for one in found.cameras.all] == [False, True, False]
    assert found.cameras.all[1].why == "Chosen in the settings."


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("Studio", "There is no camera called Studio."),
        ("Translated Camera", "go round in circles"),
        ("demo", "demo in place of a device"),
    ],
)
def test_what_cannot_be_taken_says_why(wanted, part):
    found = overview(fake({}, ALL, devices__camera=wanted))
    assert not any(one.taken for one in found.cameras.all)
    assert part in found.cameras.trouble


def test_a_camera_that_cannot_be_opened_keeps_its_reason():
    busy = replace(CAMERA, trouble="The camera Lens is used by another program.")
    (one,) = overview(fake({}, {"camera_list": [busy]})).cameras.all
    assert one.why.endswith("used by another program.")


def test_kinds_that_cannot_be_listed_say_so_and_the_others_are_there():
    probes = {**ALL, "microphone_list": DeviceUnavailable("The server does not answer.")}
    found = overview(fake({}, probes))
    assert found.microphones.trouble == (
        "The microphones cannot be listed: The server does not answer."
    )
    assert found.cameras.all
    assert "The server does not answer." in text(found)


def test_kinds_whose_library_is_missing_say_so(monkeypatch):
    machine = fake({}, ALL)

    def missing():
        raise ModuleNotFoundError("No module named 'cv2'", name="cv2")

    monkeypatch.setattr(machine.probes, "cameras", missing)
    monkeypatch.setattr(machine.probes, "loopbacks", missing)
    found = overview(machine)
    assert "cv2" in found.cameras.trouble
    assert "cv2" in found.virtual_camera.trouble
    assert found.microphones.all


def test_a_rate_that_the_system_tells_is_not_replaced():
    info = SoundInfo("USB", "portaudio:USB", 8_000)
    found = overview(fake({}, {"microphone_list": [info]}))
    assert found.microphones.all[0].rate == 8_000


def test_the_camera_is_asked_for_its_best_mode():
    slow = replace(CAMERA, modes=(CameraMode(1920, 1080, 5.0, "YUYV"), CAMERA.modes[0]))
    assert overview(fake({}, {"camera_list": [slow]})).cameras.mode == CAMERA.modes[0]


def test_all_of_it_is_json():
    given = json.loads(json.dumps(overview(fake({}, ALL)).as_json()))
    assert [one["taken"] for one in given["cameras"]["devices"]] == [True, False, False]
    assert given["cameras"]["devices"][0]["modes"][0]["width"] == 1280
    assert given["microphones"]["devices"][1]["ours"] is True
    assert given["virtual_camera"]["taken"] == "v4l2loopback"
    assert given["virtual_microphone"]["ways"][0]["name"] == "Translated Microphone"


def test_the_table_shows_names_as_they_are():
    odd = replace(CAMERA, name="Lens [bold]x[/bold]")
    assert "Lens [bold]x[/bold]" in text(overview(fake({}, {"camera_list": [odd]})))


def test_modes_are_told_by_size_with_their_rates_and_pixels():
    modes = [
        CameraMode(640, 480, 30.0, "YUYV"),
        CameraMode(1280, 720, 10.0, "YUYV"),
        CameraMode(1280, 720, 30.0, "MJPG"),
        CameraMode(320, 240, 0.0, ""),
    ]
    assert describe(modes) == "1280x720 at 30, 10 YUYV MJPG\n640x480 at 30 YUYV\n320x240"


def test_of_many_sizes_the_largest_are_told():
    modes = [CameraMode(100 * n, 100 * n, 30.0, "YUYV") for n in range(1, 10)]
    assert describe(modes).splitlines()[-1] == "and 3 smaller sizes"


def test_into_which_microphone_a_guest_speaks_is_told_and_whose_is_not_there():
    table = SoundInfo("Table", "table")
    machine = fake(
        {},
        ALL | {"microphone_list": [MICROPHONE, table]},
        guests__speakers=("Ana=table", "Ben=Studio", "Eve=file:eve.wav"),
    )
    found = overview(machine).microphones
    assert [one.why for one in found.all] == ["The system's default.", "Ana speaks into it."]
    assert found.trouble == "Ben: there is no microphone called Studio."
