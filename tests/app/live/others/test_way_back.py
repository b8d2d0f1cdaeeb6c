"""The others' voices for the user, in a live session on private sound servers."""

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest
import soxr

from app.live.session import LiveSession
from core.config import Captions, Config, Devices, Engines, Others, Picture
from core.devices import RATE
from core.events import (
    OTHERS,
    Cut,
    Event,
    Notice,
    Recognised,
    Settled,
    SpeakerEvent,
    State,
    Translated,
    VoicePlaced,
)
from core.process import Remote
from engines.headphones.listing import server_outputs
from engines.programs.playing import programs
from engines.pulse.server import server as connected
from engines.stt.tones import RATE as TONES
from engines.stt.tones import utter
from tests.audio_analysis import find, occurrences
from tests.audio_servers import KINDS, AudioServer, audio_server, wait_until

pytestmark = pytest.mark.device
FAKE = Engines(
    vad="energy", turn="fake", stt="fake", mt="fake", tts="fake", face="fake", lips="off"
)
PATIENCE = 60.0


one_kind = pytest.mark.parametrize("server", ["pulseaudio"], indirect=True)
"""For what is decided here and not by the server."""


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[AudioServer]:
    with audio_server(request.param) as server, server.here():
        yield server


def config(**others: object) -> Config:
    return Config(
        engines=FAKE,
        devices=Devices("pattern", "silence", virtual_camera="off", virtual_microphone="off"),
        captions=Captions(show=False),
        picture=Picture(badge=False, floor=False),
        others=Others(translate=True, **others),
    )


class Meeting:
    """A session, and what it tells of the others."""

    def __init__(self, config: Config) -> None:
        self.told: list[Event] = []
        self.notices: list[str] = []
        self.own: list[Event] = []
        self.session = LiveSession(config)
        self.session.listen(self._take)
        self.session.start()

    def _take(self, event: Event) -> None:
        match event:
            case SpeakerEvent(speaker, inner):
                assert speaker == OTHERS
                self.told.append(inner)
            case Notice(text):
                self.notices.append(text)
            case _:
                self.own.append(event)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.told if isinstance(event, kind)]

    @property
    def status(self):
        return self.session.status().others

    def ready(self) -> "Meeting":
        wait_until(lambda: self.status.state is State.RUNNING, "the way back", PATIENCE)
        wait_until(lambda: self.status.output.works, "the headphones", PATIENCE)
        return self


@pytest.fixture
def meeting(server: AudioServer) -> Iterator[Meeting]:
    meeting = Meeting(config())
    yield meeting.ready()
    meeting.session.close()


def speech(text: str) -> np.ndarray:
    samples = soxr.resample(utter(text), TONES, RATE)
    rest = np.zeros(2 * RATE, np.float32)
    return np.concatenate([rest[:RATE], 0.5 * samples, rest]).astype(np.float32)


def voice(placed: VoicePlaced) -> np.ndarray:
    audio = placed.speech.audio
    return np.asarray(soxr.resample(audio.samples, audio.rate, RATE), np.float32)


def spoken_once(server: AudioServer, meeting: Meeting, recording) -> VoicePlaced | None:
    """The others say something, once; the place of its translation, None where a busy machine
    has cut their words."""
    settled = len(meeting.of(Settled))
    with server.play(speech("hello world"), "speakers"):
        pass
    wait_until(lambda: len(meeting.of(Settled)) > settled, "its fate", PATIENCE)
    if meeting.of(Recognised)[-1].transcript.text != "Hello world.":
        return None
    placed = meeting.of(VoicePlaced)[-1]
    wait_until(
        lambda: meeting.session.clock.now() > placed.start + placed.speech.audio.duration + 1,
        "its end",
    )
    recording.wait_for(recording.seconds + 1)
    found = find(recording.samples, voice(placed))
    return placed if found is not None and found.likeness > 0.5 else None


def test_the_others_are_heard_translated_in_the_headphones_once_and_nothing_is_fed_back(
    server, meeting
):
    with server.record("speakers.monitor") as recording:
        for _ in range(6):
            if (placed := spoken_once(server, meeting, recording)) is not None:
                break
        assert placed is not None, "never heard"
        segments = len(meeting.of(Cut))
        until = recording.seconds + 10
        recording.wait_for(until)
        assert len(meeting.of(Cut)) == segments
        assert not [event for event in meeting.own if isinstance(event, Cut)]
        quiet = recording.samples[round((until - 6) * RATE) : round(until * RATE)]
        assert not occurrences(quiet, voice(placed))
        assert meeting.of(Translated)[-1].translation.language == "en"
        assert (meeting.status.source.name, meeting.status.output.name) == ("", "Speakers")


def loudness() -> float:
    """Of the program that speaks, as mixers show it; 0 while none does."""
    with connected() as pulse:
        found = programs(pulse, server_outputs(pulse))
    return found[0].volumes[0] if found else 0.0


@one_kind
def test_when_its_devices_process_is_killed_the_others_are_turned_up_and_it_goes_on(
    server, meeting
):
    remote = meeting.session.others.running.remote
    playing = server.play(np.tile(speech("hello world"), 20), "speakers")
    try:
        turned_down_and_up(meeting, remote)
    finally:
        playing.stop()


def turned_down_and_up(meeting: Meeting, remote: Remote) -> None:
    wait_until(lambda: 0 < loudness() < 0.9, "the others being turned down", PATIENCE)
    os.kill(remote.pid, signal.SIGKILL)
    wait_until(lambda: loudness() > 0.95, "them being turned up", PATIENCE)
    settled = len(meeting.of(Settled))
    wait_until(lambda: len(meeting.of(Settled)) > settled, "it going on", PATIENCE)
    wait_until(lambda: 0 < loudness() < 0.9, "the others being turned down again", PATIENCE)
    meeting.session.stop()
    wait_until(lambda: loudness() > 0.95, "them being as they were", PATIENCE)
