"""Guests who could be heard and translated, and those with whom a start would be refused."""

import pytest

from app.doctor.guests import check
from app.live.guests import Guests
from core.devices import SoundInfo
from core.errors import DeviceUnavailable, EngineUnavailable
from core.findings import State
from core.guests import guests
from tests.machines import OUR_MICROPHONE, fake

HEADSET = SoundInfo("Headset", "headset", default=True)
TABLE = SoundInfo("Table", "table")


def at(*speakers, infos=(HEADSET, TABLE, OUR_MICROPHONE), **settings):
    """A machine with a file besides."""
    probes = {"microphone_list": infos}
    return fake({"texts": {"ben.wav": ""}}, probes, guests__speakers=speakers, **settings)


def looked(*speakers, **given):
    return list(check(at(*speakers, **given)))


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


@pytest.mark.parametrize(
    ("speakers", "settings"),
    [
        (("Ana=Table",), {"devices__microphone": "Table"}),
        (("Ana=Table", "Rosalind=table"), {}),
        (("Ana=Table,from=es",), {}),
    ],
)
def test_with_whom_a_start_is_refused_is_not_told_to_be_well(speakers, settings):
    with pytest.raises(EngineUnavailable) as refused:
        seated = Guests(guests(speakers), None, None, None, None, None)
        seated.start(at(*speakers, **settings).config, None)
    (found,) = looked(*speakers, **settings)
    assert found.state is State.HINT
    assert found.says == str(refused.value).replace("Ana", "A guest")


@pytest.mark.parametrize(
    ("speakers", "own"),
    [
        (("Ana=Headset",), ""),
        (("Ana=table", "Ben=Tabl"), ""),
        (("Ana=Table",), "table"),
        (("Ana=Headset",), "Unplugged"),
    ],
)
def test_one_microphone_under_two_names_is_nobodys_own(speakers, own):
    (found,) = looked(*speakers, devices__microphone=own)
    assert found.state is State.HINT
    assert found.says == "A guest needs a microphone that nobody else speaks into."


def test_a_file_that_is_not_there_is_told_without_its_path():
    (found,) = looked("Rosalind=file:/home/rosalind/absent.wav", "Ben=file:ben.wav")
    assert found.state is State.HINT
    assert "a file that is not there" in found.says
    assert "osalind" not in found.says
    (found,) = looked("Ben=file:ben.wav", "Ana=Table")
    assert found.says == "All are there: file, Table."


def test_all_that_is_wrong_is_told_once():
    (found,) = looked("Ana=Studio", "Ben=Table,from=es", "Eva=Headset", "Jim=demo,from=es")
    assert found.says == (
        "A guest speaks Spanish already: nothing to translate. "
        "A guest needs a microphone that nobody else speaks into. "
        "There is no microphone called Studio. "
        "Plug it in, or choose another one for the guest in the settings."
    )


def test_whom_nobody_can_translate_is_told_though_there_is_no_list_of_microphones():
    (found,) = looked("Ana=Table,from=es", infos=DeviceUnavailable("It does not answer."))
    assert found.says == "A guest speaks Spanish already: nothing to translate."


def test_a_list_that_cannot_be_had_is_for_the_microphones_own_check_to_tell():
    assert looked("Ana=Table", infos=DeviceUnavailable("The server does not answer.")) == []
