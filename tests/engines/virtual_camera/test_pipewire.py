import ctypes
import shutil
import sys

import numpy as np
import pytest

from core.devices import SIZE
from core.errors import DeviceUnavailable
from engines.virtual_camera import build as building
from engines.virtual_camera import pipewire_library
from engines.virtual_camera.build import build
from engines.virtual_camera.pipewire import PipeWireCamera, register
from engines.virtual_camera.pipewire_library import SOURCE, compiled, load, places

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="PipeWire is Linux's")


@pytest.fixture
def library() -> ctypes.CDLL:
    try:
        build()
    except DeviceUnavailable as exc:
        pytest.skip(str(exc))
    return load()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Nothing is compiled, and there are two places to put it."""
    found = [tmp_path / "one/camera.so", tmp_path / "two/camera.so"]
    for module in (pipewire_library, building):
        monkeypatch.setattr(module, "places", lambda: iter(found))
    return found


def test_not_compiled_it_says_what_to_install_and_what_to_call(elsewhere):
    with pytest.raises(DeviceUnavailable, match=r"libpipewire-0\.3-dev.*virtual_camera\.build"):
        load()


def test_without_a_compiler_it_says_so(elsewhere, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(DeviceUnavailable, match="gcc and pkg-config missing"):
        build()


def test_without_the_headers_it_says_what_to_install(elsewhere, monkeypatch):
    if not shutil.which("pkg-config") or not shutil.which("gcc"):
        pytest.skip("no compiler")
    monkeypatch.setenv("PKG_CONFIG_LIBDIR", "/nowhere")
    with pytest.raises(DeviceUnavailable, match="apt-get install gcc pkg-config libpipewire"):
        build()


def test_it_goes_to_the_next_place_where_the_first_cannot_be_written(elsewhere, monkeypatch):
    monkeypatch.setattr(building, "_compile", lambda: b"library")
    elsewhere[0].parent.write_text("a file where a folder should be")
    assert build() == elsewhere[1]
    assert elsewhere[1].read_bytes() == b"library"
    assert [file.name for file in elsewhere[1].parent.iterdir()] == ["camera.so"]


def test_a_library_of_another_source_is_not_taken(library, tmp_path, monkeypatch):
    changed = tmp_path / "pipewire_camera.c"
    changed.write_bytes(SOURCE.read_bytes() + b"\n")
    assert compiled() is not None
    monkeypatch.setattr(pipewire_library, "SOURCE", changed)
    assert compiled() is None
    assert all(place.suffix == ".so" for place in places())


def test_without_pipewire_it_says_how_to_start_it(library, tmp_path, monkeypatch):
    for name in ("XDG_RUNTIME_DIR", "PIPEWIRE_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    with pytest.raises(DeviceUnavailable, match="PipeWire is not running for this user"):
        PipeWireCamera()


def test_sizes_that_no_picture_can_have_are_refused(library, tmp_path, monkeypatch):
    monkeypatch.setenv("PIPEWIRE_RUNTIME_DIR", str(tmp_path))
    for width in (0, 1281, 100_000):
        assert not library.translated_camera_open(b"x", width, 720, 30)


def test_colours_become_what_cameras_send(library):
    """BT.601 in limited range, two pixels sharing a colour: against the textbook's formula."""
    rng = np.random.default_rng(5)
    rgb = rng.integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    rgb[0], rgb[1] = 255, 0
    got = np.zeros((SIZE[1], SIZE[0], 2), np.uint8)
    library.translated_camera_convert(
        rgb.ctypes.data_as(ctypes.c_void_p), got.ctypes.data_as(ctypes.c_void_p), *SIZE
    )
    red, green, blue = (rgb[..., i].astype(float) for i in range(3))
    luma = 16 + (65.738 * red + 129.057 * green + 25.064 * blue) / 256
    shared = rgb.reshape(SIZE[1], SIZE[0] // 2, 2, 3).mean(axis=2)
    u = 128 + shared @ np.array([-37.945, -74.494, 112.439]) / 256
    v = 128 + shared @ np.array([112.439, -94.154, -18.285]) / 256
    assert np.abs(got[..., 0] - luma).max() <= 1.5
    assert np.abs(got[:, ::2, 1] - u).max() <= 1.5
    assert np.abs(got[:, 1::2, 1] - v).max() <= 1.5
    assert set(got[0, :, 0]) == {235} and set(got[1, :, 0]) == {16}


def test_pyvirtualcam_knows_the_backend_and_it_takes_rgb_only():
    import pyvirtualcam

    register()
    with pytest.raises(RuntimeError, match="RGB pictures only"):
        pyvirtualcam.Camera(
            *SIZE, 30, fmt=pyvirtualcam.PixelFormat.BGR, backend="pipewire", device="x"
        )
