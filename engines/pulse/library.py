"""The functions of libpulse that playing and recording need, as ctypes sees them.

libpulse is the client library of PulseAudio and of PipeWire's PulseAudio side. The numbers are
those of its headers, which never change.
"""

import ctypes
from functools import cache
from typing import Any

from core.errors import DeviceUnavailable

CONTEXT_READY, CONTEXT_FAILED = 4, 5
STREAM_READY, STREAM_FAILED = 2, 3
DONE, CANCELLED = 1, 2
NO_AUTOSPAWN = 0x1
INTERPOLATE_TIMING, AUTO_TIMING, NO_REMAP, FIX_RATE, FIX_CHANNELS = 0x2, 0x8, 0x10, 0x80, 0x100
DONT_MOVE, ADJUST_LATENCY = 0x200, 0x2000
FLOAT32LE, SEEK_RELATIVE, UNSET = 5, 0, 0xFFFFFFFF
NONE = ctypes.c_size_t(-1).value
"""The size that stands for "this went wrong"."""

Notify = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
"""pa_stream_notify_cb_t"""


class Spec(ctypes.Structure):
    _fields_ = (
        ("format", ctypes.c_int),
        ("rate", ctypes.c_uint32),
        ("channels", ctypes.c_uint8),
    )


class Buffer(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize")
    )


class SourceInfo(ctypes.Structure):
    """pa_source_info, as much of it as is of use here."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("index", ctypes.c_uint32),
        ("description", ctypes.c_char_p),
        ("spec", Spec),
    )


SourceTold = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.POINTER(SourceInfo), ctypes.c_int, ctypes.c_void_p
)
"""pa_source_info_cb_t"""

_TYPES: dict[str, Any] = {
    "v": None,
    "p": ctypes.c_void_p,
    "s": ctypes.c_char_p,
    "i": ctypes.c_int,
    "l": ctypes.c_int64,
    "n": ctypes.c_size_t,
    "f": Notify,
    "t": SourceTold,
}
# What each function returns and takes: v nothing, p pointer, s string, i int, l int64, n size_t,
# f and t functions that are called back.
_FUNCTIONS = {
    "pa_mainloop_new": "p",
    "pa_mainloop_get_api": "pp",
    "pa_mainloop_prepare": "ipi",
    "pa_mainloop_poll": "ip",
    "pa_mainloop_dispatch": "ip",
    "pa_mainloop_free": "vp",
    "pa_context_new": "pps",
    "pa_context_connect": "ipsip",
    "pa_context_get_state": "ip",
    "pa_context_errno": "ip",
    "pa_context_disconnect": "vp",
    "pa_context_unref": "vp",
    "pa_strerror": "si",
    "pa_stream_new": "ppspp",
    "pa_stream_connect_playback": "ipspipp",
    "pa_stream_connect_record": "ipspi",
    "pa_stream_set_monitor_stream": "ipi",
    "pa_stream_get_state": "ip",
    "pa_stream_get_sample_spec": "pp",
    "pa_stream_writable_size": "np",
    "pa_stream_write": "ippnpli",
    "pa_stream_readable_size": "np",
    "pa_stream_peek": "ippp",
    "pa_stream_drop": "ip",
    "pa_stream_get_latency": "ippp",
    "pa_stream_set_buffer_attr": "ppppp",
    "pa_context_get_source_info_list": "pptp",
    "pa_operation_get_state": "ip",
    "pa_operation_unref": "vp",
    "pa_stream_set_underflow_callback": "vpfp",
    "pa_stream_disconnect": "ip",
    "pa_stream_unref": "vp",
}


@cache
def libpulse() -> Any:
    """DeviceUnavailable where it is not installed."""
    try:
        library = ctypes.CDLL("libpulse.so.0")
    except OSError as exc:
        raise DeviceUnavailable(
            "The sound library libpulse is missing. Install the package libpulse0."
        ) from exc
    for name, types in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype = _TYPES[types[0]]
        function.argtypes = [_TYPES[letter] for letter in types[1:]]
    return library
