"""What the doctor says, in the language of the window."""

import re

import pytest
from PySide6.QtCore import QLocale

from app.devices.probes import About, Cuda
from app.doctor.look import MachineDoctor
from core.devices import SoundInfo
from tests.machines import (
    CAMERA,
    LOOPBACK,
    MICROPHONE,
    OUR_CAMERA,
    READER,
    SERVER,
    WRITER,
    Answer,
    fake,
)
from tests.ui.test_sentences import texts
from ui import translation
from ui.pages.found import FOUND, finding_words

PUT_TOGETHER = re.compile(
    r"\{0\} (GB|cores)\b.*|.*pictures a second.*|The kernel module is loaded(\{0\})?\."
    r"|The neural turn judge needs .*|A guest (speaks|needs) .*"
)
ENGLISH = re.compile(r"\b(the|there|this|which|with|not|are|is|of|it)\b", re.IGNORECASE)
_MODULE = "/sys/module/v4l2loopback"
MACHINES = {
    "nothing": fake(),
    "windows": fake({"platform": "win32"}),
    "mac": fake({"platform": "darwin"}),
    "everything": fake(
        {
            "texts": {
                f"{_MODULE}/version": "0.13",
                f"{_MODULE}/parameters/exclusive_caps": "Y",
                f"{_MODULE}/parameters/video_nr": "10",
            },
            "answers": {"nvidia-smi": Answer(0, "Tesla, 570, 16 GiB")},
            "versions": {"torch": "2.9", "tensorrt": "10"},
        },
        {
            "camera_list": [CAMERA, OUR_CAMERA],
            "microphone_list": [MICROPHONE, SoundInfo("Table", "table")],
            "server": SERVER,
            "loopback_list": (LOOPBACK,),
            "card": Cuda(1, "12.8"),
            "reached": {"en": frozenset({"es"})},
        },
        guests__speakers=("Rosalind=Table",),
    ),
    "refused guests": fake(
        {},
        {"microphone_list": [MICROPHONE]},
        guests__speakers=("Rosalind=file:absent.wav", f"Ben={MICROPHONE.name}", "Eva=demo,from=es"),
    ),
    "little": fake(
        {
            "texts": {f"{_MODULE}/parameters/exclusive_caps": "N", "/dev/video0": ""},
            "closed": {"/dev/video0"},
            "whole": 2_000_000_000,
            "disk": 1_000_000,
            "wanted": ["absent"],
            "processors": 2,
        },
        {
            "camera_list": [CAMERA],
            "camera_users": ("zoom",),
            "microphone_list": [MICROPHONE, MICROPHONE],
            "loudest": 0.0,
            "loopback_list": (LOOPBACK,),
            "holder_list": (WRITER, READER),
            "written": True,
            "fonts": False,
            "right_to_left": False,
            "built": {"stt": About("sphinx", "stt: sphinx (basic); not whisper: no.", basic=True)},
        },
        languages__target="ar",
        guests__speakers=("Rosalind=Studio",),
        devices__camera="Other",
        devices__virtual_microphone="off",
    ),
}


@pytest.fixture(params=[code for code in translation.LANGUAGES if code != "en"])
def language(request, qapp):
    before = QLocale()
    translation.install(qapp, request.param)
    yield request.param
    translation.install(qapp, "en")
    QLocale.setDefault(before)


def test_every_sentence_is_one_that_the_doctor_says():
    said = "\n".join(texts())
    known = [str(one) for one in FOUND if not PUT_TOGETHER.fullmatch(str(one))]
    parts = {one: re.split(r"\{\d\}", one) for one in known}
    assert [one for one, parts in parts.items() if not all(part in said for part in parts)] == []


@pytest.mark.parametrize("name", MACHINES)
def test_what_is_found_is_told_in_the_language_of_the_window(name, language, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    found = [one for one in MachineDoctor(MACHINES[name]).findings() if one.name != "Qt"]
    there = {one.name: finding_words(one.says).replace(str(tmp_path), "") for one in found}
    there = {name: re.sub("`.*?`", "", says) for name, says in there.items()}
    assert {name: says for name, says in there.items() if ENGLISH.search(says)} == {}
