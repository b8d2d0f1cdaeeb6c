"""Microphones on real sound servers, private to the test, with a fake one that can be unplugged."""

import os
import time
from collections.abc import Iterator

import numpy as np
import pytest
import soxr

from core.devices import MICROPHONE_NAME, RATE, DeviceLost, Microphone
from core.errors import DeviceUnavailable
from engines.microphone import level
from engines.microphone.followed import FollowedMicrophone
from engines.microphone.listing import choose_microphone, microphones
from engines.microphone.opening import open_microphone
from tests.audio_analysis import find, losses, steady, word
from tests.audio_servers import FAKE_MICROPHONE, FAKE_SOURCE, KINDS, AudioServer, audio_server

pytestmark = pytest.mark.device
SIX = "front-left,front-right,rear-left,rear-right,front-center,lfe"


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[AudioServer]:
    with audio_server(request.param) as server, server.here():
        yield server


def described(name: str) -> str:
    return f"source_properties='device.description=\"{name}\"'"


def plug(server: AudioServer, source: str, name: str, *, rate: int = RATE, map_: str = "mono"):
    """A fake microphone; what is played into the sink `source`_feed is what it hears."""
    form = (f"rate={rate}", f"channels={map_.count(',') + 1}", f"channel_map={map_}")
    server.pactl("load-module", "module-null-sink", f"sink_name={source}_feed", *form)
    server.pactl(
        "load-module", "module-remap-source", f"master={source}_feed.monitor",
        f"source_name={source}", f"master_channel_map={map_}", *form, described(name),
    )  # fmt: skip


def heard(microphone: Microphone | FollowedMicrophone, seconds: float) -> tuple[np.ndarray, float]:
    """That much of it, and the moment of its first sample as the last block tells it (a source
    that has just woken up may be mistaken about its delay at first)."""
    parts, end = [], time.perf_counter() + 30
    while sum(map(len, parts)) < seconds * RATE and time.perf_counter() < end:
        if (block := microphone.read(0.2)) is not None:
            parts.append(block.samples)
            last = block.moment + len(block.samples) / RATE
    sound = np.concatenate(parts)
    return sound, last - len(sound) / RATE


def settled(microphone: Microphone | FollowedMicrophone) -> None:
    """PulseAudio's fake microphones sleep for up to two seconds and then hurry."""
    heard(microphone, 0.5)


def test_microphones_are_listed_the_default_first_and_no_monitors(server):
    plug(server, "studio", "Studio", rate=44100, map_="front-left,front-right")
    infos = microphones()
    assert [(one.name, one.id, one.default) for one in infos] == [
        (FAKE_MICROPHONE, FAKE_SOURCE, True),
        ("Studio", "studio", False),
    ]
    assert infos[1].channels == 2
    assert infos[1].rate == (44100 if server.kind == "pulseaudio" else RATE)


def test_two_microphones_of_one_name_are_told_apart(server):
    plug(server, "left", "USB Microphone")
    plug(server, "right", "USB Microphone")
    names = {one.name: one.id for one in microphones()}
    assert {names["USB Microphone"], names["USB Microphone (2)"]} == {"left", "right"}
    assert choose_microphone("USB Microphone (2)").id == names["USB Microphone (2)"]


def test_what_is_said_is_heard_whole_and_with_its_moment(server):
    microphone = open_microphone(FAKE_MICROPHONE)
    settled(microphone)
    for attempt in range(4):  # a busy machine cuts what its player plays, for everybody
        said = steady(attempt, 1.0)
        with server.record(FAKE_SOURCE) as independent, server.microphone.say(said):
            sound, moment = heard(microphone, 3.0)
            independent.wait_for(3.0)
        mine, theirs = find(sound, said), find(independent.samples, said)
        if mine and theirs and not losses(sound, said, mine.onset):
            break
    else:
        pytest.fail("it was never heard whole")
    microphone.close()
    assert microphone.dropped == 0
    # The independent program can only tell when its sound arrived, some milliseconds later.
    assert abs(moment + mine.onset - independent.moment(theirs.onset)) < 0.06


@pytest.mark.parametrize(
    ("rate", "map_"), [(8000, "mono"), (44100, "front-left,front-right"), (48000, SIX)]
)
def test_any_rate_and_number_of_channels_becomes_mono_at_48_kHz(server, rate, map_):
    plug(server, "odd", "Odd Microphone", rate=rate, map_=map_)
    microphone = open_microphone("Odd")
    settled(microphone)
    said = soxr.resample(soxr.resample(word(2, 1.0), RATE, 8000), 8000, RATE)
    with server.play(said, "odd_feed"):
        sound, _ = heard(microphone, 2.0)
    microphone.close()
    found = find(sound, said, least=0.4)
    assert found is not None
    assert np.abs(sound).max() == pytest.approx(np.abs(said).max(), rel=0.4)


def test_an_unplugged_microphone_is_lost_and_nothing_else_is_heard_instead(server):
    microphone = open_microphone(FAKE_MICROPHONE)
    settled(microphone)
    server.microphone.unplug()
    with server.play(steady(3, 1.0), "speakers"), pytest.raises(DeviceLost, match="was lost"):
        for _ in range(100):
            block = microphone.read(0.1)
            assert block is None or not block.samples.any()
    microphone.close()


def test_the_chosen_microphone_is_followed_through_unplugging(server):
    plug(server, "spare", "Spare")
    microphone = FollowedMicrophone(FAKE_MICROPHONE)
    settled(microphone)
    assert (microphone.device.name, microphone.status) == (FAKE_MICROPHONE, "")
    server.microphone.unplug()
    said = word(4, 1.0)
    _wait(microphone, "Spare")
    assert microphone.status == (
        f"The microphone {FAKE_MICROPHONE} was unplugged; Spare is heard until it is back."
    )
    settled(microphone)
    with server.play(said, "spare_feed"):
        assert find(heard(microphone, 2.0)[0], said) is not None
    server.microphone.plug()
    _wait(microphone, FAKE_MICROPHONE)
    settled(microphone)
    with server.microphone.say(said):
        assert find(heard(microphone, 2.0)[0], said) is not None
    microphone.close()


def test_after_a_crash_of_the_server_the_microphone_is_heard_again(server):
    microphone = FollowedMicrophone(FAKE_MICROPHONE)
    settled(microphone)
    server.restart()
    server.microphone.plug()
    said = word(5, 1.0)
    _wait(microphone, FAKE_MICROPHONE, gone_first=True)
    settled(microphone)
    with server.microphone.say(said):
        assert find(heard(microphone, 2.0)[0], said) is not None
    microphone.close()


def _wait(microphone: FollowedMicrophone, name: str, *, gone_first: bool = False) -> None:
    """Reads on until this device is in use."""
    end = time.perf_counter() + 30
    while gone_first and microphone.device.works and time.perf_counter() < end:
        microphone.read(0.05)
    while microphone.device.name != name:
        assert time.perf_counter() < end, microphone.device
        microphone.read(0.05)


@pytest.fixture
def our_microphone(server):
    server.pactl("load-module", "module-null-sink", "sink_name=voice", "rate=48000")
    server.pactl(
        "load-module", "module-remap-source", "master=voice.monitor", "source_name=outgoing",
        described(MICROPHONE_NAME),
    )  # fmt: skip
    server.pactl(
        "load-module", "module-remap-source", "master=outgoing", "source_name=innocent",
        described("Innocent Microphone"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "wanted", [MICROPHONE_NAME, "outgoing", "voice.monitor", "Innocent Microphone"]
)
def test_our_own_sound_is_refused_under_any_name(server, our_microphone, wanted):
    with pytest.raises(DeviceUnavailable, match="only go round in circles"):
        choose_microphone(wanted)


def test_our_own_microphone_is_not_taken_even_when_the_system_made_it_its_default(
    server, our_microphone
):
    server.pactl("set-default-source", "outgoing")
    assert choose_microphone("").name == FAKE_MICROPHONE
    microphone = FollowedMicrophone("")
    _wait(microphone, FAKE_MICROPHONE)
    microphone.close()


def test_the_systems_default_is_gone_with_as_it_changes(server):
    plug(server, "headset", "Headset")
    server.pactl("set-default-source", FAKE_SOURCE)
    microphone = FollowedMicrophone("")
    _wait(microphone, FAKE_MICROPHONE)
    server.pactl("set-default-source", "headset")
    _wait(microphone, "Headset")
    microphone.close()


def test_what_a_loudspeaker_plays_is_heard_only_when_asked_for_by_its_id(server):
    assert choose_microphone("speakers.monitor").id == "speakers.monitor"
    with pytest.raises(DeviceUnavailable, match="There is no microphone called Speakers"):
        choose_microphone("Speakers")


def test_of_two_microphones_that_a_name_fits_the_user_is_told(server):
    plug(server, "usb1", "USB Microphone")
    plug(server, "usb2", "USB Microphone")
    microphone = FollowedMicrophone("USB")
    _wait(microphone, "USB Microphone")
    while not microphone.status:
        microphone.read(0.05)
    assert "2 microphones fit USB" in microphone.status
    microphone.close()
    assert choose_microphone("usb2").id == "usb2"


def test_a_muted_microphone_is_told(server, monkeypatch):
    monkeypatch.setattr(level, "_SILENT_S", 0.5)
    microphone = FollowedMicrophone(FAKE_MICROPHONE)
    end = time.perf_counter() + 30
    while not microphone.status and time.perf_counter() < end:
        microphone.read(0.05)
    assert "nothing but silence" in microphone.status
    assert microphone.device.works
    microphone.close()


def test_without_a_server_and_without_devices_the_user_is_told_what_to_start(tmp_path, monkeypatch):
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    if os.path.isdir("/dev/snd"):
        pytest.skip("this machine has microphones of its own")
    with pytest.raises(DeviceUnavailable, match="sound server"):
        microphones()
