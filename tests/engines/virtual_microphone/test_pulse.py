"""The virtual microphone on real servers, heard by an independent program."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from core.devices import MICROPHONE_NAME, RATE, DeviceLost
from core.errors import DeviceUnavailable
from engines.virtual_microphone.pulse import PulseMicrophone
from engines.virtual_microphone.pulse_devices import SINK, SOURCE
from tests.audio_analysis import find, judge, losses, silence, steady, word
from tests.audio_servers import FAKE_SOURCE, KINDS, AudioServer, audio_server, wait_until

pytestmark = pytest.mark.device
BLOCK = RATE // 100
QUIET = np.zeros(BLOCK, np.float32)


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[AudioServer]:
    with audio_server(request.param) as server, server.here():
        yield server


@pytest.fixture
def microphone(server: AudioServer) -> Iterator[PulseMicrophone]:
    microphone = PulseMicrophone()
    yield microphone
    microphone.close()


def play(microphone: PulseMicrophone, samples: np.ndarray) -> None:
    for at in range(0, len(samples), BLOCK):
        microphone.play(samples[at : at + BLOCK])


class Voice:
    """Plays silence, and what it is told, for as long as its `with` block lasts."""

    def __init__(self, microphone: PulseMicrophone) -> None:
        self.lost: list[str] = []
        self._microphone = microphone
        self._words: list[np.ndarray] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def say(self, samples: np.ndarray) -> None:
        self._words.append(samples)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                play(self._microphone, self._words.pop(0) if self._words else QUIET)
            except DeviceLost as exc:
                self.lost.append(str(exc))

    def __enter__(self) -> "Voice":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._ended.set()
        self._thread.join()


def heard(server: AudioServer, voice: Voice, seed: int) -> tuple[str, ...]:
    """What is wrong with a word that is said. Said again where a busy machine has cut it."""
    for attempt in range(5):
        sound = word(100 * seed + attempt)
        with server.record(SOURCE) as recording:
            voice.say(sound)
            recording.wait_for(1.5)
        flaws = judge(recording.samples, [sound]).flaws
        if not flaws:
            break
    return flaws


def modules(server: AudioServer) -> dict[str, str]:
    """The number of the sink's module and that of the source's, by their kinds."""
    lines = [line.split() for line in server.pactl("list", "short", "modules").splitlines()]
    return {line[1]: line[0] for line in lines if any(SINK in part for part in line)}


def source_index(server: AudioServer) -> str:
    """Another one each time it is made; empty while it is not there."""
    lines = [line.split() for line in server.pactl("list", "short", "sources").splitlines()]
    return next((line[0] for line in lines if line[1] == SOURCE), "")


def test_programs_see_a_microphone_by_its_name_which_is_not_the_default(server, microphone):
    assert server.descriptions()[SOURCE] == MICROPHONE_NAME
    assert microphone.name == MICROPHONE_NAME
    info = server.pactl("info")
    assert f"Default Source: {FAKE_SOURCE}" in info
    assert "Default Sink: speakers" in info


def test_nothing_is_left_after_closing(server):
    before = server.pactl("list", "short", "modules")
    PulseMicrophone().close()
    assert server.pactl("list", "short", "modules") == before
    assert SOURCE not in server.sources()


@pytest.mark.slow
def test_ten_seconds_are_heard_without_a_gap_and_what_is_lost_is_counted(server, microphone):
    """A machine that is busy with other things may need more than one attempt; whatever is lost
    then has been counted."""
    sound = steady(1, 10.0)
    for _ in range(4):
        counted = microphone.underruns
        with server.record(SOURCE) as recording:
            play(microphone, np.concatenate([silence(0.5), sound, silence(0.5)]))
        found = find(recording.samples, sound[:RATE])
        assert found is not None
        lost = losses(recording.samples, sound, found.onset)
        assert bool(lost) <= (microphone.underruns > counted)
        if not lost:
            break
    assert lost == []
    assert found.gain == pytest.approx(1.0, abs=0.01)


def test_the_latency_it_tells_is_what_a_recorder_measures(server, microphone):
    for attempt in range(5):
        sound = steady(10 + attempt, 1.0)
        told = []
        with server.record(SOURCE) as recording:
            play(microphone, silence(0.5))
            for at in range(0, len(sound), BLOCK):
                microphone.play(sound[at : at + BLOCK])
                told.append(time.perf_counter() + microphone.latency)
            play(microphone, silence(0.3))
        found = find(recording.samples, sound)
        if found is not None and not losses(recording.samples, sound, found.onset):
            break
    assert found is not None
    ends = [recording.moment(found.onset + (number + 1) * 0.01) for number in range(len(told))]
    assert abs(float(np.median(np.subtract(told, ends)))) <= 0.005


def test_what_is_replaced_before_it_was_heard_is_never_heard(server, microphone):
    """Each hundredth of a second says it, and takes it back at once. What goes on afterwards is
    neither shifted nor torn by that."""
    for attempt in range(5):
        sound, wrong = steady(20 + attempt, 1.5), steady(30 + attempt, 1.5)
        with server.record(SOURCE) as recording:
            play(microphone, silence(0.5))
            for at in range(0, len(sound), BLOCK):
                microphone.play(wrong[at : at + BLOCK])
                assert microphone.replace(sound[at : at + BLOCK])
            play(microphone, silence(0.3))
        found = find(recording.samples, sound)
        if found is not None and not losses(recording.samples, sound, found.onset):
            break
    assert found is not None
    assert losses(recording.samples, sound, found.onset) == []
    assert found.gain == pytest.approx(1.0, abs=0.01)


def test_being_at_ease_makes_it_later_and_loses_nothing(server, microphone):
    for attempt in range(5):
        sound, told = steady(40 + attempt, 1.5), dict[bool, float]()
        with server.record(SOURCE) as recording:
            play(microphone, silence(0.3))
            for number, at in enumerate(range(0, len(sound), 2 * BLOCK)):
                microphone.at_ease = 25 <= number < 50
                microphone.play(sound[at : at + 2 * BLOCK])
                told[microphone.at_ease] = microphone.latency
            play(microphone, silence(0.3))
        found = find(recording.samples, sound)
        if found is not None and not losses(recording.samples, sound, found.onset):
            break
    assert found is not None
    assert losses(recording.samples, sound, found.onset) == []
    assert told[True] > told[False]


def test_a_reader_is_noticed_and_so_is_its_leaving(server, microphone):
    with Voice(microphone):
        wait_until(lambda: microphone.watched is False, "nobody listening")
        with server.record(SOURCE):
            wait_until(lambda: microphone.watched, "a listener being noticed")
            assert microphone.listeners == ("independent-recorder",)
        wait_until(lambda: not microphone.watched, "the listener leaving")


def test_it_plays_at_the_pace_of_the_device_when_nobody_listens(server, microphone):
    play(microphone, silence(0.2))
    begun = time.perf_counter()
    play(microphone, silence(2.0))
    assert time.perf_counter() - begun == pytest.approx(2.0, abs=0.2)


def test_after_a_kill_the_devices_are_found_again_and_there_is_one_of_each(server):
    script = (
        "from engines.virtual_microphone.pulse import PulseMicrophone\n"
        "import numpy as np\n"
        "m = PulseMicrophone()\n"
        "print('up', flush=True)\n"
        "while True: m.play(np.zeros(480, np.float32))"
    )
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "up\n"
    with pytest.raises(DeviceUnavailable, match="Another Translated Camera"):
        PulseMicrophone()
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert SOURCE in server.sources()
    microphone = PulseMicrophone()
    with Voice(microphone) as voice:
        assert heard(server, voice, 1) == ()
    assert server.pactl("list", "short", "sinks").count(SINK) == 1
    microphone.close()
    assert SOURCE not in server.sources()


def test_devices_set_up_for_good_are_used_and_left_alone(server):
    server.pactl("load-module", "module-null-sink", f"sink_name={SINK}")
    microphone = PulseMicrophone()
    assert server.descriptions()[SOURCE] == MICROPHONE_NAME
    microphone.close()
    assert SOURCE not in server.sources()
    assert f"{SINK}.monitor" in server.sources()


@pytest.mark.parametrize("module", ["module-null-sink", "module-remap-source"])
def test_a_device_that_somebody_takes_away_is_made_again(server, microphone, module):
    with Voice(microphone) as voice:
        assert heard(server, voice, 1) == ()
        before = source_index(server)
        server.pactl("unload-module", modules(server)[module])
        wait_until(lambda: source_index(server) not in ("", before), "another microphone")
        assert heard(server, voice, 2) == ()
        assert voice.lost == []
    assert "Default Sink: speakers" in server.pactl("info")


def test_the_voice_never_goes_to_the_loudspeakers(server, microphone):
    with Voice(microphone), server.record("speakers.monitor") as recording:
        server.pactl("unload-module", modules(server)["module-null-sink"])
        for line in server.pactl("list", "short", "sink-inputs").splitlines():
            assert line.split()[1] != "speakers"
        recording.wait_for(0.5)


def test_it_survives_a_server_that_crashes_and_comes_back(server, microphone):
    with Voice(microphone) as voice:
        assert heard(server, voice, 1) == ()
        server.restart()
        server.microphone.plug()
        wait_until(lambda: SOURCE in server.sources(), "the microphone coming back")
        assert heard(server, voice, 2) == ()
        assert voice.lost == []
    assert f"Default Source: {FAKE_SOURCE}" in server.pactl("info")
    assert microphone.underruns >= 1


def test_a_server_that_stays_away_is_a_lost_device_until_it_returns(server, microphone):
    with Voice(microphone) as voice:
        server.kill()
        wait_until(lambda: voice.lost, "the loss being told")
        assert "server" in voice.lost[0]
        server.start()
        wait_until(lambda: SOURCE in server.sources(), "the microphone coming back")
        assert heard(server, voice, 3) == ()


def test_without_a_server_it_says_what_to_do(server):
    server.kill()
    with pytest.raises(DeviceUnavailable, match="Start PipeWire"):
        PulseMicrophone()


def test_it_plays_into_a_sink_of_the_users_choice(server):
    microphone = PulseMicrophone("Speakers")
    assert SOURCE not in server.sources()
    sound = word(4)
    with server.record("speakers.monitor") as recording:
        play(microphone, np.concatenate([silence(0.3), sound, silence(0.3)]))
    assert judge(recording.samples, [sound], whole=False).flaws == ()
    microphone.close()
    with pytest.raises(DeviceUnavailable, match="no sound device named “nowhere”"):
        PulseMicrophone("nowhere")


def test_a_sink_that_somebody_suspends_is_woken(server, microphone):
    with Voice(microphone) as voice:
        server.pactl("suspend-sink", SINK, "1")
        assert heard(server, voice, 5) == ()
