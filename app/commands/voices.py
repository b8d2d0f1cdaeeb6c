"""`voices`: the speakers whose own voice may be imitated."""

import sys
from pathlib import Path

import numpy as np
from rich.console import Console

from core.errors import UsageError
from engines.media.reader import read_audio
from engines.models.store import chosen
from engines.tts import own_voice, sealing

RATE = 24000


def show() -> None:
    """Who agreed, when, and whether the voice is learnt."""
    speakers = own_voice.speakers()
    if not speakers:
        nothing = "No speaker's own voice is kept here. Learn one: translated-camera voices learn"
        print(nothing, file=sys.stderr)
    for speaker in speakers:
        given = own_voice.consent(speaker)
        if given is not None:
            print(f"{speaker}: agreed {given.given}, {_learnt(given)}")


def learn(speaker: str, recording: Path, *, agreed: bool, device: str = "auto") -> None:
    """From a recording of the speaker; only the speaker can agree."""
    if not agreed:
        raise UsageError(
            f"Only the speaker may have a voice learnt. Say --i-agree, which records: "
            f"{own_voice.STATEMENT!r}"
        )
    from engines.tts.xtts import NOTICE, XttsNetwork

    found = chosen("tts", "", "", card=True, form="xtts")
    Console(stderr=True, soft_wrap=True).print(NOTICE, highlight=False)
    heard = [chunk.samples for chunk in read_audio(recording, RATE)]
    samples = np.concatenate([np.zeros(0, np.float32), *heard])
    network = XttsNetwork(found.folder, device)
    try:
        latents = network.learn(samples, RATE)
    finally:
        network.close()
    own_voice.give_consent(speaker, own_voice.STATEMENT)
    own_voice.keep(speaker, latents, found.name)


def forget(speaker: str) -> None:
    """Consent and voice."""
    if not own_voice.forget(speaker):
        raise UsageError(f"Nothing is known of the voice of {speaker!r}.")


def _learnt(given: own_voice.Consent) -> str:
    if not given.model:
        return "not learnt yet"
    key = sealing.place(given.speaker)
    kept = f"encrypted, the key in {key}" if key else "encrypted, the key is not to be had"
    return f"learnt by {given.model} ({kept})"
