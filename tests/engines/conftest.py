"""Tiny networks that the tests make themselves, and that really work on what they have learnt.

Teaching one takes under a minute; it is kept in the user's cache folder for the next time. Without
the extra `neural` the tests that need one say so and are skipped.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import numpy as np
import platformdirs
import pytest
import soxr

import engines

NEEDED = "it is in the extra neural (packaging/setup dev neural)"
SENTENCES = (
    ("en", "The house is big and the door is red."),
    ("es", "La reunión empieza mañana."),
)
WINDOW = 4.0


def kept(name: str, maker: str, make: Callable[[Path], object], *given: object) -> Path:
    """The folder that `make` fills; taken from the cache if it was made by the same `maker` (a
    module of engines/) from the same things."""
    source = Path(engines.__file__).parent.joinpath(*maker.split("/")).read_bytes()
    digest = hashlib.sha256(source + repr(given).encode()).hexdigest()[:16]
    cache = platformdirs.user_cache_path("translated-camera", appauthor=False) / "test-models"
    done = cache / f"{name}-{digest}"
    if not done.is_dir():
        partial = cache / f"{uuid4().hex}.partial"
        partial.mkdir(parents=True)
        make(partial)
        try:
            partial.replace(done)
        except OSError:  # another run was faster
            shutil.rmtree(partial)
    return done


@pytest.fixture(scope="session")
def spoken():
    """The sentences as espeak says them: (16 kHz samples, text, language, words with times)."""
    from engines.tts.espeak import EspeakVoice

    said = []
    for language, text in SENTENCES:
        utterance = EspeakVoice(language).say(text)
        samples = soxr.resample(utterance.samples, utterance.rate, 16000).astype(np.float32)
        said.append((samples, text, language, utterance.words))
    return said


@pytest.fixture(scope="session")
def whisper_folder(spoken):
    """A Whisper that knows the spoken sentences, whole and cut after some of their words."""
    torch = pytest.importorskip("torch", reason=f"needs torch; {NEEDED}")
    pytest.importorskip("transformers", reason=f"needs transformers; {NEEDED}")
    from engines.stt.whisper_stand_in import taught

    clips = []
    for samples, text, language, words in spoken:
        clips.append((samples, text, language))
        for last in range(2, len(words) - 1, 2):
            cut = round((words[last - 1].end + words[last].start) / 2 * 16000)
            clips.append((samples[:cut], " ".join(text.split()[:last]), language))
    threads = torch.get_num_threads()
    torch.set_num_threads(min(4, os.cpu_count() or 1))
    try:
        made = kept(
            "whisper",
            "stt/whisper_stand_in.py",
            lambda folder: taught(folder, clips, window=WINDOW),
            [clip[1:] for clip in clips],
        )
    finally:
        torch.set_num_threads(threads)
    return made / "ct2"
