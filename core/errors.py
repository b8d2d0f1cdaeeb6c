"""Everything that this program raises on purpose, and the exit code each one ends it with.

    TranslatedCameraError            1  our fault
    ├── UsageError                   2  the command or a setting makes no sense
    ├── UnreadableInput              3  the input cannot be read
    ├── NothingToTranslate           4  no speech, no audio
    ├── EngineUnavailable            5  an engine, model or language is missing
    │   └── EngineFailed             5  an engine that worked has stopped working
    │       └── RestLost                of one item the rest cannot be done
    ├── DeviceUnavailable            6  a device is missing or busy
    │   └── DeviceLost (core.devices)   it was there and is gone
    │       └── SourceEnded             a file that stood in for a device is over
    ├── CannotWrite                  7  the output cannot be written
    └── Interrupted                130  the user stopped it

A message is one sentence about what is wrong and, where there is one, one about what to do.
"""

from typing import ClassVar


class TranslatedCameraError(Exception):
    """The base of all errors that are reported to the user as a sentence."""

    exit_code: ClassVar[int] = 1


class UsageError(TranslatedCameraError):
    exit_code = 2


class UnreadableInput(TranslatedCameraError):
    exit_code = 3


class NothingToTranslate(TranslatedCameraError):
    exit_code = 4


class EngineUnavailable(TranslatedCameraError):
    """A known engine cannot be built here: a library, model or language is missing."""

    exit_code = 5


class EngineFailed(EngineUnavailable):
    """An engine broke or hung while it worked; the item at hand is lost to it."""


class RestLost(EngineFailed):
    """An engine broke in an item whose rest cannot be told; it may be able to do the next one."""


class DeviceUnavailable(TranslatedCameraError):
    exit_code = 6


class CannotWrite(TranslatedCameraError):
    exit_code = 7


class Interrupted(TranslatedCameraError):
    exit_code = 130
