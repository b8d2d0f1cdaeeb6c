"""`devices` and `doctor` from outside, on a sound server of the test's own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.audio_servers import FAKE_MICROPHONE, FAKE_SOURCE, AudioServer, audio_server

pytestmark = [pytest.mark.acceptance, pytest.mark.device]
WHOLE = pytest.mark.skipif(
    not (shutil.which("apertium") and Path("/usr/share/apertium/modes/eng-spa.mode").exists()),
    reason="apertium's pair of English and Spanish is not installed: no session can run",
)


@pytest.fixture
def server() -> Iterator[AudioServer]:
    with audio_server("pulseaudio") as one:
        yield one


@pytest.fixture
def nowhere(tmp_path) -> dict[str, str]:
    """The environment of a user without any server."""
    private = {name: str(tmp_path) for name in ("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH")}
    gone = {"PULSE_SERVER": f"unix:{tmp_path}/none", "PIPEWIRE_RUNTIME_DIR": str(tmp_path)}
    return {**os.environ, **private, **gone}


def told(environment: Mapping[str, str], *words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "app.main", *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def as_json(environment: Mapping[str, str], *words: str) -> tuple[int, Any]:
    code, out, err = told(environment, *words, "--json")
    assert out, err
    return code, json.loads(out)


def states(given: Any) -> dict[str, str]:
    return {one["name"]: one["state"] for one in given["findings"]}


def make_ours(server: AudioServer) -> None:
    """The two devices of the virtual microphone, as a session makes them."""
    title = "'device.description=\"Translated Microphone\"'"
    server.pactl("load-module", "module-null-sink", "sink_name=translated_camera_voice")
    server.pactl(
        "load-module", "module-remap-source", "master=translated_camera_voice.monitor",
        "source_name=translated_microphone", f"source_properties={title}",
    )  # fmt: skip


def test_devices_takes_the_real_microphone_refuses_ours_and_names_who_hears_it(server):
    make_ours(server)
    with server.record("translated_microphone"):
        code, given = as_json(server.environment, "devices")
    assert code == 0
    found = {one["name"]: one for one in given["microphones"]["devices"]}
    assert found[FAKE_MICROPHONE]["taken"]
    assert found[FAKE_MICROPHONE]["rate"] == 48_000
    assert found["Translated Microphone"]["ours"]
    assert not found["Translated Microphone"]["taken"]
    (way,) = given["virtual_microphone"]["ways"]
    assert (way["ready"], way["here"]) == (True, True)
    assert way["users"] == ["independent-recorder"]


def test_devices_shows_a_table_to_people(server):
    code, out, err = told(server.environment, "devices")
    assert (code, err) == (0, "")
    assert FAKE_MICROPHONE in out
    assert "Virtual microphone" in out


def test_devices_without_a_server_says_why_there_are_no_microphones(nowhere, tmp_path):
    target = tmp_path / "devices.json"
    code, out, _ = told(nowhere, "devices", "--json", str(target))
    assert (code, out) == (0, "")
    given = json.loads(target.read_text())
    assert "does not answer" in given["microphones"]["trouble"]
    assert given["virtual_microphone"]["taken"] is None


@pytest.mark.parametrize("command", ["devices", "doctor"])
@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["out.json"], 2, "without --json"),
        (["--config", "missing.toml"], 2, "no settings file"),
        (["--json", "no/such/folder/x.json"], 7, "cannot be written"),
    ],
)
def test_mistakes_on_the_command_line(nowhere, tmp_path, command, words, code, part):
    found = told(nowhere, command, *words)
    assert found[0] == code
    assert part in found[2]


@WHOLE
def test_doctor_says_that_the_session_can_run(server):
    code, given = as_json(server.environment, "doctor")
    assert (code, given["code"], given["can_run"]) == (0, 0, True)
    found = states(given)
    assert found["Microphone"] == found["Sound server"] == found["Virtual microphone"] == "ok"
    assert not [name for name in found if name.startswith("Check of")]


def test_doctor_without_a_server_ends_with_the_code_of_a_missing_device(nowhere):
    code, out, err = told(nowhere, "doctor")
    assert code == 6
    assert "cannot run: a device is missing" in out
    assert "Traceback" not in out + err


def test_doctor_with_a_language_that_nothing_translates_ends_with_that_of_an_engine(
    server, tmp_path
):
    path = tmp_path / "settings.toml"
    path.write_text('[languages]\nsource = "en"\ntarget = "haw"\n')
    code, given = as_json(server.environment, "doctor", "--config", str(path))
    assert code == 5
    assert states(given)["Translation"] == "trouble"


def test_doctor_mends_a_muted_microphone_and_a_default_that_is_ours(server):
    make_ours(server)
    server.pactl("set-source-mute", FAKE_SOURCE, "1")
    server.pactl("set-default-source", "translated_microphone")
    _, given = as_json(server.environment, "doctor")
    assert states(given)["Microphone's sound"] == states(given)["Default microphone"] == "hint"

    code, out, err = told(server.environment, "doctor", "--fix", "--json")
    assert code in (0, 5), err
    assert f"pactl set-source-mute {FAKE_SOURCE} 0" in err
    assert "Default microphone" not in states(json.loads(out))
    assert f"Default Source: {FAKE_SOURCE}" in server.pactl("info")
    assert "Mute: no" in server.pactl("list", "sources").split(f"Name: {FAKE_SOURCE}")[1]
    assert "sudo" not in err or "left as it is" in err
