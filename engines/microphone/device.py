"""A microphone as the pipeline wants it: mono at 48 kHz, each sample with its moment."""

import time
from typing import Protocol

import numpy as np
import soxr

from core.devices import RATE, DeviceLost, Heard, SoundInfo
from core.types import Samples
from engines.microphone.downmix import DownMix
from engines.microphone.level import LevelWatch
from engines.microphone.moments import Moments

PATIENCE = 5.0
"""Seconds without sound after which a microphone counts as lost. (A PulseAudio source that
nobody listened to may need two to begin.)"""
_QUALITY = "LQ"
"""soxr's better ones hold back 20 ms of 44.1 kHz, this one half a millisecond; it passes all of a
voice, with images 60 dB down."""
_TELEPHONE = 16_000
"""Below this rate recognition suffers."""
_LATE = 1.0
"""A reader who stays away for so long may have lost what no room was left for."""
_OLD = 0.1
"""Seconds of the past that are kept when the first sound comes."""


class Recording(Protocol):
    """What a sound system gives: rows of `channels` at the device's own rate."""

    rate: int
    channels: int

    def read(self, timeout: float) -> tuple[Samples, float] | None: ...

    def close(self) -> None: ...


class DeviceMicrophone:
    """One open microphone. `remark`: what is wrong with its sound, as a sentence."""

    def __init__(self, info: SoundInfo, recording: Recording) -> None:
        self.name = info.name
        self._native = info.rate
        self._rate = recording.rate
        self._recording = recording
        self._mix = DownMix(recording.rate, recording.channels)
        self._moments = Moments(recording.rate)
        self._resampler = soxr.ResampleStream(
            recording.rate, RATE, 1, dtype="float32", quality="HQ"
        )
        self._given = self._taken = 0
        self._level = LevelWatch(info.name)
        self._newest = self._left = time.perf_counter()
        self._begun = False
        self._missed = 0.0

    @property
    def remark(self) -> str:
        if self._level.says or self._native >= _TELEPHONE:
            return self._level.says
        return (
            f"The microphone {self.name} hears no better than a telephone ({self._native / 1000:g} "
            f"kHz); with another one fewer words are misunderstood."
        )

    @property
    def dropped(self) -> int:
        return round(self._missed * RATE)

    def read(self, timeout: float = 1.0) -> Heard | None:
        now = time.perf_counter()
        until, late = now + timeout, now - self._left > _LATE
        try:
            return self._read(until, late)
        finally:
            self._left = time.perf_counter()

    def close(self) -> None:
        self._recording.close()

    def _read(self, until: float, late: bool) -> Heard | None:
        while True:
            now = time.perf_counter()
            block = self._recording.read(max(0.0, until - now))
            if block is None or not len(block[0]):
                if now - self._newest > PATIENCE:
                    raise DeviceLost(f"The microphone {self.name} gives no sound.")
                return None
            self._newest = now
            if (heard := self._heard(*block, late=late)) is not None:
                return heard

    def _heard(self, rows: Samples, said: float, *, late: bool) -> Heard | None:
        # The newest sample cannot have been heard after this moment.
        said = min(said, time.perf_counter() - len(rows) / self._rate)
        if not self._begun:
            # What a server kept from before we listened would only be late.
            past = max(0, len(rows) - round(_OLD * self._rate))
            rows, said, self._begun = rows[past:], said + past / self._rate, True
        moment, missing = self._moments.of(said, len(rows))
        self._missed += max(0.0, missing) if late else 0.0
        mono = self._mix.fold(rows)
        if self._rate == RATE:
            samples = np.ascontiguousarray(mono)
        else:
            samples, moment = self._resampled(mono, moment)
        if not len(samples):
            return None
        self._level.feed(samples)
        return Heard(samples, moment)

    def _resampled(self, mono: Samples, moment: float) -> tuple[Samples, float]:
        """The filter keeps back what it needs to look ahead: that much older is what it gives."""
        held = self._taken / self._rate - self._given / RATE
        samples = np.asarray(self._resampler.resample_chunk(mono), np.float32)
        self._taken += len(mono)
        self._given += len(samples)
        return samples, moment - held
