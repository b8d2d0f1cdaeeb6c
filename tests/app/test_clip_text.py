"""A text spoken by the speaker of a clip."""

from itertools import pairwise

import av
import pytest

from app.clip_output import ClipJob
from app.clip_text import ClipSpeech
from core.config import Captions, Config, Engines, Languages, Picture, Voice
from core.errors import NothingToTranslate
from tests.services import video

CONFIG = Config(
    languages=Languages("es", "es"),
    engines=Engines(tts="fake", face="fake", lips="off"),
    captions=Captions(show=True),
    picture=Picture(badge=True, floor=False),
    voice=Voice(original="off"),
)


@pytest.fixture
def job(tmp_path):
    video(tmp_path / "in.mp4", seconds=1.0)
    return ClipJob(tmp_path / "in.mp4", tmp_path / "out.mp4", hold=True)


def test_every_sentence_is_said_in_order_from_the_beginning(job):
    told = []
    text = "Buen día. Hola mundo. Gracias."
    clip = ClipSpeech(job, CONFIG, text, lambda done, whole: told.append((done, whole)))
    result = clip.run()
    assert [one.speech.translation.text for one in result.placed] == [
        "Buen día.",
        "Hola mundo.",
        "Gracias.",
    ]
    starts = [one.start for one in result.placed]
    assert starts[0] == 0.0
    assert all(a.end <= b.start for a, b in pairwise(result.placed))
    assert told[-1][0] == pytest.approx(told[-1][1])
    assert clip.metrics.snapshot()["timings"]["speak"]["count"] == 3


def test_all_is_said_to_be_done_at_the_end_only(job):
    """Though the voice is several times as long as the picture."""
    shares = []
    text = "Buen día. Hola mundo. " * 10
    ClipSpeech(job, CONFIG, text, lambda done, whole: shares.append(done / whole)).run()
    assert len(shares) > 5 and shares[-1] == pytest.approx(1.0)
    assert all(later - earlier < 0.3 for earlier, later in pairwise([0.0, *shares]))
    assert max(shares[:-1]) < 1.0


def test_the_last_picture_stays_while_the_voice_goes_on(job):
    result = ClipSpeech(job, CONFIG, "Buen día. " * 5).run()
    with av.open(str(job.target)) as file:
        pictures = [float(frame.pts * frame.time_base) for frame in file.decode(video=0)]
    assert pictures[-1] == pytest.approx(result.placed[-1].end + 0.5, abs=0.1)
    assert all(b - a == pytest.approx(0.04, abs=0.002) for a, b in pairwise(pictures))


def test_only_the_captions_of_the_voice_are_in_the_file(job):
    ClipSpeech(job, CONFIG, "Hola mundo.").run()
    with av.open(str(job.target)) as file:
        texts = [
            bytes(packet)[2:].decode()
            for packet in file.demux(subtitles=0)
            if len(bytes(packet)) > 2
        ]
    assert texts == ["Hola mundo."]


def test_a_text_of_which_nothing_can_be_said_leaves_no_file(job):
    with pytest.raises(NothingToTranslate):
        ClipSpeech(job, CONFIG, "…").run()
    assert not job.target.exists()
