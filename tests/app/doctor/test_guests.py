"""Guests whose microphones are there, are not, or need not be."""

from app.doctor.guests import check
from core.devices import SoundInfo
from core.errors import DeviceUnavailable
from core.findings import State
from tests.machines import OUR_MICROPHONE, fake

TABLE = SoundInfo("Table", "table")


def looked(*speakers, infos=(TABLE, OUR_MICROPHONE)):
    machine = fake({}, {"microphone_list": infos}, guests__speakers=speakers)
    return list(check(machine))


def test_where_nobody_is_expected_nothing_is_said():
    assert looked() == []


def test_microphones_that_are_there_are_well_and_so_is_what_stands_for_one():
    (found,) = looked("Ana=table", "Ben=file:ben.wav")
    assert found.good


def test_one_that_is_not_there_is_named_and_who_speaks_into_it_is_not():
    for absent in ("Studio", OUR_MICROPHONE.name):
        (found,) = looked("Rosalind=Table", f"Ana={absent}")
        assert found.state is State.HINT
        assert found.says.startswith(f"There is no microphone called {absent}. Plug it in")
        assert "Ana" not in found.says


def test_a_list_that_cannot_be_had_is_for_the_microphones_own_check_to_tell():
    assert looked("Ana=Table", infos=DeviceUnavailable("The server does not answer.")) == []
