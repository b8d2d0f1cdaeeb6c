"""What other programs play, heard on real sound servers that are private to the test."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from core.devices import RATE
from engines.headphones.followed import FollowedOutput
from engines.headphones.listing import server_outputs
from engines.programs import ducking
from engines.programs.ducking import Ducking
from engines.programs.playing import Program, programs
from engines.programs.pulse import ProgramSound
from engines.pulse.server import server as connected
from tests.audio_analysis import find, word
from tests.audio_servers import KINDS, AudioServer, audio_server, wait_until

pytestmark = pytest.mark.device
SINK = "speakers"
THEIRS, OURS = word(1, 0.3), word(2, 0.3)
REST = np.zeros(RATE // 10, np.float32)
LONGER_REST = np.zeros(RATE * 13 // 100, np.float32)
"""Between two of ours: with the same rest as between two of theirs, the same parts of both would
meet each time, and where ours is never alone it cannot be told."""


one_kind = pytest.mark.parametrize("server", ["pulseaudio"], indirect=True)
"""For what is decided here and not by the server."""


@pytest.fixture(autouse=True)
def note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ducking, "folder", lambda: tmp_path)


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[AudioServer]:
    with audio_server(request.param) as server, server.here():
        yield server


@pytest.fixture
def sound(server: AudioServer) -> Iterator[ProgramSound]:
    sound = ProgramSound()
    yield sound
    sound.close()


@contextmanager
def speaking(server: AudioServer, samples: np.ndarray = THEIRS, sink: str = SINK) -> Iterator[None]:
    """Another program, which says the same again and again."""
    again = np.tile(np.concatenate([samples, REST]), round(60 * RATE / (len(samples) + len(REST))))
    playing = server.play(again, sink)
    try:
        yield
    finally:
        playing.stop()


@contextmanager
def saying(samples: np.ndarray) -> Iterator[None]:
    """This program, in the same headphones."""
    output, ended = FollowedOutput("Speakers"), threading.Event()
    sound = np.concatenate([samples, LONGER_REST])

    def say() -> None:
        while not ended.is_set():
            for at in range(0, len(sound), 960):
                output.play(sound[at : at + 960])

    thread = threading.Thread(target=say)
    thread.start()
    try:
        wait_until(lambda: output.device.works, "the headphones")
        yield
    finally:
        ended.set()
        thread.join()
        output.close()


def heard(sound: ProgramSound, seconds: float = 1.2) -> np.ndarray:
    parts, end = [], time.monotonic() + 30
    while sum(map(len, parts)) < seconds * RATE and time.monotonic() < end:
        if (block := sound.read(0.2)) is not None:
            parts.append(block.samples)
    return np.concatenate(parts)


def until_heard(sound: ProgramSound, fits: Callable[[np.ndarray], bool]) -> None:
    """Again and again: a busy machine may cut a sound."""
    for _ in range(8):
        if fits(heard(sound)):
            return
    pytest.fail("it never sounded as it should")


def says(samples: np.ndarray, what: np.ndarray) -> bool:
    found = find(samples, what)
    return found is not None and found.likeness > 0.8


def is_in(samples: np.ndarray, what: np.ndarray) -> bool:
    """Also where something else as loud is heard at the same time."""
    return find(samples, what) is not None


def loudness(samples: np.ndarray, what: np.ndarray = THEIRS) -> float:
    """Of that sound within the samples, 1 being as it was made; 0 where it is not."""
    found = find(samples, what)
    return found.gain if found is not None and found.likeness > 0.8 else 0.0


def test_another_program_is_heard_and_what_we_play_into_the_same_headphones_is_not(server, sound):
    with saying(OURS), speaking(server), server.record(f"{SINK}.monitor") as room:
        until_heard(sound, lambda samples: says(samples, THEIRS))
        wait_until(lambda: is_in(room.samples[-RATE:], OURS), "our voice in the headphones")
        found = find(heard(sound, 3.0), OURS)
        assert found is None or found.likeness < 0.3
        assert sound.device.works
        assert sound.device.name == "pacat"
    wait_until(lambda: "No program plays" in sound.device.says, "its end being told")
    until_heard(sound, lambda samples: not samples.any())


def test_programs_are_turned_down_for_the_user_and_heard_as_before(server, sound):
    with speaking(server), server.record(f"{SINK}.monitor") as room:

        def plays(low: float, high: float) -> bool:
            return low < loudness(room.samples[-RATE:]) < high

        until_heard(sound, lambda samples: says(samples, THEIRS))
        wait_until(lambda: plays(0.8, 2.0), "it being heard as it is")
        before, whole = loudness(heard(sound)), loudness(room.samples[-RATE:])
        sound.duck(-12)
        wait_until(lambda: plays(0.2 * whole, 0.3 * whole), "it being turned down")
        until_heard(sound, lambda samples: 0.8 < loudness(samples) / (before or 1.0) < 1.25)
        sound.duck(0)
        wait_until(lambda: plays(0.9 * whole, 1.1 * whole), "it being as before")
        until_heard(sound, lambda samples: 0.8 < loudness(samples) / (before or 1.0) < 1.25)


def playing() -> list[Program]:
    with connected() as pulse:
        return programs(pulse, server_outputs(pulse))


@one_kind
def test_what_a_killed_process_has_turned_down_is_turned_up_by_the_next(server, tmp_path):
    note = tmp_path / "note.json"
    with speaking(server):
        wait_until(playing, "the program")
        with connected() as pulse:
            Ducking(note).down(pulse, playing(), -12)
        wait_until(lambda: playing()[0].volumes[0] < 0.9, "it being turned down")
        with connected() as pulse:
            Ducking(note).mend(pulse, playing())
        wait_until(lambda: playing()[0].volumes[0] > 0.99, "it being as before")
    assert not note.exists()


@one_kind
def test_a_volume_that_the_user_has_changed_meanwhile_is_left_alone(server, tmp_path):
    with speaking(server), connected() as pulse:
        wait_until(playing, "the program")
        ducking = Ducking(tmp_path / "note.json")
        ducking.down(pulse, playing(), -12)
        server.pactl("set-sink-input-volume", str(playing()[0].index), "33%")
        wait_until(lambda: 0.3 < playing()[0].volumes[0] < 0.35, "the user's wish")
        ducking.up(pulse, playing())
        assert 0.3 < playing()[0].volumes[0] < 0.35


def test_a_program_that_ended_while_it_was_turned_down_is_turned_up_when_it_plays_again(
    tmp_path, monkeypatch
):
    turned = []
    monkeypatch.setattr(ducking, "_turn", lambda _, one, volumes: turned.append((one, volumes)))
    note = tmp_path / "note.json"
    ours = Ducking(note)
    ours.down(None, [Program(1, "one", "", SINK)], -12)
    ((_, low),) = turned
    ours.up(None, [Program(2, "two", "", SINK)])
    ours.mend(None, [Program(2, "two", "", SINK)])
    assert note.exists()
    again = Program(3, "one", "", SINK, low)
    ours.mend(None, [again])
    assert turned[1:] == [(again, (1.0,))]
    assert not note.exists()
    assert not ours.owes


def test_a_note_that_cannot_be_read_is_no_trouble(tmp_path, monkeypatch):
    note = tmp_path / "note.json"
    note.write_text('{"half')
    monkeypatch.setattr(ducking, "_turn", lambda *_: pytest.fail("nothing is known"))
    Ducking(note).mend(None, [Program(1, "one", "", SINK)])
    assert not Path(note).exists()


@one_kind
def test_one_program_or_one_output_may_be_chosen(server):
    server.pactl("load-module", "module-null-sink", "sink_name=other")
    with speaking(server), speaking(server, OURS, "other"):
        for wanted, there, not_there in (("speakers", THEIRS, OURS), ("other", OURS, THEIRS)):
            sound = ProgramSound(wanted)
            until_heard(sound, lambda samples, there=there: says(samples, there))
            assert not says(heard(sound), not_there)
            sound.close()
        sound = ProgramSound("no such program")
        wait_until(lambda: "no such program plays nothing" in sound.device.says, "the sentence")
        sound.close()


def test_a_program_that_is_moved_to_another_output_is_heard_on(server, sound):
    server.pactl("load-module", "module-null-sink", "sink_name=other")
    with speaking(server):
        until_heard(sound, lambda samples: says(samples, THEIRS))
        server.pactl("move-sink-input", str(playing()[0].index), "other")
        wait_until(lambda: playing() and playing()[0].sink == "other", "the move")
        until_heard(sound, lambda samples: says(samples, THEIRS))


@one_kind
def test_what_is_played_into_our_own_microphone_is_nobodys_voice(server, sound):
    title = "sink_properties='device.description=\"Translated Camera voice\"'"
    server.pactl("load-module", "module-null-sink", "sink_name=outgoing", title)
    with speaking(server, sink="outgoing"), speaking(server, OURS):
        until_heard(sound, lambda samples: says(samples, OURS))
        assert not says(heard(sound), THEIRS)


def test_sound_that_the_server_itself_passes_on_is_not_heard_twice(server, sound):
    server.pactl("load-module", "module-null-sink", "sink_name=other")
    server.pactl("load-module", "module-loopback", f"source={SINK}.monitor", "sink=other")
    with speaking(server):
        until_heard(sound, lambda samples: says(samples, THEIRS))
        assert [one.sink for one in playing()] == [SINK]


def test_while_the_server_is_away_there_is_silence_and_the_program_is_heard_again(server, sound):
    server.kill()
    wait_until(lambda: not sound.device.works, "the loss being told")
    assert not heard(sound, 0.5).any()
    server.start()
    with speaking(server):
        until_heard(sound, lambda samples: says(samples, THEIRS))


@one_kind
def test_a_program_that_is_moved_away_while_it_is_turned_down_is_turned_up_all_the_same(server):
    server.pactl("load-module", "module-null-sink", "sink_name=other")
    with speaking(server):
        sound = ProgramSound("speakers")
        wait_until(lambda: sound.device.name, "the program")
        sound.duck(-12)
        wait_until(lambda: playing()[0].volumes[0] < 0.9, "it being turned down")
        server.pactl("move-sink-input", str(playing()[0].index), "other")
        wait_until(lambda: not sound.device.name, "the move")
        sound.duck(0)
        wait_until(lambda: playing()[0].volumes[0] > 0.99, "it being as before")
        sound.close()
