"""The translated voice and the speaker's own, together, a block at a time."""

import numpy as np

from core.types import Samples

_HOLD = 0.25
"""Seconds after a voice before the original comes back."""
_SLOW, SWITCH = 0.15, 0.004
"""Seconds from silence to full: for the original under a voice, and for the panic key."""
_KNEE = 0.9


class Blend:
    """One stream, block by block without a gap. `original` and `duck_db`, as in the settings,
    may be changed between blocks."""

    def __init__(self, original: str = "duck", duck_db: float = -18.0, rate: int = 48_000) -> None:
        self.original, self.duck_db = original, duck_db
        self._rate = rate
        self._own = self._voice = 1.0
        self._since_voice = _HOLD

    def mix(
        self,
        voice: Samples,
        own: Samples,
        *,
        ahead: bool,
        passthrough: bool = False,
        muted: bool = False,
    ) -> Samples:
        """`ahead`: whether the voice sounds within the next moments, so that the original can
        step back before. `passthrough`: the original alone, as it is; `muted`: nothing. Both
        within a block."""
        heard = ahead or bool(voice.any())
        self._since_voice = 0.0 if heard else self._since_voice + len(voice) / self._rate
        wanted = 0.0 if muted else 1.0 if passthrough else self._wanted()
        alone = passthrough or muted
        seconds = SWITCH if alone or self._voice < 1.0 else _SLOW
        own_gain, self._own = self._ramp(self._own, wanted, seconds, len(own))
        voice_gain, self._voice = self._ramp(self._voice, 1.0 - alone, SWITCH, len(voice))
        return softened(own * own_gain + voice * voice_gain)

    def instead(self, said: Samples, own: Samples, *, muted: bool) -> Samples:
        """What is to be heard in place of what was mixed already, and at least `SWITCH` long: the
        original alone, or nothing. If it is heard, `settle` is to be called."""
        wanted = np.zeros_like(own) if muted else own
        step = np.arange(1, len(own) + 1, dtype=np.float32) / (SWITCH * self._rate)
        return softened(said + (wanted - said) * np.minimum(step, 1.0))

    def settle(self, *, muted: bool) -> None:
        """From the next block on the original alone, or nothing, at once."""
        self._own, self._voice = float(not muted), 0.0

    def _wanted(self) -> float:
        if self.original == "pass":
            return 1.0
        if self.original == "off":
            return 0.0
        return 1.0 if self._since_voice >= _HOLD else float(10 ** (self.duck_db / 20))

    def _ramp(self, now: float, wanted: float, seconds: float, count: int) -> tuple[Samples, float]:
        if now == wanted:
            return np.full(count, now, np.float32), now
        step = np.arange(1, count + 1, dtype=np.float32) / (seconds * self._rate)
        gain = np.minimum(now + step, wanted) if wanted > now else np.maximum(now - step, wanted)
        return gain.astype(np.float32), float(gain[-1])


def softened(samples: Samples) -> Samples:
    """Unchanged up to the knee; beyond it bent so that it never reaches 1.0. In place."""
    size = np.abs(samples)
    loud = size > _KNEE
    if loud.any():
        room = 1.0 - _KNEE
        bent = _KNEE + room * np.tanh((size[loud] - _KNEE) / room)
        samples[loud] = np.copysign(np.minimum(bent, 0.9999), samples[loud])
    return samples
