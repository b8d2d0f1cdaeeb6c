import socket
import threading
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from core.errors import NothingToTranslate, UnreadableInput
from engines.media.pictures import PictureReader, read_frames
from engines.media.reader import OriginalSound, probe, read_audio


def whole(path: Path, rate: int = 16000, warnings: list[str] | None = None) -> np.ndarray:
    chunks = list(read_audio(path, rate, warnings=warnings))
    position = 0
    for chunk in chunks:
        assert chunk.pts == pytest.approx(position / rate) and chunk.rate == rate
        position += len(chunk.samples)
    return np.concatenate([chunk.samples for chunk in chunks])


@pytest.mark.parametrize(
    ("name", "audio", "rate", "layout"),
    [
        ("a.mp4", "aac", 44100, "stereo"),
        ("a.mov", "pcm_s24le", 48000, "stereo"),
        ("a.mkv", "flac", 48000, "5.1"),
        ("a.avi", "pcm_s16le", 8000, "mono"),
        ("a.mkv", "libopus", 48000, "stereo"),
        ("a.mp4", "libmp3lame", 32000, "mono"),
    ],
)
def test_sound_of_any_kind_comes_in_time_and_unclipped(
    make_clip, pulses, name, audio, rate, layout
):
    path = make_clip(name, audio=audio, rate=rate, layout=layout)
    samples = whole(path)
    assert len(samples) / 16000 == pytest.approx(2.0, abs=0.06)
    assert np.abs(samples).max() <= 1.05
    assert pulses(samples, 16000) == pytest.approx([0.5, 1.0, 1.5], abs=0.002)


@pytest.mark.parametrize(
    ("name", "audio"), [("a.wav", "pcm_s24le"), ("a.mp3", "libmp3lame"), ("a.ogg", "libopus")]
)
def test_sound_without_a_picture_is_read(make_clip, pulses, name, audio):
    path = make_clip(name, video=None, audio=audio)
    assert not probe(path).has_video
    assert pulses(whole(path), 16000) == pytest.approx([0.5, 1.0, 1.5], abs=0.002)


def test_surround_at_full_level_does_not_clip(make_clip):
    loud = np.full((6, 48000), 0.999, np.float32)
    path = make_clip("a.mkv", audio="flac", layout="5.1", samples=loud)
    assert whole(path)[1000:].max() <= 1.0
    assert np.abs(OriginalSound(path).read(0.9)).max() <= 1.0


@pytest.mark.parametrize("name", ["late.mkv", "late.mp4"])
def test_sound_that_starts_late_is_led_in_by_silence(make_clip, pulses, name):
    path = make_clip(name, delay=0.7, seconds=3.0)
    samples = whole(path)
    assert not np.abs(samples[: round(0.65 * 16000)]).max() > 0.005
    assert pulses(samples, 16000) == pytest.approx([1.2, 1.7, 2.2, 2.7, 3.2], abs=0.003)


def test_a_gap_in_the_sound_is_silence_and_what_follows_stays_in_time(make_clip, pulses):
    samples = whole(make_clip("gap.mkv", audio="flac", seconds=3.0, gap=(0.8, 1.8)))
    assert not samples[round(0.9 * 16000) : round(1.7 * 16000)].any()
    assert pulses(samples, 16000) == pytest.approx([0.5, 2.0, 2.5], abs=0.002)


def test_a_broken_time_stamp_does_not_ask_for_hours_of_silence(tmp_path):
    from engines.media.timeline import Timeline

    line = Timeline(16000, 1, 0.0, longest=2.0)
    total = 0
    for pts in (0, 1600, 16000 * 7200, 16000 * 7200 + 1600, 0):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1600), np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 16000, pts, av.rational.Fraction(1, 16000)
        total += sum(block.shape[1] for block in line.push(frame))
    assert total == 5 * 1600
    assert line.jumps == 2


def test_the_original_is_drawn_to_the_sample_and_followed_by_silence(make_clip, pulses):
    original = OriginalSound(make_clip(rate=44100))
    blocks = [original.read(until) for until in (0.1, 0.1, 0.7, 1.23456, 3.0)]
    assert [len(block) for block in blocks] == [4800, 0, 28800, 25659, 84741]
    joined = np.concatenate(blocks)
    assert pulses(joined[:, 0], 48000) == pytest.approx([0.5, 1.0, 1.5], abs=0.001)
    assert not joined[round(2.1 * 48000) :].any()


def test_the_default_of_several_sounds_is_taken(tmp_path):
    path = tmp_path / "two.mkv"
    with av.open(str(path), "w") as output:
        first, second = (output.add_stream("pcm_s16le", rate=16000) for _ in range(2))
        first.codec_context.layout = second.codec_context.layout = "mono"
        second.disposition = av.stream.Disposition.default
        for stream, level in ((first, 3000), (second, 9000)):
            block = np.full((1, 16000), level, np.int16)
            frame = av.AudioFrame.from_ndarray(block, "s16", "mono")
            frame.sample_rate = 16000
            output.mux(stream.encode(frame))
            output.mux(stream.encode(None))
    assert np.median(whole(path)) == pytest.approx(9000 / 32768, abs=0.01)


def test_probe_tells_what_the_recording_is(make_clip):
    info = probe(make_clip("ünï code.mp4", rotation=90, rate=44100, tags={"title": "Talk"}))
    assert (info.width, info.height, info.display_size) == (96, 64, (64, 96))
    assert (info.video_codec, info.audio_codec) == ("h264", "aac")
    assert (info.rotation, info.audio_rate, info.audio_channels) == (90, 44100, 2)
    assert info.fps == pytest.approx(25, abs=0.5)
    assert info.duration == pytest.approx(2.0, abs=0.05)
    assert info.tags["title"] == "Talk"


def test_a_length_that_the_file_does_not_tell_is_measured(make_clip):
    path = make_clip("live.mkv", options={"live": "1"})
    with av.open(str(path)) as container:
        assert container.duration is None
    assert probe(path).duration == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize(("rotation", "corner"), [(0, (5, 5)), (90, (-6, 5)), (180, (-6, -6))])
def test_frames_are_turned_upright_and_carry_their_own_times(make_clip, rotation, corner):
    times = [0.0, 0.04, 0.3, 0.31, 1.0]
    frames = list(read_frames(make_clip(times=times, rotation=rotation)))
    assert [frame.pts for frame in frames] == pytest.approx(times, abs=1e-4)
    assert [frame.number for frame in frames] == [0, 1, 2, 3, 4]
    assert frames[0].image[corner].mean() > 200
    assert frames[0].image.shape == ((96, 64, 3) if rotation == 90 else (64, 96, 3))


def test_packets_come_up_to_the_moment_asked_for_and_each_once(make_clip):
    pictures = PictureReader(make_clip())
    first = list(pictures.packets(0.5))
    rest = list(pictures.packets())
    assert len(first) + len(rest) == 50
    assert all(packet.dts * packet.time_base < 0.5 for packet in first)


def test_a_transport_stream_that_starts_at_an_odd_time_counts_from_zero(make_clip, pulses):
    path = make_clip("a.ts")
    assert probe(path).start > 0.01
    first = next(read_frames(path)).pts
    assert 0 <= first < 0.1
    found = pulses(whole(path), 16000)
    assert [at - first for at in found] == pytest.approx([0.5, 1.0, 1.5], abs=0.002)


def test_a_file_without_sound_is_nothing_to_translate(make_clip):
    path = make_clip(audio=None)
    assert not probe(path).has_audio
    with pytest.raises(NothingToTranslate, match="no sound"):
        read_audio(path)


def test_a_cover_image_is_no_picture(tmp_path):
    path = tmp_path / "cover.m4a"
    with av.open(str(path), "w", format="mp4") as output:
        sound = output.add_stream("aac", rate=48000)
        cover = output.add_stream("mjpeg", rate=1, options={})
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        output.mux(cover.encode(av.VideoFrame(64, 64, "yuvj420p")))
        output.mux(cover.encode(None))
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 48000), np.float32), "fltp", "stereo")
        frame.sample_rate = 48000
        output.mux(sound.encode(frame))
        output.mux(sound.encode(None))
    assert not probe(path).has_video


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "does not exist"),
        (b"", "is empty"),
        (b"Dear diary, today I wrote a text.\n" * 40, "is a text file"),
        (bytes(range(256)) * 40, "is not a sound or video file"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomiso2\0\0\0\x08mdat" + b"\1" * 5000, "cut off"),
    ],
)
def test_what_is_no_recording_is_named_in_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "input.mp4"
    if content is not None:
        path.write_bytes(content)
    for reading in (probe, read_audio):
        with pytest.raises(UnreadableInput, match=sentence):
            reading(path)


def test_a_folder_is_no_recording(tmp_path):
    with pytest.raises(UnreadableInput, match="is a folder"):
        probe(tmp_path)


def test_a_file_that_may_not_be_read_is_said_to_be_so(make_clip, monkeypatch):
    path = make_clip()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableInput, match="permission denied"):
        probe(path)


def test_a_file_cut_off_at_its_end_gives_what_it_has_and_a_warning(make_clip):
    path = make_clip("cut.mp4", seconds=6.0, options={"movflags": "faststart"})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    warnings: list[str] = []
    samples = whole(path, warnings=warnings)
    assert 1.0 < len(samples) / 16000 < 5.0
    assert len(warnings) == 1 and "incomplete" in warnings[0]


def test_a_cut_off_matroska_file_is_noticed_too(make_clip):
    path = make_clip("cut.mkv", seconds=6.0)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    warnings: list[str] = []
    assert len(whole(path, warnings=warnings)) > 16000
    assert any("incomplete" in warning for warning in warnings)


def test_damage_in_the_middle_costs_only_what_is_damaged(make_clip, pulses):
    path = make_clip("hurt.mkv", video=None, audio="flac", seconds=6.0)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = b"\xff" * 3000
    path.write_bytes(data)
    found = pulses(whole(path), 16000)
    assert found[0] == pytest.approx(0.5, abs=0.002)
    assert found[-1] == pytest.approx(5.5, abs=0.002)


def test_sound_that_is_shorter_than_the_picture_is_no_damage(make_clip):
    warnings: list[str] = []
    whole(make_clip("a.mkv", times=np.arange(0, 6, 0.04)), warnings=warnings)
    assert warnings == []


@pytest.fixture
def visits():
    """A server on this machine that counts who calls."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    calls: list[object] = []
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                calls.append(server.accept()[0].close())
            except TimeoutError:
                continue

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1], calls
    done.set()
    thread.join()
    server.close()


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(b"\1\2" * 16000)
    return path


@pytest.mark.parametrize("name", ["clip.mp4", "clip.m3u8", "clip.ts"])
@pytest.mark.parametrize("kind", ["hls", "hls-net", "concat", "sdp", "dash"])
def test_a_playlist_opens_neither_other_files_nor_the_network(tmp_path, secret, visits, kind, name):
    port, calls = visits
    text = {
        "hls": f"#EXTM3U\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n",
        "hls-net": f"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:{port}/a.ts\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{secret}'\n",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\n"
        f"m=audio {port} RTP/AVP 0\n",
        "dash": f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011">'
        f"<BaseURL>http://127.0.0.1:{port}/</BaseURL></MPD>",
    }[kind]
    path = tmp_path / name
    path.write_text(text)
    for reading in (probe, read_audio, PictureReader):
        with pytest.raises(UnreadableInput, match="text file or a playlist"):
            reading(path)
    assert calls == []


def test_the_playlist_would_have_worked_without_our_care(tmp_path, secret):
    path = tmp_path / "clip.mp4"
    path.write_text(f"ffconcat version 1.0\nfile '{secret.name}'\n")
    with av.open(str(path)) as container:
        assert container.streams.audio


def test_a_name_that_looks_like_a_protocol_is_a_file_name(make_clip, monkeypatch, tmp_path):
    make_clip("http:x.mp4")
    monkeypatch.chdir(tmp_path)
    assert probe("http:x.mp4").has_audio
