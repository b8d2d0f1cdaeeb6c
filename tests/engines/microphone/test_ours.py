import pytest

from engines.microphone.ours import Source, master_of, our_sources

SINKS = {
    "speakers": "Built-in Audio",
    "voice": "The program's voice",
    "translated_camera_voice": "Translated Camera voice",
}
REAL = Source("alsa_input.pci", "Built-in Microphone")
MINE = Source("translated_microphone", "Translated Microphone", master="voice.monitor")
MONITORS = (
    Source("speakers.monitor", "Monitor of Built-in Audio", monitor_of="speakers"),
    Source("voice.monitor", "Monitor of the voice", monitor_of="voice"),
    Source("translated_camera_voice.monitor", "Monitor", monitor_of="translated_camera_voice"),
)


def ours(*more):
    return our_sources((REAL, MINE, *MONITORS, *more), SINKS)


def test_our_microphone_and_the_monitors_of_its_sinks_are_ours():
    assert ours() == {"translated_microphone", "voice.monitor", "translated_camera_voice.monitor"}


@pytest.mark.parametrize("master", ["voice.monitor", "translated_microphone", "again"])
def test_what_is_made_from_ours_is_ours_however_it_is_called(master):
    again = Source("again", "Studio", master="translated_microphone")
    assert "disguised" in ours(again, Source("disguised", "Nice Microphone", master=master))


def test_what_is_made_from_a_real_microphone_is_not_ours():
    cancelled = Source("echo_cancelled", "Echo-cancelled", master="alsa_input.pci")
    assert "echo_cancelled" not in ours(cancelled)
    assert "speakers.monitor" not in ours()


def test_sources_that_are_made_from_each_other_are_looked_at_once():
    assert "a" not in ours(Source("a", "A", master="b"), Source("b", "B", master="a"))


@pytest.mark.parametrize(
    ("argument", "master"),
    [
        ("master=voice.monitor source_name=x", "voice.monitor"),
        ("source_name=x source_properties='device.description=\"My Mic\"' master=m", "m"),
        ("source_master=mic aec_method=webrtc", "mic"),
        ("sink_name=x", ""),
        ("broken='quote master=m", "m"),
        ("", ""),
    ],
)
def test_a_modules_argument_tells_its_master(argument, master):
    assert master_of(argument) == master
