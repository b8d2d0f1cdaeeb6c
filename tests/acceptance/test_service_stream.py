"""Live streams from outside: a real server in a process of its own, and our client of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import av
import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from core.errors import EngineFailed, EngineUnavailable
from engines.link import picture
from engines.link.client import PATH, StreamClient
from engines.link.sound import RATE, SPOKEN, SoundEncoder
from engines.link.wire import CHUNK_S, Chunk, Kind, pack
from engines.stt.tones import utter
from tests.services import ROOT, TOKEN, Served, serving, until, video

pytestmark = pytest.mark.acceptance

SIZE = round(SPOKEN * CHUNK_S)
TO = {"source_language": "en", "target_language": "es"}
DELAY = 12
"""Chunks that the listener stays behind."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("service") / "data"
    with serving(folder, "--per-minute", 1000, "--stall", 6, "--streams", 2) as served:
        yield served


@pytest.fixture(autouse=True)
def nothing_is_left(service):
    yield
    until(lambda: service.metric("streams") == 0)
    assert service.client.get("/healthz").status_code == 200


def chunks(text: str, after: float = 2.0) -> list[np.ndarray]:
    samples = np.concatenate(
        [
            np.zeros(SPOKEN // 2, np.float32),
            utter(text),
            np.zeros(round(after * SPOKEN), np.float32),
        ]
    )
    count = len(samples) // SIZE
    return np.split(samples[: count * SIZE], count)


def talk(client: StreamClient, sounds: list[np.ndarray], image: np.ndarray | None = None):
    """At the pace of a microphone; what a listener half a second later hears."""
    heard, start = [], time.monotonic()
    for number, sound in enumerate(sounds):
        client.hear(sound)
        if image is not None:
            client.see(image, number * CHUNK_S)
        if number >= DELAY:
            heard.append(client.voice.take(round(RATE * CHUNK_S)))
        time.sleep(max(0.0, start + (number + 1) * CHUNK_S - time.monotonic()))
    client.finish()
    while client.voice.end > len(heard) * CHUNK_S:
        heard.append(client.voice.take(round(RATE * CHUNK_S)))
    return np.concatenate(heard)


def of(told: list[dict], kind: str) -> list[dict]:
    return [message for message in told if message["type"] == kind]


def test_what_is_said_comes_back_in_the_other_language_with_captions_and_mouth(service):
    told: list[dict] = []
    client = StreamClient(service.url, TOKEN, TO, told.append)
    assert client.welcome["languages"] == ["en", "es"]
    heard = talk(client, chunks("good morning world"))
    assert of(told, "heard")[0]["text"] == "Good morning world."
    assert of(told, "caption")[0]["text"] == "Buen mañana mundo."
    assert of(told, "settled")[0]["fate"] == "spoken"
    voice = of(told, "voice")[0]
    assert voice["start"] >= of(told, "heard")[0]["end"]
    loud = np.flatnonzero(np.abs(heard) > 0.05) / RATE
    assert loud[0] == pytest.approx(voice["start"], abs=0.15)
    assert loud[-1] == pytest.approx(voice["end"], abs=0.15)
    assert max(shape[0] for _, shape in client.mouths) > 50
    assert len(client.mouths) == len({pts for pts, _ in client.mouths}) > 10


def test_the_time_of_the_link_is_measured_against_the_chunk_and_shown(service):
    before = service.metric("stream_t_comm_seconds_count")
    client = StreamClient(service.url, TOKEN, TO)
    talk(client, chunks("hello", 0.5))
    report = client.report
    assert report.chunks == round(client.position / CHUNK_S)
    assert 0 < report.t_comm_p50 <= report.t_comm_p95 <= report.t_comm_max
    assert "t_chunk 40 ms" in str(report)
    assert report.service is not None
    assert report.service.interval > 0
    assert report.service.computing > 0
    assert report.factor > 5
    assert service.metric("stream_t_comm_seconds_count") > before
    assert service.metric('stage_seconds_count{stage="recognise"}') >= 1


def test_pictures_come_back_marked_under_their_own_time(service):
    told: list[dict] = []
    wishes = {**TO, "video": True, "settings": {"badge": True}}
    client = StreamClient(service.url, TOKEN, wishes, told.append)
    grey = np.full((240, 320, 3), 90, np.uint8)
    talk(client, chunks("hello", 0.5), grey)
    shown = client.shown.peek()
    assert shown is not None
    assert shown.image.shape == grey.shape
    assert np.abs(shown.image.astype(int) - 90).max() > 60  # the badge
    assert 0 < shown.pts <= client.position


def test_a_chunk_that_is_left_out_is_silence_and_counted(service):
    told: list[dict] = []
    with opened(service) as raw:
        encoder = SoundEncoder(SPOKEN)
        for number, sound in enumerate(chunks("good morning", 1.2)):
            if number not in (3, 4):
                raw.send(pack(Chunk(Kind.SOUND, number, 0.0, encoder.encode(sound))))
        raw.send(json.dumps({"type": "end"}))
        told = [json.loads(message) for message in raw if isinstance(message, str)]
    (bye,) = of(told, "bye")
    assert bye["missing"] == 2
    assert bye["t_delta"] > 0
    assert bye["t_a"] > 0
    assert of(told, "heard")[0]["text"] == "Good morning."
    assert of(told, "heard")[0]["start"] == pytest.approx(0.5, abs=0.4)


@contextmanager
def opened(service: Served, **hello: object) -> Iterator[ClientConnection]:
    """Without our client, after the welcome."""
    with connect(
        service.url.replace("http", "ws") + PATH,
        additional_headers={"Authorization": f"Bearer {TOKEN}"},
        compression=None,
    ) as raw:
        raw.send(json.dumps({"type": "hello", "version": 1, **TO, **hello}))
        assert json.loads(raw.recv(30))["type"] == "welcome"
        yield raw


def closed(raw: ClientConnection) -> tuple[int, str]:
    """How the service closed it: the code, and what it said."""
    said = ""
    try:
        while True:
            message = raw.recv(30)
            if isinstance(message, str) and json.loads(message)["type"] == "failed":
                said = json.loads(message)["text"]
    except ConnectionClosed as ended:
        assert ended.rcvd is not None
        return ended.rcvd.code, said


def sound(number: int = 0, content: bytes | None = None) -> bytes:
    packet = SoundEncoder(SPOKEN).encode(np.zeros(SIZE, np.float32))
    return pack(Chunk(Kind.SOUND, number, 0.0, packet if content is None else content))


def twenty_milliseconds() -> bytes:
    codec = av.CodecContext.create("libopus", "w")
    codec.sample_rate, codec.layout, codec.format = SPOKEN, "mono", "flt"
    frame = av.AudioFrame.from_ndarray(np.zeros((1, 320), np.float32), "flt", "mono")
    frame.sample_rate = SPOKEN
    return b"".join(bytes(packet) for packet in codec.encode(frame))


def seen(image: np.ndarray, pts: float = 0.0) -> bytes:
    return pack(Chunk(Kind.PICTURE, 0, pts, picture.encode(image)))


BAD = {
    "of another version": (sound().replace(b"TC\x01", b"TC\x02", 1), "version 2"),
    "not of ours": (b"hello there, this is me", "no chunk"),
    "cut short": (sound()[:10], "no chunk"),
    "of no kind": (sound().replace(b"TC\x01\x01", b"TC\x01\x63", 1), "no kind"),
    "of 20 ms": (sound(content=twenty_milliseconds()), "lasts 40 ms, not 20"),
    "empty": (sound(content=b""), "1 to 4000 bytes"),
    "no opus": (sound(content=bytes(3000)), "chunk of sound"),
    "far ahead": (sound(5000), "was to come"),
    "what only a service sends": (pack(Chunk(Kind.SPEECH, 0, 0.0, b"x")), "sends no SPEECH"),
    "at no time": (pack(Chunk(Kind.SOUND, 0, float("nan"), b"x")), "makes no sense"),
    "a picture that is none": (pack(Chunk(Kind.PICTURE, 0, 0.0, b"GIF89a")), "JPEG"),
    "a huge picture": (seen(np.zeros((64, 4000, 3), np.uint8)), "4000 x 64"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_chunk_that_is_wrong_ends_its_stream_with_a_sentence(service, name):
    message, words = BAD[name]
    with opened(service, video=True) as raw:
        raw.send(message)
        code, said = closed(raw)
    assert (code, words in said) == (4400, True), said


def test_a_message_that_is_wrong_ends_its_stream_too(service):
    with opened(service) as raw:
        raw.send('{"type": "shutdown"}')
        assert closed(raw)[0] == 4400


def test_a_client_of_another_version_or_language_is_told_so(service):
    with pytest.raises(EngineUnavailable, match="version 1 is understood"):
        StreamClient(service.url, TOKEN, {**TO, "version": 9})
    with pytest.raises(EngineUnavailable, match="no language 'Klingonish'"):
        StreamClient(service.url, TOKEN, {"target_language": "Klingonish"})


def test_without_its_token_there_is_no_stream(service):
    for token in ("", "some-other-token-0123456789"):
        with pytest.raises(EngineUnavailable, match=r"401.*[Tt]oken"):
            StreamClient(service.url, token, TO)


def test_no_service_is_said_as_well():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EngineUnavailable, match="no service at"):
        StreamClient(f"http://127.0.0.1:{port}", TOKEN, TO)


def processes(service: Served) -> set[int]:
    import psutil

    children = psutil.Process(service.process.pid).children(recursive=True)
    return {child.pid for child in children}


def test_a_client_that_vanishes_takes_its_worker_along(service):
    import psutil

    before = processes(service)
    with opened(service) as raw:
        (pid,) = processes(service) - before
        raw.send(sound())
        raw.socket.shutdown(socket.SHUT_RDWR)
        until(lambda: not psutil.pid_exists(pid))


def test_a_client_that_says_nothing_more_is_given_up(service):
    with opened(service) as raw:
        assert closed(raw)[0] == 4408


def test_a_client_that_takes_nothing_is_given_up(service):
    noise = np.random.default_rng(1).integers(0, 255, (1000, 1500, 3), np.uint8)
    packed = picture.encode(noise, quality=60)
    with (
        opened(service, video=True) as raw,
        pytest.raises((ConnectionClosed, OSError, TimeoutError)),
    ):
        raw.socket.settimeout(20)
        for number in range(2000):
            raw.send(pack(Chunk(Kind.PICTURE, number, 0.04 * number, packed)))


def test_a_worker_that_is_killed_ends_its_stream_and_no_other(service):
    first = StreamClient(service.url, TOKEN, TO)
    before = processes(service)
    second = StreamClient(service.url, TOKEN, TO)
    (pid,) = processes(service) - before
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(EngineFailed, match="crashed"):
        talk(second, chunks("hello", 0.3))
    talk(first, chunks("hello", 0.5))
    assert first.failure == ""


def test_two_streams_at_once_are_told_apart_and_a_third_is_one_too_many(service):
    told: tuple[list[dict], list[dict]] = ([], [])
    first, second = (StreamClient(service.url, TOKEN, TO, one.append) for one in told)
    with pytest.raises(EngineUnavailable, match="503"):
        StreamClient(service.url, TOKEN, TO)
    for ours, theirs in zip(chunks("good morning"), chunks("hello world"), strict=False):
        first.hear(ours)
        second.hear(theirs)
        time.sleep(CHUNK_S)
    first.finish()
    second.finish()
    assert of(told[0], "heard")[0]["text"] == "Good morning."
    assert of(told[1], "heard")[0]["text"] == "Hello world."


def streamed(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.main", "stream", *map(str, args)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )


def test_a_recording_is_streamed_as_if_it_happened_now(service, tmp_path):
    source, target = tmp_path / "talk.mp4", tmp_path / "out.mp4"
    video(source, seconds=3.0, words="good morning world")
    to = ("--service", service.url, "--token-file", service.tokens, "--from", "en", "--to", "es")
    done = streamed(source, target, *to, "--enhance", "off", "--jpeg", 60, "--opus", 16)
    assert done.returncode == 0, done.stderr
    assert "Buen mañana mundo." in done.stderr
    assert "t_comm" in done.stderr
    assert "t_Δ" in done.stderr
    with av.open(str(target)) as file:
        assert len(list(file.decode(video=0))) > 40
    with av.open(str(target)) as file:
        assert max(np.abs(frame.to_ndarray()).max() for frame in file.decode(audio=0)) > 0.1


def test_a_service_that_is_not_there_ends_the_command_with_a_sentence(tmp_path):
    source, target = tmp_path / "talk.mp4", tmp_path / "out.mp4"
    video(source, seconds=1.0, words="hello")
    done = streamed(source, target, "--service", "http://127.0.0.1:9")
    assert (done.returncode, "no service at" in done.stderr) == (5, True)
    assert not target.exists()
