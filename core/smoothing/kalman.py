"""A Kalman filter that is stiff while its quantity stands still and loose while it moves."""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Spread = tuple[float, float, float]
"""Variance of the value, covariance with the speed, variance of the speed; the same for all."""

_STILL, _MOVING = 3.0, 9.0
_DRIFT_SHARE, _ONCE = 0.5, 0.15
_NOISE_SHARE = 0.05
_UNKNOWN_SPEED = 1.0
_FRAME = 1 / 30


class AdaptiveKalman:
    """Constant velocity, any number of values that share one noise and one unit.

    How loosely it follows is decided by its own surprises: while the innovations are as large
    as the noise explains, the process noise is that of `still`; when they are far larger once, or
    point the same way for some frames, it rises to that of `moving`, from that frame on. The
    measurements' noise is learnt on the way.
    """

    def __init__(self, *, still: float, moving: float, noise: float) -> None:
        """`still` and `moving`: what chance moves the values within 1/30 s, in standard
        deviations of the noise (the tracking index). `noise`: the standard deviation of a
        measurement to begin with, in the unit of the values."""
        self._still, self._moving = still, moving
        self._first_noise = self._noise = noise
        self._value: Array | None = None
        self._speed: Array = np.zeros(0)
        self._spread: Spread = (0.0, 0.0, 0.0)
        self._drift: Array = np.zeros(0)
        self._evidence = 1.0
        self._before: list[tuple[Array, float]] = []

    def reset(self) -> None:
        """Forget; the next measurement begins anew."""
        self._value = None

    def predict(self, seconds: float) -> Array | None:
        """Where the values will be after that time; None before the first `update`."""
        return None if self._value is None else self._value + seconds * self._speed

    def update(self, measured: Array, seconds: float) -> Array:
        """The values as they are believed to be, given a measurement `seconds` (> 0) after the
        one before."""
        if self._value is None:
            return self._begin(measured)
        self._measure_noise(measured, seconds)
        expected = self._value + seconds * self._speed
        surprise = measured - expected
        self._notice(surprise, self._grow(seconds, self._still)[0] + self._noise**2)
        index = self._still * (self._moving / self._still) ** self._motion()
        value, both, speed = self._grow(seconds, index)
        total = value + self._noise**2
        self._value = expected + (value / total) * surprise
        self._speed = self._speed + (both / total) * surprise
        left = self._noise**2 / total
        self._spread = (value * left, both * left, speed - both * both / total)
        return self._value

    def _begin(self, measured: Array) -> Array:
        self._value = measured.copy()
        self._speed = np.zeros_like(measured)
        self._spread = (self._first_noise**2, 0.0, _UNKNOWN_SPEED**2)
        self._noise, self._evidence = self._first_noise, 1.0
        self._drift = np.zeros_like(measured)
        self._before = [(measured, 0.0)]
        return self._value

    def _motion(self) -> float:
        """0: as still as the noise lets it look. 1: it surely moves."""
        return min(1.0, max(0.0, (self._evidence - _STILL) / (_MOVING - _STILL))) ** 2

    def _notice(self, surprise: Array, total: float) -> None:
        """Noise surprises in all directions; what moves surprises in the same one again, or by
        far more than noise can."""
        self._drift = self._drift + _DRIFT_SHARE * (surprise - self._drift)
        steady = _power(self._drift) * (2 - _DRIFT_SHARE) / _DRIFT_SHARE
        once = _power(surprise) * _ONCE
        self._evidence = max(steady, once) / total

    def _grow(self, t: float, index: float) -> Spread:
        """The uncertainty of value and speed after `t` seconds."""
        value, both, speed = self._spread
        power = (index * self._noise) ** 2 / _FRAME**3
        return (
            value + 2 * t * both + t * t * speed + power * t**3 / 3,
            both + t * speed + power * t * t / 2,
            speed + power * t,
        )

    def _measure_noise(self, measured: Array, seconds: float) -> None:
        """From how far the middle one of three measurements is off the line through the other
        two: motion hardly shows there, noise fully."""
        last, self._before = self._before, [*self._before[-1:], (measured, seconds)]
        if len(last) < 2:
            return
        first, middle = last
        share = middle[1] / max(middle[1] + seconds, 1e-6)
        off = middle[0] - (first[0] + share * (measured - first[0]))
        variance = _power(off) / (1 + share**2 + (1 - share) ** 2)
        bounded = min(variance, 4 * self._noise**2)
        now = math.sqrt(self._noise**2 + _NOISE_SHARE * (bounded - self._noise**2))
        self._noise = min(self._first_noise * 8, max(self._first_noise / 8, now))


def _power(values: Array) -> float:
    """The mean square."""
    return float(np.vdot(values, values)) / values.size
