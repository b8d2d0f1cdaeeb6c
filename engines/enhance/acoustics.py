"""What noises, microphones, lines and rooms make of sound."""

import numpy as np
from numpy.typing import NDArray

from core.types import Samples
from engines.enhance.features import RATE


def noise(size: int, rng: np.random.Generator) -> Samples:
    """Of a colour, of a band, throbbing, or of knocks; at times with mains hum."""
    kind = int(rng.integers(0, 5))
    spectrum = np.fft.rfft(rng.standard_normal(size, np.float32))
    hertz = np.fft.rfftfreq(size, 1 / RATE) + 1
    if kind <= 1:
        spectrum *= hertz ** -rng.uniform(0, 1.2)
    elif kind == 2:
        centre = np.exp(rng.uniform(np.log(100), np.log(6000)))
        spectrum /= 1 + ((hertz - centre) / (centre * rng.uniform(0.1, 0.6))) ** 2
    sound = np.fft.irfft(spectrum, size)
    times = np.arange(size) / RATE
    if kind == 3:
        sound *= 1 + np.sin(2 * np.pi * rng.uniform(0.5, 8) * times + rng.uniform(0, 6))
    elif kind == 4:
        sound *= 0.05
        for at in rng.integers(0, size - 800, int(rng.integers(3, 14))):
            fall = np.exp(-np.arange(800) / rng.uniform(40, 200))
            sound[at : at + 800] += rng.standard_normal(800) * fall * rng.uniform(0.5, 2)
    if rng.random() < 0.2:
        sound += np.sin(2 * np.pi * rng.choice([50, 60, 100, 120]) * times) * sound.std()
    return np.asarray(sound - sound.mean(), np.float32)


def coloured(sound: Samples, rng: np.random.Generator) -> Samples:
    """Through a microphone that is brighter or duller."""
    spectrum = np.fft.rfft(sound)
    gain = colour(len(spectrum), rng)
    return np.asarray(np.fft.irfft(spectrum * gain, len(sound)), np.float32)


def colour(bins: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """What such a microphone does to each bin; three in ten leave all as it is."""
    if rng.random() < 0.3:
        return np.ones(bins)
    bands = np.interp(np.linspace(0, 5, bins), np.arange(6), rng.uniform(-8, 8, 6))
    return np.asarray(10 ** (bands / 20))


def narrow(bins: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """What a microphone or a line does to each bin that hears nothing low, one in four, or nothing
    high, one in four."""
    hertz, gain = np.linspace(0, RATE / 2, bins) + 1, np.ones(bins)
    if rng.random() < 0.25:
        gain = gain / np.sqrt(1 + (rng.uniform(60, 250) / hertz) ** 4)
    if rng.random() < 0.25:
        gain = gain / np.sqrt(1 + (hertz / rng.uniform(3000, 7000)) ** 16)
    return gain


def clipped(sound: Samples, rng: np.random.Generator) -> Samples:
    """As by a microphone that is turned up too far."""
    most = np.abs(sound).max() * rng.uniform(0.15, 0.6)
    return sound.clip(-most, most)


def in_room(sound: Samples, rng: np.random.Generator, dry: float = 0.6) -> Samples:
    """As it is, `dry` tells how often, else with what walls send back; that is left to a voice."""
    if rng.random() < dry:
        return sound
    seconds, share = rng.uniform(0.1, 0.45), 10 ** (rng.uniform(-18, -3) / 20)
    tail = np.arange(round(seconds * RATE)) / RATE
    response = rng.standard_normal(len(tail)) * np.exp(-6.9 * tail / seconds)
    response *= share / (np.sqrt(np.sum(response**2)) + 1e-9)
    response[0] = 1.0
    return _convolved(sound, response)


def _convolved(sound: Samples, response: NDArray[np.float64]) -> Samples:
    size = 1 << (len(sound) + len(response) - 2).bit_length()
    product = np.fft.rfft(sound, size) * np.fft.rfft(response.astype(np.float32), size)
    return np.asarray(np.fft.irfft(product, size)[: len(sound)], np.float32)
