"""What the neural engines cost: the real shapes with weights by chance, one thread each.

Weights by chance understand nothing and never say that they are done, so what they write is as
long as a real answer would be: 3.6 tokens for a second of speech, 24 for a sentence of 20. Times
are CPU time, which on one thread of an idle machine is what a listener waits.
"""

import logging
import struct
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from app.bench.report import Figure, Figures
from core.errors import EngineUnavailable
from core.types import AudioChunk, Samples, Segment, Transcript, Translation
from engines.device import device

log = logging.getLogger(__name__)

INSTALL = "install it with: pip install 'translated-camera[neural]'"
ROUNDS = 7
SECONDS = 5.0
_TOKENS = round(3.6 * SECONDS)
_SOURCE, _TARGET = 20, 24
_TARGET_PIECES = range(33000, 65000)
"""An Opus-MT's vocabulary of 65,000 holds the 32,000 pieces of either language's tokenizer."""
_TEXT = "No creo que eso vaya a funcionar, pero podemos intentarlo mañana por la mañana."


def run() -> Figures:
    """EngineUnavailable without the extra `neural`."""
    try:
        import torch

        torch.set_num_threads(1)
        with TemporaryDirectory() as folder:
            heard = {size: hearing(Path(folder, size), size) for size in ("base", "small")}
            translated = translating(Path(folder, "opus"))
            spoken = speaking(Path(folder, "piper"))
    except ImportError as exc:
        raise EngineUnavailable(f"The bench engines needs {exc.name or exc}; {INSTALL}.") from exc
    between = translated["opus_20tok_ms"].value / 1e3 + spoken["piper_first_s"].value
    return {
        "whisper_small_5s_s": Figure(heard["small"], "s", at_most=0.7),
        "whisper_base_5s_s": Figure(heard["base"], "s", at_most=0.35),
        **translated,
        **spoken,
        "chain_base_s": Figure(heard["base"] + between, "s", at_most=1.2),
        "chain_small_s": Figure(heard["small"] + between, "s", at_most=1.6),
    }


def hearing(folder: Path, size: str) -> float:
    """Seconds for five seconds of speech: features, encoder, decoder, times of words."""
    from engines.stt.whisper_network import WhisperNetwork
    from engines.stt.whisper_stand_in import by_chance

    network = WhisperNetwork(by_chance(folder, size), device("cpu"))
    speech = _noise(SECONDS)
    taken = seconds(lambda: network.hear(speech, "en", most=_TOKENS))
    network.close()
    return taken


def translating(folder: Path) -> Figures:
    """Opus-MT in eight bits, and how many times faster that is than transformers in FP32."""
    from engines.mt.opus_convert import convert
    from engines.mt.opus_network import Ct2Network, TransformersNetwork
    from engines.mt.opus_stand_in import by_chance
    from engines.mt.search import Search

    where = device("cpu")
    by_chance(folder, [(_TEXT, _TEXT, "")] * 40)
    claim(folder / "target.spm", [f"<x{number}>" for number in _TARGET_PIECES])
    (folder / "ct2").mkdir()
    convert(folder, folder / "ct2")
    tokens = [f"<x{1000 + number}>" for number in range(_SOURCE)]
    search = Search(stretch=_TARGET / _SOURCE, extra=0)
    small, full = Ct2Network(folder / "ct2", where), TransformersNetwork(folder, where)
    taken = seconds_each(
        {
            "small": lambda: small.translate(tokens, search, 1),
            "full": lambda: full.translate(tokens, search, 1),
        }
    )
    return {
        "opus_20tok_ms": Figure(taken["small"] * 1e3, "ms", at_most=160),
        "opus_transformers_ms": Figure(taken["full"] * 1e3, "ms"),
        "opus_speedup": Figure(taken["full"] / taken["small"], "x", at_least=2.5),
    }


def claim(tokenizer: Path, pieces: Iterable[str]) -> None:
    """Make words of the vocabulary pieces of a tokenizer; none of them is ever met in a text. Its
    file is a message of protobuf, whose first field is a piece, as often as there are some."""
    with tokenizer.open("ab") as file:
        for piece in pieces:
            text = piece.encode()
            told = b"\x0a" + bytes([len(text)]) + text + b"\x15" + struct.pack("<f", -100.0)
            file.write(b"\x0a" + bytes([len(told)]) + told)


def speaking(folder: Path) -> Figures:
    """Piper's time for a second of voice, until the first sound leaves, and until two seconds of
    it are there, at that rate."""
    from engines.tts.piper import PiperVoice
    from engines.tts.piper_stand_in import by_chance

    folder.mkdir()
    voice = PiperVoice("es", model=by_chance(folder))
    first: list[float] = []
    lengths: list[float] = []
    spoken: list[float] = []

    def speak() -> None:
        begun = time.process_time()
        pieces = voice.speak(_translation(_TEXT))
        lengths.append(next(pieces).audio.duration)
        first.append(time.process_time() - begun)
        spoken.append(lengths[-1] + sum(piece.audio.duration for piece in pieces))

    taken = seconds(speak)
    rate = taken / median(spoken)
    return {
        "piper_rtf": Figure(rate, at_most=0.05),
        "piper_first_s": Figure(median(first[1:]), "s", at_most=0.15),
        "piper_first_piece_s": Figure(median(lengths[1:]), "s"),
        "piper_2s_s": Figure(rate * 2.0, "s"),
    }


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU time of one call, all threads of it together; the first one only warms up."""
    return seconds_each({"": work}, rounds)[""]


def seconds_each(
    works: Mapping[str, Callable[[], object]], rounds: int = ROUNDS
) -> dict[str, float]:
    """The same of several; they take turns, so that a busy machine slows all alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds + 1):
        for name, work in works.items():
            begun = time.process_time()
            work()
            taken[name].append(time.process_time() - begun)
    return {name: median(times[1:]) for name, times in taken.items()}


def _noise(length: float) -> Samples:
    random = np.random.default_rng(1)
    return random.normal(0, 0.05, round(length * 16000)).astype(np.float32)


def _translation(text: str) -> Translation:
    segment = Segment(0, AudioChunk(np.zeros(16000, np.float32), 16000, 0.0))
    return Translation(Transcript(segment, "", "en"), text, "es")
