"""A Whisper model, as faster-whisper converts them, in this process: sound in, words out.

Sound is mono float32 at 16 kHz. The model was trained on windows of 30 seconds; a shorter one
costs its encoder a fraction of the time, and is what `hear` takes unless it is told otherwise.
"""

import logging
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens, merge_punctuations

from core.errors import EngineFailed, EngineUnavailable
from core.types import Samples, Word
from engines.device import Device
from engines.stt.guards import Heard

log = logging.getLogger(__name__)

RATE = 16000
NEEDED = ("config.json", "model.bin", "tokenizer.json")
"""Without its tokenizer faster-whisper would ask the network for one."""

_HOP = 160
_TIMES_A_SECOND = 50
_AFTER = 0.5
"""Seconds of silence behind the sound: without them the last word is often lost."""
_STEP = 1.0
"""Windows are so many seconds, or a multiple."""
_MOST_TOKENS = 448
_TOKENS_A_SECOND = 30
"""Nobody speaks faster, in any script; more are a decoder that has lost its way."""
_PREPENDED = "\"'“¿([{-"
_APPENDED = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001


class WhisperNetwork:
    """Any number of threads may call; CTranslate2 lets them take turns."""

    def __init__(self, folder: Path, device: Device) -> None:
        """EngineUnavailable when the folder holds no such model, or it cannot be loaded."""
        self._whole = _loaded(folder, device)
        self._model = self._whole.model
        extractor = self._whole.feature_extractor
        self.longest = extractor.nb_max_frames * _HOP / RATE
        """Seconds that a window holds at most."""
        self.languages = tuple(self._whole.supported_languages)
        self._encoded: tuple[Samples, int, ctranslate2.StorageView] | None = None

    def hear(
        self,
        samples: Samples,
        language: str,
        *,
        beam: int = 1,
        own_length: bool = True,
        most: int = 0,
    ) -> Heard:
        """What is said in at most `longest` seconds, in `most` tokens if that is given.
        EngineFailed when the network breaks."""
        tokenizer = Tokenizer(
            self._whole.hf_tokenizer, self._model.is_multilingual, "transcribe", language
        )
        try:
            encoded = self._encode(samples, own_length)
            self._encoded = None
            most = most or 40 + round(_TOKENS_A_SECOND * len(samples) / RATE)
            result = self._generate(encoded, tokenizer, beam, most)
            tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
            words = self._words(encoded, tokenizer, tokens, len(samples))
        except (RuntimeError, ValueError) as exc:
            raise EngineFailed(f"Whisper stopped working: {exc}") from exc
        text = tokenizer.decode(tokens).strip()
        # The score is a mean without the token that ends the text, which is as sure as it can be.
        mean = result.scores[0] * len(result.sequences_ids[0]) / (len(tokens) + 1)
        return Heard(text, words, mean, result.no_speech_prob)

    def languages_of(self, samples: Samples) -> list[tuple[str, float]]:
        """Which language is spoken, likeliest first, with probabilities."""
        if not self._model.is_multilingual:
            return [(self.languages[0], 1.0)]
        try:
            found = self._model.detect_language(self._encode(samples, own_length=True))[0]
        except RuntimeError as exc:
            raise EngineFailed(f"Whisper stopped working: {exc}") from exc
        return [(token[2:-2], probability) for token, probability in found]

    def close(self) -> None:
        self._encoded = None
        self._model.unload_model()

    def _encode(self, samples: Samples, own_length: bool) -> ctranslate2.StorageView:
        """Kept until its words are asked for: its language is asked for first."""
        size = round(self.longest * RATE)
        if own_length:
            steps = np.ceil((len(samples) / RATE + _AFTER) / _STEP)
            size = min(size, round(steps * _STEP * RATE))
        last = self._encoded
        if last is not None and last[0] is samples and last[1] == size:
            return last[2]
        window = np.zeros(size, np.float32)
        window[: min(len(samples), size)] = samples[:size]
        features = self._whole.feature_extractor(window, padding=0)
        encoded = self._whole.encode(features)
        self._encoded = samples, size, encoded
        return encoded

    def _generate(
        self, encoded: ctranslate2.StorageView, tokenizer: Tokenizer, beam: int, most: int
    ) -> Any:
        prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        return self._model.generate(
            encoded,
            [prompt],
            beam_size=beam,
            max_length=min(_MOST_TOKENS, len(prompt) + most),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=list(get_suppressed_tokens(tokenizer, [-1])),
        )[0]

    def _words(
        self,
        encoded: ctranslate2.StorageView,
        tokenizer: Tokenizer,
        tokens: list[int],
        size: int,
    ) -> tuple[Word, ...]:
        if not tokens:
            return ()
        frames = min(encoded.shape[1] * 2, max(2, size // _HOP))
        (aligned,) = self._model.align(encoded, tokenizer.sot_sequence, [tokens], frames)
        texts, parts = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
        bounds = np.concatenate(([0], np.cumsum([len(part) for part in parts])))
        begins = _begins(aligned.alignments, len(tokens) + 1)
        chances = aligned.text_token_probs
        found = [
            {"word": text, "tokens": part, "at": (begins[first], begins[last])}
            | {"sure": float(np.mean(chances[first:last]))}
            for text, part, first, last in zip(
                texts[:-1], parts[:-1], bounds, bounds[1:], strict=False
            )
        ]
        merge_punctuations(found, _PREPENDED, _APPENDED)
        return tuple(_word(one) for one in found if one["word"].strip())


def _word(found: dict[str, Any]) -> Word:
    start, end = found["at"]
    return Word(found["word"].strip(), float(start), float(end), found["sure"])


def _begins(alignments: list[tuple[int, int]], count: int) -> list[float]:
    """When each token begins, in seconds; the last one is the end."""
    times: list[float] = []
    for token, moment in alignments:
        while len(times) <= min(token, count - 1):
            times.append(moment / _TIMES_A_SECOND)
    last = alignments[-1][1] / _TIMES_A_SECOND if alignments else 0.0
    return times + [last] * (count - len(times))


def _loaded(folder: Path, device: Device) -> WhisperModel:
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise EngineUnavailable(
            f"The Whisper model in {folder} lacks {' and '.join(missing)}. Get it again with "
            "`translated-camera models pull`, or import a complete one."
        )
    try:
        return WhisperModel(
            str(folder),
            device=device.name,
            device_index=device.card,
            compute_type=device.precision,
            cpu_threads=1,
            num_workers=1,
            local_files_only=True,
        )
    # CTranslate2 and tokenizers raise nothing narrower for damaged files and too little memory.
    except Exception as exc:
        raise EngineUnavailable(
            f"The Whisper model in {folder} cannot be loaded ({exc}). Check it with "
            "`translated-camera models verify`, or get it again."
        ) from exc
