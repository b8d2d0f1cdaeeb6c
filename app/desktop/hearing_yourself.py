"""A few seconds of the microphone with noise and other voices kept away, and played to the user."""

import numpy as np
import soxr

from core.config import Enhance
from core.enhancing import Enhancing
from core.errors import DeviceUnavailable, EngineUnavailable
from core.segmentation.utterance import RATE
from core.types import AudioChunk
from engines.registry import auto

BLOCK = RATE // 50


def enhanced(heard: AudioChunk, settings: Enhance) -> AudioChunk:
    """As a session would hear it; by sound alone, for no lips are seen. EngineUnavailable."""
    samples = np.asarray(soxr.resample(heard.samples, heard.rate, RATE), np.float32)
    troubles: list[str] = []
    stage = Enhancing(settings, lambda wanted: auto("enhance", wanted).engine, tell=troubles.append)
    try:
        made = [
            out.samples
            for at in range(0, len(samples), BLOCK)
            for out in stage.process(AudioChunk(samples[at : at + BLOCK], RATE, at / RATE))
        ]
        made += [out.samples for out in stage.flush()]
    finally:
        stage.close()
    if troubles:
        raise EngineUnavailable(troubles[0])
    return AudioChunk(np.concatenate([samples[:0], *made]), RATE, heard.pts)


def play(audio: AudioChunk) -> None:
    """Through the system's own output. Returns when it is over, or another one is played."""
    try:
        import sounddevice
    except OSError as error:
        raise DeviceUnavailable(f"Nothing can be played here: {error}") from error
    from engines.microphone.portaudio import closed, opened

    opened()
    try:
        sounddevice.play(audio.samples, audio.rate)
        sounddevice.wait()
    except sounddevice.PortAudioError as error:
        raise DeviceUnavailable(f"There is no loudspeaker to play to: {error.args[0]}") from error
    finally:
        closed()
