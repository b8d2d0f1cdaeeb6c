import errno
import os
import re
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import av
import numpy as np
import pytest

from core.errors import CannotWrite, UsageError
from core.types import Frame
from engines.media.languages import three_letters
from engines.media.pictures import PictureReader, read_frames
from engines.media.reader import OriginalSound, probe, read_audio
from engines.media.target import Target
from engines.media.writer import MARK, SYNTHETIC, MediaWriter, PictureFormat

RATE = 48000
WITH_PICTURE = ["out.mp4", "out.mov", "out.m4v", "out.mkv", "out.webm"]
SOUND_ONLY = ["out.m4a", "out.mp3", "out.wav", "out.ogg", "out.opus", "out.flac"]


def translated(source: Path, target: Path, *, step: float = 0.3, **options) -> MediaWriter:
    """Everything is written as a translation would, but for finish()."""
    info, pictures, original = probe(source), None, OriginalSound(source)
    if info.has_video:
        pictures = PictureReader(source)
    writer = MediaWriter(target, info, pictures, **options)
    for until in [*np.arange(step, info.duration, step), info.duration]:
        for packet in pictures.packets(until) if pictures else ():
            writer.write_packet(packet)
        writer.write_sound(original.read(until))
    for packet in pictures.packets() if pictures else ():
        writer.write_packet(packet)
    return writer


def heard(path: Path) -> np.ndarray:
    return np.concatenate([chunk.samples for chunk in read_audio(path)])


def captions(path: Path) -> dict[str, list[tuple[float, float, str]]]:
    """What a player would show, by language tag."""
    shown: dict[str, list[tuple[float, float, str]]] = {}
    with av.open(str(path)) as container:
        for packet in container.demux(*container.streams.subtitles):
            text = [line.dialogue.decode() for line in packet.decode()] if packet.size else []
            if any(text):
                start = float(packet.pts * packet.time_base)
                end = start + float(packet.duration * packet.time_base)
                shown.setdefault(packet.stream.language, []).append((start, end, "".join(text)))
    return shown


@pytest.mark.parametrize("name", WITH_PICTURE + SOUND_ONLY)
def test_sound_arrives_in_time_in_every_container(make_clip, pulses, tmp_path, name):
    writer = translated(make_clip("in.mp4"), tmp_path / name, language="es")
    path = writer.finish()
    assert pulses(heard(path), 16000) == pytest.approx([0.5, 1.0, 1.5], abs=0.003)
    info = probe(path)
    assert info.duration == pytest.approx(2.0, abs=0.06)
    assert info.has_video == (name in WITH_PICTURE)
    assert os.listdir(tmp_path) == [name] or sorted(os.listdir(tmp_path)) == ["in.mp4", name]


@pytest.mark.parametrize("name", ["out.mp4", "out.mov", "out.mkv"])
def test_packets_are_copied_with_rotation_and_their_own_times(make_clip, tmp_path, name):
    times = [0.0, 0.02, 0.3, 0.31, 0.9, 1.7]
    source = make_clip("in.mp4", times=times, rotation=270)
    writer = translated(source, tmp_path / name)
    assert writer.copies_pictures
    path = writer.finish()
    assert probe(path).rotation == 270
    frames, originals = list(read_frames(path)), list(read_frames(source))
    assert [frame.pts for frame in frames] == pytest.approx(times, abs=0.0011)
    assert all(np.array_equal(a.image, b.image) for a, b in zip(frames, originals, strict=True))


@pytest.mark.parametrize(
    ("codec", "source", "target", "copied"),
    [
        ("libvpx-vp9", "in.webm", "out.webm", "vp9"),
        ("libx265", "in.mkv", "out.mp4", "hevc"),
        ("mjpeg", "in.avi", "out.mkv", ""),
        ("mpeg2video", "in.mpg", "out.mp4", ""),
        ("libx264", "in.ts", "out.mp4", "h264"),
        ("libx264", "in.mp4", "out.webm", ""),
    ],
)
def test_what_the_container_cannot_hold_is_encoded_anew_in_time(
    make_clip, tmp_path, codec, source, target, copied
):
    audio = {"in.webm": "libopus", "in.mpg": "mp2"}.get(source, "aac")
    clip = make_clip(source, video=codec, audio=audio)
    writer = translated(clip, tmp_path / target)
    path = writer.finish()
    assert writer.copies_pictures == bool(copied)
    assert probe(path).video_codec == (copied or ("vp9" if "webm" in target else "h264"))
    before, after = list(read_frames(clip)), list(read_frames(path))
    assert len(after) == len(before) == 50
    shift = [b.pts - a.pts for a, b in zip(before, after, strict=True)]
    assert np.abs(shift).max() < 0.002
    assert np.abs(after[20].image.astype(int) - before[20].image).mean() < 6


def test_a_rotated_picture_is_set_upright_when_it_is_encoded_anew(make_clip, tmp_path):
    path = translated(make_clip("in.mp4", rotation=90), tmp_path / "out.webm").finish()
    assert probe(path).rotation == 0
    assert probe(path).display_size == (64, 96)
    assert next(read_frames(path)).image[-6, 5].mean() > 180


def test_hevc_gets_the_tag_that_every_player_knows(make_clip, tmp_path):
    path = translated(make_clip("in.mkv", video="libx265"), tmp_path / "out.mp4").finish()
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_tag == "hvc1"


@pytest.mark.parametrize("name", WITH_PICTURE)
def test_frames_can_be_given_instead_of_packets(tmp_path, name):
    times = [0.0, 0.04, 0.1, 0.5, 0.52]
    colours = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (90, 90, 90), (250, 250, 250)]
    with MediaWriter(tmp_path / name, pictures=PictureFormat(65, 49, 25)) as writer:
        for number, (seconds, colour) in enumerate(zip(times, colours, strict=True)):
            image = np.full((49, 65, 3), colour, np.uint8)
            writer.write_frame(Frame(image, seconds, number))
        writer.write_frame(Frame(image, 0.1, 9))
        writer.write_sound(np.zeros((RATE, 2), np.float32))
        path = writer.finish()
    frames = list(read_frames(path))
    assert [frame.pts for frame in frames] == pytest.approx(times, abs=0.0011)
    assert frames[0].image.shape == (48, 64, 3)
    for frame, colour in zip(frames, colours, strict=True):
        assert np.abs(frame.image.mean((0, 1)) - colour).max() < 8


@pytest.mark.parametrize("name", WITH_PICTURE)
def test_captions_of_both_languages_come_back_with_their_tags(make_clip, tmp_path, name):
    source = make_clip("in.mp4", seconds=4.0)
    writer = MediaWriter(
        tmp_path / name, probe(source), PictureReader(source), captions=("en", "de")
    )
    writer.write_caption("en", 0.5, 1.5, "Hello there,\n\n you & <me>")
    writer.write_caption("de", 0.5, 1.5, "Grüß dich — 你好")
    writer.write_caption("en", 2.0, 3.0, "Second")
    writer.write_caption("en", 2.5, 3.5, "Too early")
    writer.write_caption("xx", 2.0, 3.0, "nobody asked")
    writer.write_sound(np.zeros((4 * RATE, 2), np.float32))
    shown = captions(writer.finish())
    german = "ger" if name.endswith(("mkv", "webm", "mov")) else "deu"
    assert list(shown) == ["eng", german]
    assert "Grüß dich — 你好" in shown[german][0][2]
    text = shown["eng"][0][2]
    for written, meant in (
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("\u2039", "<"),
        ("\u203a", ">"),
    ):
        text = text.replace(written, meant)
    assert "Hello there," in text and "you & <me>" in text
    times = [caption[:2] for caption in shown["eng"]]
    assert np.allclose(times, [(0.5, 1.5), (2.0, 3.0), (3.0, 3.5)], atol=0.002)


@pytest.mark.parametrize("name", SOUND_ONLY)
def test_what_cannot_hold_captions_or_pictures_says_so(make_clip, tmp_path, name):
    writer = translated(make_clip("in.mp4"), tmp_path / name, captions=("en", "es"))
    assert not writer.captions_held
    assert len(writer.warnings) == 2
    writer.write_caption("en", 0.0, 1.0, "goes nowhere")
    assert writer.finish().exists()


@pytest.mark.parametrize("name", WITH_PICTURE + SOUND_ONLY)
def test_the_file_says_that_its_voice_is_synthetic_and_keeps_its_title(make_clip, tmp_path, name):
    source = make_clip("in.mkv", tags={"title": "My talk", "comment": "Take 2", "odd": "no"})
    path = translated(source, tmp_path / name, language="es").finish()
    tags = {key.lower(): value for key, value in probe(path).tags.items()}
    assert SYNTHETIC in tags["comment"] and "Take 2" in tags["comment"]
    assert tags["title"] == "My talk"
    assert "odd" not in tags
    if name not in ("out.mp3", "out.wav", "out.flac"):
        assert probe(path).audio_language == "spa"


@pytest.mark.parametrize("name", WITH_PICTURE + SOUND_ONLY)
def test_programs_find_the_marks_in_every_container_and_only_once(make_clip, tmp_path, name):
    first = translated(make_clip("in.mp4"), tmp_path / ("first" + name)).finish()
    path = translated(first, tmp_path / name, tags={"title": "Mine"}).finish()
    tags = {key.lower(): value for key, value in probe(path).tags.items()}
    assert tags["comment"] == f"{SYNTHETIC} {MARK}"
    marks = dict(mark.split("=", 1) for mark in re.findall(r"[A-Z_]+=[^];]+", tags["comment"]))
    assert marks["SYNTHETIC_VOICE"] == "1"
    assert marks["DIGITAL_SOURCE_TYPE"].endswith("/digitalsourcetype/compositeSynthetic")
    if name.endswith(("mp4", "m4v", "m4a", "mov")):  # the atoms that ordinary players look for
        written = path.read_bytes()
        assert b"\xa9nam" in written and b"\xa9cmt" in written
    elif not name.endswith("wav"):
        assert tags["synthetic_voice"] == "1"


def test_a_comment_of_ones_own_is_marked_too(tmp_path):
    with MediaWriter(tmp_path / "out.m4a", tags={"comment": "All made up."}) as writer:
        writer.write_sound(np.zeros((RATE, 2), np.float32))
        assert probe(writer.finish()).tags["comment"] == f"All made up. {MARK}"


def test_an_unknown_ending_names_those_that_there_are(tmp_path):
    for name in ("out.doc", "out"):
        with pytest.raises(UsageError, match=r"\.mp4 .*\.flac"):
            MediaWriter(tmp_path / name)


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_is_refused_by_its_name(tmp_path, monkeypatch, overwrite):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk.mp4").mkdir()
    for name, called in ((".", str(tmp_path)), ("talk.mp4", "talk.mp4")):
        with pytest.raises(CannotWrite, match=f"^{re.escape(called)} is a folder"):
            MediaWriter(Path(name), overwrite=overwrite)


def test_nothing_has_the_final_name_until_finish(make_clip, tmp_path):
    target = tmp_path / "Mein Vortrag ü 1.mp4"
    writer = translated(make_clip("in.mp4"), target)
    assert not target.exists()
    assert len(list(tmp_path.glob(".Mein Vortrag ü 1.*.partial.mp4"))) == 1
    assert writer.finish() == target
    assert sorted(os.listdir(tmp_path)) == ["Mein Vortrag ü 1.mp4", "in.mp4"]


@pytest.mark.parametrize("name", WITH_PICTURE + SOUND_ONLY)
def test_a_translation_that_is_stopped_leaves_a_playable_part(make_clip, tmp_path, name):
    source = make_clip("in.mp4", seconds=4.0)
    info, pictures, original = probe(source), PictureReader(source), OriginalSound(source)
    writer = MediaWriter(tmp_path / name, info, pictures, captions=("en", "es"))
    for packet in pictures.packets(1.5):
        writer.write_packet(packet)
    writer.write_sound(original.read(1.5))
    kept = writer.abandon(keep=True)
    assert kept == tmp_path / name.replace(".", ".partial.")
    assert probe(kept).duration == pytest.approx(1.5, abs=0.2)
    assert sorted(os.listdir(tmp_path)) == sorted(["in.mp4", kept.name])


def test_stopping_without_keeping_leaves_nothing(make_clip, tmp_path):
    writer = translated(make_clip("in.mp4"), tmp_path / "out.mp4")
    assert writer.abandon(keep=False) is None
    assert os.listdir(tmp_path) == ["in.mp4"]


def test_stopping_before_anything_was_written_leaves_nothing(tmp_path):
    assert MediaWriter(tmp_path / "out.mp4").abandon(keep=True) is None
    assert os.listdir(tmp_path) == []


def test_an_error_in_the_middle_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), MediaWriter(tmp_path / "out.mp4"):
        raise RuntimeError("engine fell over")
    assert os.listdir(tmp_path) == []


def test_a_file_is_replaced_only_when_told_to(make_clip, tmp_path):
    target = tmp_path / "out.wav"
    target.write_bytes(b"precious")
    with pytest.raises(CannotWrite, match="--force"):
        MediaWriter(target)
    assert target.read_bytes() == b"precious"
    writer = translated(make_clip("in.mp4"), target, overwrite=True)
    assert target.read_bytes() == b"precious"
    writer.finish()
    assert probe(target).has_audio


def test_a_file_that_appears_meanwhile_is_not_replaced(make_clip, tmp_path):
    target = tmp_path / "out.wav"
    writer = translated(make_clip("in.mp4"), target)
    target.write_bytes(b"precious")
    kept = tmp_path / "out.partial.wav"
    with pytest.raises(CannotWrite, match=f"exists already.*{re.escape(str(kept))}"):
        writer.finish()
    assert target.read_bytes() == b"precious"
    assert probe(kept).duration == pytest.approx(2.0, abs=0.06)
    assert writer.abandon(keep=False) == kept
    assert sorted(os.listdir(tmp_path)) == ["in.mp4", "out.partial.wav", "out.wav"]


def test_the_input_is_never_its_own_output(make_clip, tmp_path):
    source = make_clip("in.mp4")
    link = tmp_path / "link.mp4"
    link.symlink_to(source)
    for target in (source, link):
        with pytest.raises(UsageError, match="input itself"):
            MediaWriter(target, probe(source), overwrite=True)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("folder.mp4", "is a folder"),
        ("missing/out.mp4", "folder does not exist"),
        ("file/out.mp4", "folder"),
        ("x" * 300 + ".mp4", "name is too long"),
    ],
)
def test_a_target_that_cannot_be_is_refused_at_once(tmp_path, name, sentence):
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match=sentence):
        MediaWriter(tmp_path / name)


def test_the_longest_name_that_the_disk_allows_works(make_clip, tmp_path):
    target = tmp_path / ("ü" * 125 + ".mp4")
    assert translated(make_clip("in.mp4"), target).finish() == target


def test_two_translations_to_one_name_do_not_spoil_each_other(make_clip, tmp_path):
    source, target = make_clip("in.mp4"), tmp_path / "out.mp4"
    first = translated(source, target, overwrite=True)
    second = translated(make_clip("long.mp4", seconds=3.0), target, overwrite=True)
    assert probe(first.finish()).duration == pytest.approx(2.0, abs=0.06)
    assert probe(second.finish()).duration == pytest.approx(3.0, abs=0.06)
    assert sorted(os.listdir(tmp_path)) == ["in.mp4", "long.mp4", "out.mp4"]


@pytest.mark.parametrize("name", ["out.mp4", "a [1] (2).partial.mp4", "ü" * 125 + ".mp4"])
def test_what_a_killed_run_left_is_removed_and_nothing_else(make_clip, tmp_path, name):
    target = tmp_path / name
    killed = "import os, sys; from engines.media.target import Target; Target(sys.argv[1])"
    for path in (target, tmp_path / "other.mp4", target.with_suffix(".mkv")):
        subprocess.run([sys.executable, "-c", killed, str(path)], check=True)
    living = Target(target)
    (tmp_path / ".out.1-mine.partial.mp4").touch()
    before = set(os.listdir(tmp_path))
    assert len(before) == 4
    assert translated(make_clip("in.mp4"), target).finish() == target
    assert set(os.listdir(tmp_path)) == before | {"in.mp4", name}
    living.discard()


def test_a_picture_that_is_written_and_read_is_no_darker(tmp_path):
    ramp = np.tile(np.linspace(20, 235, 256), (64, 1))
    image = np.stack([ramp * 0.5 + 100, ramp * 0.4 + 60, ramp * 0.3 + 50], 2).astype(np.uint8)
    with MediaWriter(tmp_path / "out.mp4", pictures=PictureFormat(256, 64, 25)) as writer:
        for number in range(5):
            writer.write_frame(Frame(image, number / 25, number))
        writer.finish()
    for frame in read_frames(tmp_path / "out.mp4"):
        apart = frame.image.astype(float) - image
        assert np.abs(apart.mean((0, 1))).max() < 0.6


KILLED = """
import os, signal, sys
import numpy as np
from core.types import Frame
from engines.media.writer import MediaWriter, PictureFormat
writer = MediaWriter(sys.argv[1], None, PictureFormat(320, 180, 30), lasting=True)
noise = np.random.default_rng(1).integers(0, 255, (180, 320, 3), np.uint8)
for number in range(180):
    writer.write_frame(Frame(np.roll(noise, number, 1), number / 30, number))
    writer.write_sound(np.full((1600, 2), 0.1, np.float32))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("name", ["out.mp4", "out.mkv"])
def test_of_a_recording_whose_program_is_killed_all_but_the_last_second_stays(tmp_path, name):
    words = [sys.executable, "-c", KILLED, str(tmp_path / name)]
    assert subprocess.run(words).returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert left.stem == "out.partial"
    assert sum(chunk.duration for chunk in read_audio(left)) > 4.5
    assert sum(1 for _ in read_frames(left)) > 4.5 * 30
    with MediaWriter(tmp_path / name, lasting=True) as again:
        again.write_sound(np.zeros((RATE, 2), np.float32))
        again.finish()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, left.name])


def test_a_recording_that_is_finished_is_a_file_like_any_other(make_clip, tmp_path):
    """Not in the pieces in which it was written, which not every player takes."""
    written = translated(make_clip(tmp_path / "in.mp4"), tmp_path / "out.mp4", lasting=True)
    whole = written.finish().read_bytes()
    kinds, place = [], 0
    while place < len(whole):
        size = int.from_bytes(whole[place : place + 4])
        kinds.append(whole[place + 4 : place + 8])
        place += size or len(whole)
    assert b"moov" in kinds
    assert b"moof" not in kinds


def test_a_recording_that_cannot_be_completed_stays_as_far_as_it_can_be_played(
    tmp_path, monkeypatch
):
    writer = MediaWriter(tmp_path / "out.mkv", lasting=True)
    writer.write_sound(np.zeros((3 * RATE, 2), np.float32))

    def full() -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(writer._sound, "flush", full)
    with pytest.raises(CannotWrite, match=r"the disk is full.*left as .*out\.partial\.mkv"):
        writer.finish()
    (left,) = tmp_path.iterdir()
    assert probe(left).duration > 2.5
    assert writer.abandon(keep=True) == left


def test_a_removed_working_file_is_not_blamed_on_the_folder(make_clip, tmp_path):
    writer = translated(make_clip("in.mp4"), tmp_path / "out.wav")
    next(tmp_path.glob(".out.*")).unlink()
    with pytest.raises(CannotWrite, match="unfinished file beside it has been removed") as told:
        writer.finish()
    assert "left as" not in str(told.value)


def test_what_cannot_be_kept_is_not_left_hidden(make_clip, tmp_path):
    (tmp_path / "out.partial.wav").mkdir()
    writer = translated(make_clip("in.mp4"), tmp_path / "out.wav")
    with pytest.raises(CannotWrite, match=r"out\.partial\.wav"):
        writer.abandon(keep=True)
    assert sorted(os.listdir(tmp_path)) == ["in.mp4", "out.partial.wav"]


@pytest.fixture
def small_disk(tmp_path):
    """Mounts a disk of 300 KB, or says why that cannot be done here."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted: list[bool] = []

    def mount(options: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as exc:
            pytest.skip(f"no small disk can be mounted here: {exc}")
        mounted.append(True)
        return place

    yield mount
    if mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True, capture_output=True)


@pytest.mark.parametrize("name", ["out.mp4", "out.mkv", "out.wav"])
def test_a_full_disk_is_reported_and_leaves_nothing_under_the_name(
    make_clip, tmp_path, small_disk, name
):
    disk = small_disk("size=300k")
    noise = np.random.default_rng(1).uniform(-0.9, 0.9, (RATE, 2)).astype(np.float32)
    source = make_clip("in.mkv", seconds=4.0)
    writer = MediaWriter(disk / name, probe(source), PictureReader(source))
    with pytest.raises(CannotWrite, match="disk is full"), writer:
        for _ in range(60):
            writer.write_sound(noise)
        writer.finish()
    assert os.listdir(disk) == []


@pytest.mark.parametrize("managed", [True, False])
@pytest.mark.parametrize("name", ["out.mp4", "out.mkv", "out.m4a", "out.mp3", "out.ogg"])
@pytest.mark.parametrize("missing", [4, 28, 100])
def test_a_disk_that_is_full_at_any_moment_leaves_nothing_hidden(
    tmp_path, small_disk, name, missing, managed
):
    noise = np.random.default_rng(1).uniform(-0.9, 0.9, (RATE, 2)).astype(np.float32)

    def write(writer: MediaWriter) -> None:
        for _ in range(12):
            writer.write_sound(noise)
        writer.finish()

    write(MediaWriter(tmp_path / name))
    size = (tmp_path / name).stat().st_size // 1024 - missing
    disk = small_disk(f"size={size}k")
    writer = MediaWriter(disk / name)
    with pytest.raises(CannotWrite, match="disk is full"), writer if managed else nullcontext():
        write(writer)
    if not managed:
        writer.abandon(keep=False)
    assert os.listdir(disk) == []


def test_a_file_that_cannot_be_completed_is_removed_by_finish_itself(tmp_path, small_disk):
    disk = small_disk("size=60k")
    writer = MediaWriter(disk / "out.m4a")
    noise = np.random.default_rng(1).uniform(-0.9, 0.9, (RATE, 2)).astype(np.float32)
    for _ in range(3):
        writer.write_sound(noise)  # still within the muxer's own memory
    with pytest.raises(CannotWrite, match="disk is full"):
        writer.finish()
    assert os.listdir(disk) == []
    assert writer.abandon(keep=True) is None


def test_after_the_disk_was_full_no_unplayable_file_stays(make_clip, small_disk):
    disk = small_disk("size=300k")
    noise = np.random.default_rng(1).uniform(-0.9, 0.9, (RATE, 2)).astype(np.float32)
    writer = MediaWriter(disk / "out.mp4")
    with pytest.raises(CannotWrite, match="disk is full"):
        for _ in range(60):
            writer.write_sound(noise)
    assert writer.abandon(keep=True) is None
    assert os.listdir(disk) == []


def test_a_read_only_disk_is_reported_at_once(small_disk):
    disk = small_disk("size=300k,ro")
    with pytest.raises(CannotWrite, match="read-only"):
        MediaWriter(disk / "out.mp4")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_reported_at_once(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(CannotWrite, match="permission denied"):
        MediaWriter(tmp_path / "out.mp4")


@pytest.mark.parametrize(
    ("language", "mp4", "matroska", "quicktime"),
    [
        ("en", "eng", "eng", "eng"),
        ("de", "deu", "ger", "ger"),
        ("fr", "fra", "fre", "fra"),
        ("es-MX", "spa", "spa", "spa"),
        ("xx", "und", "und", "und"),
    ],
)
def test_languages_get_the_code_that_the_container_wants(language, mp4, matroska, quicktime):
    assert three_letters(language) == mp4
    assert three_letters(language, "bibliographic") == matroska
    assert three_letters(language, "quicktime") == quicktime


def test_three_letter_languages_stay_what_they_are():
    assert three_letters("ast") == "ast"
