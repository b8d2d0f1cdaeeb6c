"""Processor, memory, disk, graphics card, languages, fonts, display: what is told of each."""

import pytest

from app.devices.probes import Cuda
from app.doctor import elsewhere, fonts, graphics, languages, processor, screen
from app.system import Answer
from core.findings import State
from tests.machines import fake, named

SMI = "nvidia-smi --query-gpu"
CARD = {"answers": {SMI: Answer(0, "NVIDIA L4, 550.54, 23034 MiB\n")}}
FLAGS = "flags\t\t: fpu avx2 avx512f avx512_vnni\n"


def cpu(flags=FLAGS, **system):
    return named(processor.check(fake({"texts": {"/proc/cpuinfo": flags}, **system})), "Processor")


def test_a_good_processor_is_told_with_what_it_can_do():
    assert cpu().says == "8 cores, AVX2, AVX-512, VNNI."


@pytest.mark.parametrize(
    ("flags", "cores", "state", "part"),
    [
        ("flags : fpu sse4_2", 8, State.HINT, "without AVX2"),
        (FLAGS, 2, State.HINT, "fewer than 4"),
        ("flags : avx2", 8, State.OK, "without VNNI"),
        ("flags : avx2 avx_vnni", 8, State.OK, "VNNI."),
        ("", 8, State.OK, "8 cores."),
    ],
)
def test_a_weaker_processor_is_told_honestly(flags, cores, state, part):
    found = cpu(flags, processors=cores)
    assert found.state is state
    assert part in found.says


@pytest.mark.parametrize(
    ("whole", "free", "state", "part"),
    [
        (16e9, 8e9, State.OK, "16.0 GB, 8.0 free."),
        (2e9, 1e9, State.HINT, "basic engines"),
        (16e9, 0.5e9, State.HINT, "end what you do not need"),
        (16e9, 0, State.OK, "16.0 GB."),
        (0, 0, State.OK, "cannot be told"),
    ],
)
def test_memory(whole, free, state, part):
    found = named(processor.check(fake({"whole": whole, "free": free})), "Memory")
    assert found.state is state
    assert part in found.says


@pytest.mark.parametrize(
    ("disk", "state"), [(50e9, State.OK), (2e9, State.HINT), (0.1e9, State.TROUBLE)]
)
def test_room_on_the_disk(disk, state):
    assert named(processor.check(fake({"disk": disk})), "Disk").state is state


def test_without_a_card_nothing_is_missing():
    found = list(graphics.check(fake({"versions": {"onnxruntime": "1.24"}})))
    assert all(one.good for one in found)
    assert named(found, "ONNX Runtime").says == "1.24 on CPU"
    assert [one.name for one in found] == ["ONNX Runtime", "Graphics card"]


def test_a_card_that_the_settings_ask_for_and_is_not_there_is_a_hint_with_what_to_do():
    found = named(graphics.check(fake(models__device="cuda")), "Graphics card")
    assert found.state is State.HINT
    assert "Install NVIDIA's driver" in found.says and "models.device to auto" in found.says


def test_a_card_whose_driver_does_not_answer_is_a_hint_with_the_driver_to_install():
    place = "/sys/bus/pci/devices/0000:01:00.0"
    texts = {f"{place}/vendor": "0x10de\n", f"{place}/class": "0x030000\n"}
    found = named(graphics.check(fake({"texts": texts, "programs": {"apt-get"}})), "Graphics card")
    assert found.state is State.HINT
    assert "nvidia-driver" in found.command
    found = named(
        graphics.check(fake({"texts": texts, "programs": {"ubuntu-drivers"}})), "Graphics card"
    )
    assert found.command == "sudo ubuntu-drivers install"


def test_a_sound_chip_of_nvidias_is_no_card():
    place = "/sys/bus/pci/devices/0000:01:00.1"
    texts = {f"{place}/vendor": "0x10de\n", f"{place}/class": "0x040300\n"}
    assert named(graphics.check(fake({"texts": texts})), "Graphics card").good


def test_a_card_without_its_libraries_is_told_what_each_lacks():
    found = list(graphics.check(fake(CARD)))
    assert named(found, "Graphics card").says == "NVIDIA L4, driver 550.54, 23034 MiB"
    missing = ("CUDA for recognition and translation", "PyTorch", "TensorRT")
    for name in missing:
        assert named(found, name).state is State.HINT
        assert named(found, name).command.startswith("pip install")


def test_a_pytorch_that_cannot_use_the_card_is_told_from_one_that_is_missing():
    machine = fake({**CARD, "versions": {"torch": "2.13+cpu"}})
    assert "processor only" in named(graphics.check(machine), "PyTorch").says


def test_a_card_with_everything_is_well():
    versions = {"torch": "2.13", "tensorrt": "10.3"}
    machine = fake({**CARD, "versions": versions}, {"card": Cuda(1, "12.8")})
    assert all(one.good for one in graphics.check(machine))


def test_a_tool_that_says_something_strange_is_no_card():
    answers = {SMI: Answer(0, "No devices were found\n")}
    assert named(graphics.check(fake({"answers": answers})), "Graphics card").good


def test_the_languages_that_can_be_said_are_named():
    machine = fake({}, {"reached": {"en": frozenset({"es", "ca", "en"})}})
    assert named(languages.check(machine), "Languages").says == "From English: Catalan, Spanish."


def test_a_language_that_nothing_translates_is_a_hint():
    machine = fake({}, {"reached": {"en": frozenset({"es"})}}, languages__source="fi")
    found = named(languages.check(machine), "Languages")
    assert found.state is State.HINT
    assert "Finnish" in found.says


def test_missing_letters_are_trouble_with_the_fonts_to_install():
    machine = fake({"programs": {"apt-get"}}, {"fonts": False}, languages__target="ja")
    found = named(fonts.check(machine), "Fonts for captions")
    assert found.state is State.TROUBLE
    assert "Japanese" in found.says
    assert "fonts-noto-cjk" in found.command


def test_what_lays_out_arabic_is_asked_for_only_where_it_is_needed():
    probes = {"right_to_left": False}
    assert len(list(fonts.check(fake({}, probes)))) == 1
    found = named(fonts.check(fake({}, probes, languages__target="ar")), "Right-to-left captions")
    assert found.state is State.TROUBLE


QT = {"versions": {"PySide6-Essentials": "6.9"}}
X11 = {"variables": {"DISPLAY": ":0"}}


def shown(code, out="", err=""):
    machine = fake({**QT, **X11, "programs": {"apt-get"}})
    machine.system.answers[machine.system.python] = Answer(code, out, err)
    return named(screen.check(machine), "Qt")


def test_without_a_display_the_command_line_is_recommended():
    found = named(screen.check(fake(QT)), "Display")
    assert found.state is State.HINT
    assert "run --headless" in found.says


def test_without_qt_there_is_no_window():
    assert named(screen.check(fake()), "Qt").command == "pip install PySide6-Essentials"


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "Wayland (wayland-0)"),
        ({"DISPLAY": ":1"}, "X11 (:1)"),
    ],
)
def test_the_kind_of_display_is_told(variables, says):
    assert named(screen.check(fake({**QT, "variables": variables})), "Display").says == says


def test_qt_that_starts_is_well():
    assert shown(0, "xcb\n").says == "6.9 on xcb"


def test_qt_that_ends_its_process_tells_what_it_lacks():
    err = "qt.qpa.plugin: From 6.5.0, xcb-cursor0 or libxcb-cursor0 is needed\nAborted\n"
    found = shown(-6, "", err)
    assert found.state is State.TROUBLE
    assert "libxcb-cursor0 is needed" in found.says
    assert "libxcb-cursor0" in found.command


def test_qt_that_says_nothing_is_told_as_that():
    assert "does not start" in shown(1).says


def test_on_windows_what_others_must_bring_is_explained():
    found = list(elsewhere.check(fake({"platform": "win32"})))
    assert named(found, "Virtual cable").state is State.TROUBLE
    assert "vb-audio.com" in named(found, "Virtual cable").says
    assert "UnityCapture" in named(found, "Virtual camera").says


def test_on_macos_a_cable_that_is_there_is_found():
    machine = fake({"platform": "darwin"}, {"outputs": ["Speakers", "BlackHole 2ch"]})
    found = list(elsewhere.check(machine))
    assert named(found, "Virtual cable").good
    assert "Privacy" in named(found, "Permissions").says


def test_without_the_cable_macos_is_told_how_to_get_it():
    found = named(elsewhere.check(fake({"platform": "darwin"})), "Virtual cable")
    assert found.command == "brew install blackhole-2ch"
