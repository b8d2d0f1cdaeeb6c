"""The espeak-ng library in this process.

It keeps one voice and one set of parameters for everybody and must never be entered by two
threads: there is one `Library` (`library()`), and a lock around whatever it does. Calls wait for
each other; a sentence takes milliseconds.
"""

import ctypes
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

import espeakng_loader
import numpy as np

from core.errors import EngineFailed, EngineUnavailable
from core.types import Samples

_SYNCHRONOUS = 2
_PHONEME_EVENTS_IN_IPA, _RETURN_ON_ERROR = 0x3, 0x8000
_UTF8_PLAIN_TEXT = 1
_RATE = 1
_END, _WORD, _PHONEME = 0, 1, 7
_SLOWEST, _FASTEST = 80, 450
_WITHOUT_DICTIONARY = frozenset(("fo", "kaa", "xex"))
"""Languages that the package lists but cannot read."""


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # in characters, the first is 1
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),  # milliseconds
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),  # not terminated when it fills all eight
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),  # (priority byte, zero-terminated tag)*, then a zero byte
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("unused", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_OnSound = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass
class Spoken:
    """Sound with the sample at which each phoneme (IPA, empty for a pause) and each word (its
    first character and its length in the text) begins."""

    pcm: bytearray = field(default_factory=bytearray)
    phonemes: list[tuple[int, str]] = field(default_factory=list)
    words: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def samples(self) -> Samples:
        return np.frombuffer(bytes(self.pcm), np.int16).astype(np.float32) / np.float32(32768)

    def take(self, event: _Event) -> None:
        if event.type == _PHONEME:
            self.phonemes.append((event.sample, event.name.decode("utf-8", "ignore")))
        elif event.type == _WORD:
            self.words.append((event.sample, event.text_position - 1, event.length))


class Library:
    """Any thread may call; see the module."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spoken = Spoken()
        self._library, self.rate = _loaded()
        self._on_sound = _OnSound(self._heard)  # kept alive for as long as espeak may call it
        self._library.espeak_SetSynthCallback(self._on_sound)
        self.languages = self._languages()

    def say(self, text: str, voice: str, words_per_minute: int) -> Spoken:
        """The text spoken as it stands; markup is read out. `text` must not contain NUL."""
        rate = min(max(words_per_minute, _SLOWEST), _FASTEST)
        data = text.encode("utf-8", "replace")
        with self._lock:
            self._spoken = Spoken()
            self._choose(voice)
            self._library.espeak_SetParameter(_RATE, rate, 0)
            status = self._library.espeak_Synth(
                data, ctypes.c_size_t(len(data) + 1), 0, 1, 0, _UTF8_PLAIN_TEXT, None, None
            )
            if status != 0:
                raise EngineFailed(f"espeak-ng could not speak a sentence (its status {status}).")
            return self._spoken

    def has_voice(self, voice: str) -> bool:
        try:
            # A voice that is set but never speaks leaves an event behind; a few dozen of them
            # push the first words out of what is spoken next.
            self.say("", voice, _SLOWEST)
        except EngineFailed:
            return False
        return True

    def _choose(self, voice: str) -> None:
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise EngineFailed(f"espeak-ng has no voice {voice!r}.")

    def _heard(self, samples: Any, count: int, events: Any) -> int:
        if samples and count:
            self._spoken.pcm += ctypes.string_at(samples, 2 * count)
        index = 0
        while events[index].type != _END:
            self._spoken.take(events[index])
            index += 1
        return 0

    def _languages(self) -> Mapping[str, str]:
        """The voice to take for each language tag ("en-us" as well as "en"), lower case."""
        list_voices: Callable[[None], Any] = self._library.espeak_ListVoices
        list_voices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))  # type: ignore[attr-defined]
        voices = list_voices(None)
        best: dict[str, tuple[int, str]] = {}
        index = 0
        while voices[index]:
            voice = voices[index].contents
            for priority, tag in _tags(voice.languages):
                if tag in _WITHOUT_DICTIONARY:
                    continue
                offer = (priority, voice.identifier.decode())
                best[tag] = min(best.get(tag, offer), offer)
            index += 1
        return MappingProxyType({tag: identifier for tag, (_, identifier) in best.items()})


def _loaded() -> tuple[ctypes.CDLL, int]:
    """The initialised library and its sample rate."""
    path, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
    try:
        native = ctypes.CDLL(path)
    except OSError as exc:
        raise EngineUnavailable(f"espeak-ng's library cannot be loaded: {exc}") from exc
    options = _PHONEME_EVENTS_IN_IPA | _RETURN_ON_ERROR
    rate: int = native.espeak_Initialize(_SYNCHRONOUS, 0, str(data).encode(), options)
    if rate <= 0:
        raise EngineUnavailable(
            f"espeak-ng cannot read its data in {data}. Reinstall the package espeakng-loader; "
            "a folder with a path over 150 characters is too long for it."
        )
    return native, rate


def _tags(address: int) -> Iterator[tuple[int, str]]:
    while priority := ctypes.string_at(address, 1)[0]:
        tag = ctypes.string_at(address + 1)
        yield priority, tag.decode("utf-8", "replace").lower()
        address += len(tag) + 2


_making = threading.Lock()


@cache
def _library() -> Library:
    return Library()


def library() -> Library:
    """The one library of this process, loaded at the first call."""
    with _making:
        return _library()
