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
    ("en", "We need the report today."),
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


_SUBJECTS = (("I see", "veo", "je vois"), ("we need", "necesitamos", "il nous faut"))
_SUBJECTS += (("they want", "quieren", "ils veulent"), ("you have", "tienes", "tu as"))
_OBJECTS = (("the report", "el informe", "le rapport"), ("the camera", "la cámara", "la caméra"))
_OBJECTS += (("the door", "la puerta", "la porte"), ("the book", "el libro", "le livre"))
_OBJECTS += (("QXB", "QXB", "QXB"), ("QXC", "QXC", "QXC"))
_TIMES = (("today", "hoy", "aujourd'hui"), ("tomorrow", "mañana", "demain"))
_TIMES += (("now", "ahora", "maintenant"), ("on Monday", "el lunes", "lundi"))


def sentence_pairs(column, tag=""):
    """Made-up sentences with their translations: Spanish in column 1, French in column 2."""
    pairs = []
    for subject in _SUBJECTS:
        for thing in _OBJECTS:
            for time in _TIMES:
                parts = [(one[0], one[column]) for one in (subject, thing, time)]
                source, target = (" ".join(words) + "." for words in zip(*parts, strict=True))
                pairs.append((_begun(source), _begun(target), tag))
    return pairs


def _begun(text):
    return text[:1].upper() + text[1:]


@pytest.fixture(scope="session")
def opus_folder():
    """An Opus-MT, as transformers takes it, from English to Spanish and French by tag."""
    for needed in ("transformers", "sentencepiece", "safetensors"):
        pytest.importorskip(needed, reason=f"needs {needed}; {NEEDED}")
    torch = pytest.importorskip("torch", reason=f"needs torch; {NEEDED}")
    from engines.mt.opus_stand_in import taught

    pairs = [*sentence_pairs(1, ">>spa<<"), *sentence_pairs(2, ">>fra<<")]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # on a busy machine several wait for one another
    try:
        return kept("opus", "mt/opus_stand_in.py", lambda folder: taught(folder, pairs), pairs)
    finally:
        torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def opus_converted(opus_folder):
    """The same for CTranslate2."""
    from engines.mt.opus_convert import convert

    source = Path(engines.__file__).parent / "mt" / "opus_convert.py"
    return kept(
        "opus-ct2",
        "mt/opus_stand_in.py",
        lambda folder: convert(opus_folder, folder),
        source.read_text("utf-8"),
    )
