"""No microphone, ours only, a muted one, a silent one, one that distorts."""

from dataclasses import replace

import pytest

from app.doctor.microphone import HEARD, MICROPHONE, check
from core.devices import SoundInfo
from core.errors import DeviceUnavailable
from core.findings import State
from tests.machines import HEADSET, OUR_MICROPHONE, SERVER, fake, named
from tests.machines import MICROPHONE as INFO

OTHER = SoundInfo("Table", "table")


def looked(*infos, **probes):
    settings = {k: probes.pop(k) for k in list(probes) if "__" in k}
    machine = fake({}, {"microphone_list": infos, "server": SERVER, **probes}, **settings)
    return list(check(machine))


@pytest.mark.parametrize("infos", [(), (OUR_MICROPHONE,)])
def test_without_a_real_microphone_nothing_can_run(infos):
    (found,) = looked(*infos)
    assert (found.state, found.code) == (State.TROUBLE, 6)


def test_a_list_that_cannot_be_had_is_told_with_its_reason():
    machine = fake({}, {"microphone_list": DeviceUnavailable("The server does not answer.")})
    (found,) = check(machine)
    assert (found.says, found.code) == ("The server does not answer.", 6)


@pytest.mark.parametrize("source", ["demo", "tone", "silence", "file:talk.wav"])
def test_who_takes_a_file_or_the_demo_needs_none(source):
    (found,) = looked(devices__microphone=source)
    assert found.good


def test_one_that_hears_is_well():
    found = looked(INFO)
    assert named(found, MICROPHONE).says == "Headset is taken."
    assert named(found, HEARD).good


def test_one_that_is_not_there_is_replaced_and_that_is_said():
    found = looked(INFO, devices__microphone="Studio")
    assert named(found, MICROPHONE).state is State.HINT
    assert "Headset is taken meanwhile" in named(found, MICROPHONE).says


def test_ours_as_the_chosen_one_is_refused_with_the_reason():
    found = looked(INFO, OUR_MICROPHONE, devices__microphone="Translated Microphone")
    assert "go round in circles" in named(found, MICROPHONE).says


def test_a_muted_one_is_unmuted_without_being_listened_to():
    muted = replace(SERVER, sources=(replace(HEADSET, muted=True),))
    found = looked(INFO, server=muted, loudest=DeviceUnavailable("must not be asked"))
    one = named(found, HEARD)
    assert one.state is State.HINT
    assert one.command == "pactl set-source-mute headset 0"


@pytest.mark.parametrize(("peak", "part"), [(0.0, "nothing but silence"), (1.0, "distorts")])
def test_silence_and_distortion_are_hints(peak, part):
    one = named(looked(INFO, loudest=peak), HEARD)
    assert one.state is State.HINT
    assert part in one.says


def test_the_only_one_that_cannot_be_opened_stops_everything():
    refused = DeviceUnavailable("The microphone is in use.")
    assert named(looked(INFO, loudest=refused), HEARD).code == 6
    assert named(looked(INFO, OTHER, loudest=refused), HEARD).code == 0
