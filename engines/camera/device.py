"""A camera through OpenCV. A thread of its own reads it, so only the newest picture waits."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.devices import CameraInfo, CameraMode, DeviceLost, Image, Shot
from core.errors import DeviceUnavailable
from core.latest import Latest
from engines.camera.modes import best_mode
from engines.camera.v4l2 import users_of

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds without a picture after which a camera counts as lost; its first may take longer."""
FIRST = 6.0
_FAILURES = 10
_LETTING_GO = 1.5
_OLDEST = 0.5
_AHEAD = 2
"""Pictures that are unpacked though nobody came for the one before; then only the last moment
of the camera is kept up with, which costs next to nothing."""
_STALE = 0.12
"""Seconds after which a picture that nobody came for is not given any more."""
_BACKENDS = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}

Opener = Callable[[CameraInfo, CameraMode], Any]
"""Gives a cv2.VideoCapture; tests give something else."""


def open_capture(info: CameraInfo, mode: CameraMode) -> Any:
    cv2.setNumThreads(1)
    # Errors only: of each second without a picture it warns, which we tell better.
    cv2.utils.logging.setLogLevel(2)
    # A driver that hangs holds its thread, and so the device, for ten seconds otherwise.
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "1")
    backend = _BACKENDS.get(sys.platform, cv2.CAP_ANY)
    place = os.path.realpath(info.id) if info.place is None else info.place
    wishes = [
        cv2.CAP_PROP_FRAME_WIDTH, mode.width, cv2.CAP_PROP_FRAME_HEIGHT, mode.height,
        cv2.CAP_PROP_FPS, round(mode.fps),
    ]  # fmt: skip
    if len(mode.pixels) == 4:
        wishes[:0] = [cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*mode.pixels)]
    return cv2.VideoCapture(place, backend, wishes)


class OpenCvCamera:
    """One open camera. `mode` is what it gives; `remark` a sentence where that is much less than
    was asked for. `close` never waits long: a driver that hangs keeps its thread to itself."""

    def __init__(self, info: CameraInfo, wanted: CameraMode, opener: Opener = open_capture) -> None:
        self.name = info.name
        if info.trouble:
            raise DeviceUnavailable(info.trouble)
        asked = best_mode(info.modes, wanted) or wanted
        self._capture = opener(info, asked)
        if not self._capture.isOpened():
            raise DeviceUnavailable(_refusal(info))
        self._wanted = wanted
        self.mode = self._real_mode(asked)
        self._latest: Latest[Shot] = Latest()
        self._came = threading.Event()
        self._ended = threading.Event()
        self._trouble = ""
        self._unread = 0
        self._waits = False
        self._newest = time.perf_counter() + FIRST - PATIENCE
        self._thread = threading.Thread(target=self._run, name=f"camera {self.name}", daemon=True)
        self._thread.start()

    def read(self, timeout: float = 1.0) -> Shot | None:
        until = time.perf_counter() + timeout
        self._waits = True
        try:
            return self._awaited(until)
        finally:
            self._waits = False

    def _awaited(self, until: float) -> Shot | None:
        while True:
            self._came.clear()
            now = time.perf_counter()
            shot = self._latest.take()
            if shot is not None and (now - shot.moment < _STALE or now >= until):
                self._unread = 0
                return shot
            if self._trouble:
                raise DeviceLost(self._trouble)
            if now - self._newest > PATIENCE:
                raise DeviceLost(
                    f"The camera {self.name} gives no pictures. Is its cover or privacy switch "
                    f"closed, or does another program use it?"
                )
            if now >= until or not self._came.wait(min(until - now, PATIENCE)):
                return None

    @property
    def remark(self) -> str:
        mode, wanted = self.mode, self._wanted
        small = mode.width < 0.75 * wanted.width or mode.height < 0.75 * wanted.height
        if not small and mode.fps > 0.6 * wanted.fps:
            return ""
        return (
            f"The camera {self.name} gives {mode.width}x{mode.height} at {mode.fps:.0f} pictures "
            f"a second; {wanted.width}x{wanted.height} at {wanted.fps:.0f} was asked for."
        )

    def close(self) -> None:
        self._ended.set()
        self._thread.join(_LETTING_GO)
        if self._thread.is_alive():
            log.warning("The camera %s does not let go; its thread is left to itself.", self.name)

    def _run(self) -> None:
        """The capture belongs to this thread from here on, its release included."""
        try:
            self._grab()
        except (cv2.error, OSError) as exc:
            log.debug("reading the camera failed", exc_info=True)
            self._trouble = f"The camera {self.name} failed: {exc}"
        finally:
            self._came.set()
            self._capture.release()

    def _grab(self) -> None:
        failures, pace = 0, _Pace()
        while not self._ended.is_set():
            if not self._capture.grab():
                failures += 1
                if failures >= _FAILURES:
                    self._trouble = f"The camera {self.name} was unplugged or has stopped."
                    return
                self._ended.wait(0.02)
                continue
            failures = 0
            self._newest = time.perf_counter()
            fps = pace.tick(self._newest)
            if fps:
                self.mode = replace(self.mode, fps=fps)
            if self._waits or self._unread < _AHEAD:
                self._unpack()

    def _unpack(self) -> None:
        good, image = self._capture.retrieve()
        if not good or image is None:
            return  # a damaged picture; the next one is on its way
        height, width = image.shape[:2]
        if (width, height) != (self.mode.width, self.mode.height):
            self.mode = replace(self.mode, width=width, height=height)
        self._unread += 1
        self._latest.put(Shot(rgb(image), self._moment()))
        self._came.set()

    def _moment(self) -> float:
        """When the picture was taken: V4L2 dates it on our clock; elsewhere it was just now."""
        taken = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        return float(taken) if 0 <= self._newest - taken < _OLDEST else self._newest

    def _real_mode(self, asked: CameraMode) -> CameraMode:
        width = int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)) or asked.width
        height = int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)) or asked.height
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        return CameraMode(width, height, fps if 0 < fps < 1000 else asked.fps, asked.pixels)


class _Pace:
    """Counts pictures: a camera in the dark gives fewer than it says."""

    def __init__(self, every: float = 2.0) -> None:
        self._every = every
        self._since = self._count = 0.0

    def tick(self, now: float) -> float:
        """Pictures a second, every two seconds; 0 in between."""
        if not self._since:
            self._since = now
            return 0.0
        self._count += 1
        passed = now - self._since
        if passed < self._every:
            return 0.0
        fps, self._since, self._count = self._count / passed, now, 0.0
        return fps


def rgb(image: NDArray[np.uint8]) -> Image:
    """From what OpenCV gives: BGR, or grey from an infrared camera."""
    code = cv2.COLOR_GRAY2RGB if image.ndim == 2 or image.shape[2] == 1 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(image, code), np.uint8)


def _refusal(info: CameraInfo) -> str:
    if info.place is None and (programs := users_of(info.id)):
        return f"The camera {info.name} is used by {', '.join(programs)}; close it there."
    return (
        f"The camera {info.name} cannot be opened. Another program may use it, or this program "
        f"is not allowed to: look into the system's privacy settings for cameras."
    )
