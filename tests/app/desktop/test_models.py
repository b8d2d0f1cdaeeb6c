import pytest

from app.desktop.models import CatalogueStore
from core.errors import UsageError
from engines.models.catalogue import entries
from engines.models.store import Installed, write


@pytest.fixture
def store(tmp_path):
    return CatalogueStore(tmp_path)


def put(folder, name, kind="mt"):
    (folder / name).mkdir()
    (folder / name / "model.bin").write_bytes(bytes(1000))
    write(Installed(name, kind, folder / name, form="ct2", languages=("en-es",), licence="MIT"))


def test_the_catalogue_is_shown_with_licence_and_whether_it_is_here(store, tmp_path):
    first = entries()[0]
    put(tmp_path, first.name, first.kind)
    shown = {one.name: one for one in store.entries()}
    assert [one.name for one in entries()] == list(shown)
    assert shown[first.name].installed
    assert all(one.licence for one in shown.values())
    assert not any(one.installed for one in shown.values() if one.name != first.name)


def test_what_the_user_has_brought_is_shown_too_and_can_be_removed(store, tmp_path):
    put(tmp_path, "my-translator")
    mine = store.entries()[-1]
    assert (mine.name, mine.installed, mine.licence) == ("my-translator", True, "MIT")
    assert mine.size > 1000
    store.remove("my-translator")
    assert "my-translator" not in [one.name for one in store.entries()]


def test_a_model_that_is_not_in_the_catalogue_cannot_be_fetched(store):
    with pytest.raises(UsageError):
        store.pull("no-such-model", lambda done, whole: True)
