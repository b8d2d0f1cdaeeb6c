"""XTTS 2 by Coqui: the speaker's own voice in 17 languages, on a graphics card. Its licence allows
non-commercial use only, of the model and of what it speaks; `notice` says so. Models are not part
of this program (see `engines.models`), and a voice is learnt only after recorded consent."""

import logging
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from core.errors import EngineFailed, EngineUnavailable, UsageError
from core.text.languages import language_name
from core.types import AudioChunk, Samples, Speech, Translation
from engines.models.store import chosen
from engines.mouth.network import mouth_network
from engines.tts import own_voice
from engines.tts.clauses import parts

log = logging.getLogger(__name__)

RATE = 24000
NOTICE = (
    "XTTS: its licence allows non-commercial use only, of the model and of what it speaks. The "
    "voice is an imitation."
)
_LEARNING_RATE = 22050
_STREAM_TOKENS = 20
_SPOKEN = {"zh": "zh-cn"}


class XttsVoice:
    """Speaks one language with the voice of one speaker. The first sound leaves after some 20 of
    the network's tokens; the mouth follows the sound, since XTTS tells no times."""

    notice = NOTICE
    rate = RATE

    def __init__(
        self,
        language: str,
        *,
        speaker: str = "",
        model: str | Path = "",
        device_name: str = "auto",
        rate: float = 1.0,
    ) -> None:
        """`device_name` cpu runs at less than half the speed of speech: auto never takes it.
        EngineUnavailable without a model, consent, a learnt voice or a card."""
        self.language = language
        if not speaker:
            raise EngineUnavailable(
                "XTTS speaks with a speaker's own voice. Name the speaker in the setting "
                "voice.own; `translated-camera voices learn` teaches it one."
            )
        own_voice.required(speaker)
        found = chosen("tts", model, language, card=True, form="xtts")
        self._network = XttsNetwork(found.folder, device_name)
        if _SPOKEN.get(language, language) not in self._network.languages:
            raise EngineUnavailable(f"{found.name} does not speak {language_name(language)}.")
        self._latents = own_voice.recall(speaker, found.name)
        self._rate = rate
        self.note = f"{found.name} with the voice of {speaker}, non-commercial use only"

    def speak(self, translation: Translation) -> Iterator[Speech]:
        said = list(parts(translation.text)) if translation.spoken else []
        if not said:
            yield _piece(translation, np.zeros(0, np.float32), last=True)
        for number, (text, pause) in enumerate(said, 1):
            last = number == len(said)
            language = _SPOKEN.get(self.language, self.language)
            for samples in self._network.speak(text, language, self._latents, self._rate):
                yield _piece(translation, samples, last=False)
            silence = np.zeros(0 if last else round(pause * RATE), np.float32)
            yield _piece(translation, silence, last=last)

    def close(self) -> None:
        self._network.close()


class XttsNetwork:
    """The model in memory. One thread at a time."""

    def __init__(self, folder: Path, device_name: str) -> None:
        os.environ.setdefault("COQUI_TOS_AGREED", "1")  # accepted when the model was fetched
        try:
            import torch
            from TTS.tts.configs.xtts_config import XttsConfig
            from TTS.tts.models.xtts import Xtts
        except ImportError as exc:
            raise EngineUnavailable(
                f"XTTS needs coqui-tts ({exc.name or exc} is missing)."
            ) from exc
        where = _device(torch, device_name)
        self._torch = torch
        config = XttsConfig()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                config.load_json(str(folder / "config.json"))
                self._model = Xtts.init_from_config(config)
                self._model.load_checkpoint(config, checkpoint_dir=str(folder), eval=True)
                self._model.to(where)
        # Damaged files and pickles with code in them come as anything.
        except Exception as exc:
            raise EngineUnavailable(
                f"The XTTS model in {folder} cannot be loaded ({exc}). Check it with "
                "`translated-camera models verify`, or get it again."
            ) from exc
        self.languages = tuple(config.languages)

    def learn(self, samples: Samples, rate: int) -> own_voice.Latents:
        """What is to be known of the voice in a recording. UsageError when it is too short."""
        seconds = len(samples) / rate
        if seconds < own_voice.SHORTEST:
            raise UsageError(
                f"{seconds:.1f} seconds are too short to learn a voice; say something for "
                f"{own_voice.SHORTEST:g} to {own_voice.LONGEST:g} seconds."
            )
        heard = samples[: round(own_voice.LONGEST * rate)]
        voice = soxr.resample(np.nan_to_num(heard), rate, _LEARNING_RATE).astype(np.float32)
        sound = self._torch.from_numpy(voice)[None]
        with self._torch.inference_mode():
            language = self._model.get_gpt_cond_latents(
                sound, _LEARNING_RATE, length=int(own_voice.LONGEST), chunk_length=6
            )
            speaker = self._model.get_speaker_embedding(sound, _LEARNING_RATE)
        return language.float().cpu().numpy(), speaker.float().cpu().numpy()

    def speak(
        self, text: str, language: str, latents: own_voice.Latents, rate: float
    ) -> Iterator[Samples]:
        """EngineFailed when the network breaks or the card has no memory left."""
        known = [self._torch.from_numpy(one) for one in latents]
        try:
            with self._torch.inference_mode(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                chunks = self._model.inference_stream(
                    text, language, *known, stream_chunk_size=_STREAM_TOKENS, speed=rate
                )
                for chunk in chunks:
                    yield np.asarray(chunk.float().cpu().numpy(), np.float32).reshape(-1)
        except (RuntimeError, AssertionError, ValueError) as exc:
            raise EngineFailed(f"XTTS stopped working: {exc}") from exc

    def close(self) -> None:
        del self._model


def _device(torch: Any, wish: str) -> str:
    if torch.cuda.is_available() and wish != "cpu":
        number = int(wish.partition(":")[2] or 0)
        return f"cuda:{number if number < torch.cuda.device_count() else 0}"
    if wish == "cpu":
        return "cpu"
    raise EngineUnavailable(
        "XTTS needs a graphics card: on a processor it takes twice as long as it speaks."
    )


def _piece(translation: Translation, samples: Samples, *, last: bool) -> Speech:
    audio = AudioChunk(samples, RATE, 0.0)
    return Speech(translation, audio, mouth_network().track(audio), (), last)
