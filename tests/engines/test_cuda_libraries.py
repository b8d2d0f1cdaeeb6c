import sys

import pytest

from engines import cuda_libraries
from engines.cuda_libraries import lacking


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    lacking.cache_clear()
    yield
    lacking.cache_clear()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """NVIDIA's, with an empty folder for libraries."""
    folder = tmp_path / "nvidia" / "cublas" / "lib"
    folder.mkdir(parents=True)
    for part in (folder.parent.parent, folder.parent):
        (part / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("nvidia", "nvidia.cublas"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return folder


def test_a_library_that_is_nowhere_is_named(monkeypatch):
    monkeypatch.setitem(cuda_libraries._NAMES, "linux", ("libnobody-has-this.so.1",))
    assert lacking() == "libnobody-has-this.so.1"


def test_what_the_system_has_is_enough(monkeypatch):
    monkeypatch.setitem(cuda_libraries._NAMES, "linux", ("libc.so.6", "libm.so.6"))
    assert lacking() == ""


def test_nvidias_package_is_looked_into(monkeypatch, package):
    asked = []
    monkeypatch.setattr(
        cuda_libraries, "_loads", lambda place: asked.append(place) or len(asked) > 1
    )
    monkeypatch.setitem(cuda_libraries._NAMES, "linux", ("libcublas.so.12",))
    assert lacking() == ""
    assert asked == ["libcublas.so.12", str(package / "libcublas.so.12")]
