import stat

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from core.errors import EngineUnavailable
from engines.tts import sealing


class Ring(KeyringBackend):
    """A keyring in memory, which can be locked."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.held, self.locked, self.trouble = {}, False, KeyringLocked("The user said no.")

    def _opened(self):
        if self.locked:
            raise self.trouble
        return self.held

    def get_password(self, service, username):
        return self._opened().get((service, username))

    def set_password(self, service, username, password):
        self._opened()[service, username] = password

    def delete_password(self, service, username):
        if self._opened().pop((service, username), None) is None:
            raise PasswordDeleteError("There is none.")


@pytest.fixture(autouse=True)
def keys(tmp_path, monkeypatch):
    monkeypatch.setattr(sealing, "folder", lambda: tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def with_ring():
    def put(ring):
        keyring.set_keyring(ring)
        return ring

    before = keyring.get_keyring()
    yield put
    keyring.set_keyring(before)


def test_the_key_lies_in_the_keyring_and_nowhere_else(with_ring, keys):
    ring = with_ring(Ring())
    sealed = sealing.seal("Ana", b"how she sounds")
    assert b"sounds" not in sealed
    assert sealing.unseal("Ana", sealed) == b"how she sounds"
    assert list(ring.held) == [("translated-camera", "voice of Ana")]
    assert sealing.place("Ana") == sealing.KEYRING
    assert not keys.exists()


def test_the_same_twice_looks_different(with_ring):
    with_ring(Ring())
    assert sealing.seal("Ana", b"x") != sealing.seal("Ana", b"x")


def test_without_a_keyring_the_key_is_a_file_that_only_the_user_reads(with_ring, keys):
    with_ring(NoKeyring())
    sealed = sealing.seal("Ana", b"how she sounds")
    assert sealing.unseal("Ana", sealed) == b"how she sounds"
    (file,) = keys.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert sealing.place("Ana") == sealing.FILE


def test_a_voice_that_was_learnt_while_the_keyring_was_locked_opens_afterwards(with_ring):
    ring = with_ring(Ring())
    sealing.seal("Ana", b"first")
    ring.locked = True
    second = sealing.seal("Ana", b"second")
    ring.locked = False
    assert sealing.unseal("Ana", second) == b"second"


def of_the_bus():
    """What a D-Bus service answers that has no wish to."""
    wrappers = pytest.importorskip("jeepney.wrappers", reason="D-Bus is of Linux")
    jeepney = pytest.importorskip("jeepney")
    address = jeepney.DBusAddress("/org/freedesktop/secrets", "org.freedesktop.secrets")
    call = jeepney.new_method_call(address, "Unlock")
    call.header.serial = 1
    return wrappers.DBusErrorResponse(jeepney.new_error(call, "org.freedesktop.DBus.Error.NoReply"))


def of_the_service():
    exceptions = pytest.importorskip("secretstorage.exceptions", reason="it is of Linux")
    return exceptions.PromptDismissedException("Prompt dismissed.")


@pytest.mark.parametrize("trouble", [of_the_bus, of_the_service])
def test_whatever_a_back_end_raises_the_key_becomes_a_file(with_ring, keys, trouble):
    ring = with_ring(Ring())
    ring.locked, ring.trouble = True, trouble()
    sealed = sealing.seal("Ana", b"how she sounds")
    assert sealing.unseal("Ana", sealed) == b"how she sounds"
    assert sealing.place("Ana") == sealing.FILE
    sealing.forget("Ana")
    assert not list(keys.iterdir())


@pytest.mark.parametrize("named", ["nowhere.Keyring", "keyring.backends.null.Nothing"])
def test_a_keyring_that_was_set_up_wrongly_is_none(monkeypatch, keys, named):
    monkeypatch.setattr("keyring.core._keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", named)
    sealed = sealing.seal("Ana", b"how she sounds")
    assert sealing.unseal("Ana", sealed) == b"how she sounds"
    assert sealing.place("Ana") == sealing.FILE


def test_a_locked_keyring_is_told(with_ring):
    ring = with_ring(Ring())
    sealed = sealing.seal("Ana", b"x")
    ring.locked = True
    assert sealing.place("Ana") == ""
    with pytest.raises(EngineUnavailable, match="Unlock it"):
        sealing.unseal("Ana", sealed)


def test_who_is_forgotten_is_forgotten_in_copies_too(with_ring, keys):
    ring = with_ring(Ring())
    sealed = sealing.seal("Ana", b"x")
    sealing.forget("Ana")
    sealing.forget("Ana")
    assert ring.held == {}
    sealing.seal("Ana", b"anew")
    with pytest.raises(EngineUnavailable, match="learn the voice again"):
        sealing.unseal("Ana", sealed)


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: b"no" + s, lambda s: s[:7], None])
def test_what_was_changed_or_belongs_to_somebody_else_is_not_opened(with_ring, spoil):
    ring = with_ring(Ring())
    sealed = sealing.seal("Ana", b"x" * 40)
    if spoil is None:
        told = ring.held["translated-camera", "voice of Ana"]
        ring.held["translated-camera", "voice of Eve"] = told
    whose = "Ana" if spoil else "Eve"
    with pytest.raises(EngineUnavailable, match="damaged"):
        sealing.unseal(whose, spoil(sealed) if spoil else sealed)


def test_a_key_that_is_none_is_as_good_as_gone(with_ring):
    ring = with_ring(Ring())
    sealed = sealing.seal("Ana", b"x")
    ring.held["translated-camera", "voice of Ana"] = "not base64"
    with pytest.raises(EngineUnavailable, match="key to the voice of Ana"):
        sealing.unseal("Ana", sealed)
