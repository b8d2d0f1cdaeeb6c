"""What the settings say to those engines that understand it."""

from typing import Any

from app.card import device_of
from core.config import Config

WORDS_A_MINUTE = 210
"""What espeak-ng needs for the eight syllables a second of a lively speaker of Spanish; an
interpreter who is slower than the speaker falls behind."""


def engine_options(kind: str, config: Config) -> dict[str, dict[str, Any]]:
    """By the engine's name, for `engines.registry.auto`. They may travel to another process."""
    given = {"stt": _recognisers, "mt": _translators, "tts": _voices, "lips": _lips}.get(kind)
    return given(config) if given else {}


def _recognisers(config: Config) -> dict[str, dict[str, Any]]:
    from engines.stt.guards import Guards

    heard = config.recognition
    guards = Guards(
        quietest_db=heard.quietest_db,
        no_speech=heard.no_speech,
        log_probability=heard.log_probability,
        compression=heard.compression,
        repeats=heard.repeats,
    )
    whisper = {
        "model": config.models.stt,
        "device_name": device_of("stt", config),
        "beam": heard.beam,
        "beam_again": heard.beam_again,
        "own_length": heard.own_length,
        "guards": guards,
    }
    return {"whisper": whisper}


def _translators(config: Config) -> dict[str, dict[str, Any]]:
    from engines.mt.search import Search

    asked = config.translating
    opus = {
        "model": config.models.mt,
        "device_name": device_of("mt", config),
        "backend": asked.backend,
        "search": Search(beam=asked.beam, length=asked.length),
    }
    return {"opus": opus}


def _voices(config: Config) -> dict[str, dict[str, Any]]:
    voice = config.voice
    return {
        "espeak": {"rate_wpm": round(WORDS_A_MINUTE * voice.rate), "voice": voice.name},
        "piper": {"model": config.models.tts, "rate": voice.rate},
        "xtts": {
            "model": config.models.tts,
            "device_name": device_of("tts", config),
            "speaker": voice.own,
            "rate": voice.rate,
        },
    }


def _lips(config: Config) -> dict[str, dict[str, Any]]:
    return {"wav2lip": {"device_name": device_of("lips", config), "memory": config.cards.memory}}
