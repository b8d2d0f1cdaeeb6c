"""The finished command, from outside: real engines, real files, exit codes and sentences."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

pytestmark = pytest.mark.acceptance

SENTENCES = ("the house is very big", "we have a lot of work to do")
needs_engines = pytest.mark.skipif(
    not (shutil.which("flite") and shutil.which("apertium")),
    reason="flite and apertium are not installed: nothing to speak with, or to translate with",
)


def command(*args: object, timeout: float = 240) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.main", *map(str, args)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def spoken(path: Path, *, pause: float = 1.2, times: int = 1) -> Path:
    """The sentences in flite's voice, a pause after each, as a mono file."""
    parts = [np.zeros(8000, np.int16)]
    for sentence in SENTENCES * times:
        subprocess.run(["flite", "-voice", "rms", "-t", sentence, "-o", str(path)], check=True)
        with wave.open(str(path)) as file:
            parts.append(np.frombuffer(file.readframes(file.getnframes()), np.int16))
        parts.append(np.zeros(round(16000 * pause), np.int16))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(np.concatenate(parts).tobytes())
    return path


def filmed(path: Path, sound: Path) -> Path:
    """The sound with a picture whose brightness tells the time."""
    with av.open(str(path), "w") as output, av.open(str(sound)) as source:
        picture = output.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        picture.width, picture.height, picture.pix_fmt = 160, 120, "yuv420p"
        voice = output.add_stream("aac", rate=16000)
        seconds = source.duration / av.time_base
        for frame in source.decode(audio=0):
            output.mux(voice.encode(frame))
        output.mux(voice.encode(None))
        for number in range(round(seconds * 25)):
            image = np.full((120, 160, 3), number % 250, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            output.mux(picture.encode(frame))
        output.mux(picture.encode(None))
    return path


def sound_of(path: Path) -> np.ndarray:
    """Mono samples at 16 kHz."""
    resampler = av.AudioResampler("flt", "mono", 16000)
    with av.open(str(path)) as file:
        frames = [out for frame in file.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clip with spaces é")
    return filmed(folder / "talk été.mp4", spoken(folder / "talk.wav"))


@pytest.fixture(scope="module")
def translated(clip: Path) -> tuple[subprocess.CompletedProcess[str], Path, dict]:
    target, told = clip.with_name("out ñ.mp4"), clip.with_name("out.json")
    done = command(
        "translate", clip, target, "--from", "en", "--to", "es", "--json", told,
        "--captions", "srt", "--original", "off", "--lips", "off",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done, target, json.loads(told.read_text("utf-8"))


@needs_engines
def test_what_is_said_comes_out_translated_in_order(translated):
    _, _, told = translated
    text = " ".join(segment["text"] for segment in told["segments"]).lower()
    spanish = " ".join(segment["translation"] for segment in told["segments"]).lower()
    assert "house is very big" in text
    assert "casa" in spanish
    assert "tenemos" in spanish
    assert {segment["fate"] for segment in told["segments"]} == {"spoken"}


@needs_engines
def test_the_voice_is_where_the_report_says_and_nowhere_else(translated):
    _, target, told = translated
    sound = sound_of(target)
    voiced = np.zeros(len(sound), bool)
    for segment in told["segments"]:
        start, end = (round(segment["voice"][edge] * 16000) for edge in ("start", "end"))
        assert np.sqrt(np.mean(sound[start:end] ** 2)) > 0.02
        voiced[max(0, start - 800) : end + 800] = True
        assert segment["voice"]["start"] >= segment["start"] - 0.001
        assert segment["voice"]["tempo"] <= 1.25
    assert np.abs(sound[~voiced]).max() < 0.01


@needs_engines
def test_voices_do_not_overlap(translated):
    voices = [segment["voice"] for segment in translated[2]["segments"]]
    assert all(a["end"] <= b["start"] for a, b in itertools.pairwise(voices))


@needs_engines
def test_without_lips_the_picture_is_the_original_one(clip, translated):
    with av.open(str(clip)) as source, av.open(str(translated[1])) as target:
        sent = [(p.pts * p.time_base, bytes(p)) for p in source.demux(video=0) if p.size]
        kept = [(p.pts * p.time_base, bytes(p)) for p in target.demux(video=0) if p.size]
    assert kept == sent


@needs_engines
def test_captions_of_both_languages_are_in_the_file_and_beside_it(translated):
    _, target, told = translated
    with av.open(str(target)) as file:
        assert [s.metadata["language"] for s in file.streams.subtitles] == ["spa", "eng"]
    srt = target.with_suffix(".es.srt").read_text("utf-8")
    assert srt.startswith("1\n00:00:0")
    assert told["segments"][0]["translation"].split()[0] in srt
    assert target.with_suffix(".en.srt").exists()


@needs_engines
def test_the_file_and_the_summary_say_what_is_synthetic_and_which_rung_was_used(translated):
    done, target, _ = translated
    with av.open(str(target)) as file:
        assert "synthetic" in file.metadata["comment"]
    for rung in ("stt: sphinx (basic)", "mt: apertium (basic)", "tts: espeak (basic)"):
        assert rung in done.stderr


@needs_engines
def test_an_existing_file_is_replaced_only_by_force(clip, tmp_path):
    target = tmp_path / "out.mp4"
    target.write_bytes(b"precious")
    done = command("translate", clip, target)
    assert done.returncode == 7
    assert "--force" in done.stderr
    assert target.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [target]
    assert command("translate", clip, target, "--force").returncode == 0
    assert target.read_bytes() != b"precious"


@needs_engines
def test_sound_alone_is_translated_too(clip, tmp_path):
    target = tmp_path / "out.m4a"
    done = command("translate", clip.with_name("talk.wav"), target)
    assert done.returncode == 0, done.stderr
    assert np.abs(sound_of(target)).max() > 0.1


@needs_engines
def test_the_sequential_baseline_says_the_same(clip, tmp_path):
    told = tmp_path / "told.json"
    done = command(
        "translate", clip, tmp_path / "out.mp4", "--sequential", "--json", told, "--quiet"
    )
    assert (done.returncode, done.stderr) == (0, "")
    segments = json.loads(told.read_text("utf-8"))["segments"]
    assert "casa" in " ".join(segment["translation"] for segment in segments).lower()


@needs_engines
def test_ctrl_c_leaves_a_playable_partial_file_and_no_finished_one(tmp_path):
    source = spoken(tmp_path / "long.wav", times=12)
    target = tmp_path / "out.m4a"
    with subprocess.Popen(
        [sys.executable, "-m", "app.main", "translate", str(source), str(target)],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not any(file.stat().st_size > 20_000 for file in tmp_path.glob(".out.*.partial.m4a")):
            assert time.monotonic() < deadline, "nothing was written"
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    partial = tmp_path / "out.partial.m4a"
    assert str(partial) in said
    assert len(sound_of(partial)) > 16000
    assert sorted(tmp_path.iterdir()) == sorted([source, partial])


def tone(path: Path, seconds: float, level: float) -> Path:
    samples = level * np.sin(np.arange(round(16000 * seconds)) * 2 * np.pi * 440 / 16000)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def mute_film(path: Path) -> Path:
    with av.open(str(path), "w") as output:
        picture = output.add_stream("libx264", rate=25)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            output.mux(picture.encode(frame))
        output.mux(picture.encode(None))
    return path


def text_file(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def truncated(path: Path, clip: Path) -> Path:
    data = clip.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


BAD_INPUTS = {
    "missing": (lambda p, clip: p / "nowhere.mp4", 3, "does not exist"),
    "folder": (lambda p, clip: p, 3, "folder"),
    "empty": (lambda p, clip: text_file(p / "empty.mp4", ""), 3, "empty"),
    "text": (lambda p, clip: text_file(p / "text.mp4", "hello " * 100), 3, "not"),
    "truncated": (lambda p, clip: truncated(p / "cut.mp4", clip), 3, ""),
    "no sound": (lambda p, clip: mute_film(p / "mute.mp4"), 4, "no sound"),
    "silent": (lambda p, clip: tone(p / "silent.wav", 3.0, 0.0), 4, "No speech"),
    "a tone": (lambda p, clip: tone(p / "tone.wav", 3.0, 0.5), 4, "No speech"),
    "very short": (lambda p, clip: tone(p / "short.wav", 0.2, 0.3), 4, "No speech"),
}


@needs_engines
@pytest.mark.parametrize("kind", BAD_INPUTS)
def test_bad_input_is_a_sentence_and_a_code_and_leaves_nothing(kind, clip, tmp_path):
    make, code, words = BAD_INPUTS[kind]
    folder = tmp_path / "in"
    folder.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    done = command("translate", make(folder, clip), out / "out.mp4")
    assert done.returncode == code, done.stderr
    assert words.lower() in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2
    assert list(out.iterdir()) == []


BAD_REQUESTS = {
    "unknown language": (["--to", "klingonish"], 2, "language"),
    "unsupported pair": (["--to", "ja"], 5, "japanese"),
    "unrecognised language": (["--from", "es", "--to", "en"], 5, "english"),
    "the same language": (["--to", "en"], 2, "itself"),
    "unknown ending": (["OUT.xyz"], 2, ".mp4"),
    "a term without an equals sign": (["--term", "house"], 2, "SOURCE=TARGET"),
}


@needs_engines
@pytest.mark.parametrize("kind", BAD_REQUESTS)
def test_a_request_that_cannot_be_met_says_why(kind, clip, tmp_path):
    options, code, words = BAD_REQUESTS[kind]
    target = tmp_path / "out.mp4"
    if options[0].startswith("OUT"):
        target, options = tmp_path / options[0], []
    done = command("translate", clip, target, *options)
    assert done.returncode == code, done.stderr
    assert words.lower() in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@needs_engines
def test_a_clip_is_not_translated_onto_itself(clip):
    before = clip.read_bytes()
    done = command("translate", clip, clip, "--force")
    assert done.returncode == 2
    assert clip.read_bytes() == before


@needs_engines
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into a read-only folder")
def test_a_folder_that_cannot_be_written_is_said(clip, tmp_path):
    tmp_path.chmod(0o500)
    done = command("translate", clip, tmp_path / "out.mp4")
    assert done.returncode == 7
    assert "permission" in done.stderr


@needs_engines
@needs_engines
@pytest.mark.parametrize("name", ["talk été.mp4", "out.mp4"])
def test_a_report_never_takes_the_place_of_the_clip(clip, tmp_path, name):
    source = tmp_path / clip.name
    source.write_bytes(clip.read_bytes())
    done = command("translate", source, tmp_path / "out.mp4", "--json", tmp_path / name, "--force")
    assert done.returncode == 2, done.stderr
    assert source.read_bytes() == clip.read_bytes()
    assert list(tmp_path.iterdir()) == [source]


@needs_engines
def test_sigterm_is_a_sentence_and_leaves_nothing_hidden(tmp_path):
    source = spoken(tmp_path / "long.wav", times=6)
    with subprocess.Popen(
        [sys.executable, "-m", "app.main", "translate", str(source), str(tmp_path / "out.m4a")],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".out.*")):
            assert time.monotonic() < deadline, "nothing was begun"
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Stopped." in said
    assert "Traceback" not in said
    assert not list(tmp_path.glob(".*"))


def test_a_settings_file_that_is_not_there_is_said(tmp_path):
    done = command("translate", tmp_path / "a.mp4", tmp_path / "b.mp4", "--config", "nowhere.toml")
    assert done.returncode == 2
    assert "nowhere.toml" in done.stderr


@needs_engines
def test_terms_are_kept_as_the_user_wants_them(clip, tmp_path):
    told = tmp_path / "told.json"
    done = command(
        "translate", clip, tmp_path / "out.mp4", "--keep", "house", "--term", "work=curro",
        "--json", told,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    segments = json.loads(told.read_text("utf-8"))["segments"]
    spanish = " ".join(segment["translation"] for segment in segments)
    assert "house" in spanish
    assert "curro" in spanish


def test_a_wrong_option_is_a_usage_error():
    done = command("translate", "--colour")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_unknown_bench_is_a_usage_error():
    done = command("bench", "horsepower")
    assert done.returncode == 2
    assert "rings" in done.stderr
