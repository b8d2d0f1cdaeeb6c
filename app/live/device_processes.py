"""The processes that hold a session's devices: opened, looked after, given others."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence

from app.live.desk import Names
from app.live.trouble import Trouble, why
from core.config import Devices
from core.errors import TranslatedCameraError
from core.live import Device
from core.process import Remote

log = logging.getLogger(__name__)

_AGAIN = 5.0
"""Seconds between two tries to open virtual devices that could not be had."""
_PATIENCE = 5.0


class DeviceProcesses:
    """Both are there when the constructor returns, which raises what opening them raised. From
    then on one thread at a time speaks with them; anybody may read `status`, what was said last of
    camera, microphone, and the virtual ones. `epoch` is when files and the demo begin.
    Microphones that are `spared` are not heard in place of the user's.

    One that dies is started again; when the program dies, they pass the original on.
    """

    def __init__(
        self, names: Names, devices: Devices, epoch: float, spared: Sequence[str] = ()
    ) -> None:
        self._names, self._devices, self._spared = names, devices, spared
        self._trouble = Trouble(log)
        self._closed = threading.Event()
        self._speaking = threading.RLock()
        self._again_at = 0.0
        self.lacking = False
        """Whether there are no virtual devices: neither those that were wanted last nor those
        from before could be had."""
        self.status = Device(), Device(), Device(), Device()
        self.outputs = self._open_outputs(devices)
        try:
            self.inputs = self._open_inputs(devices, epoch)
        except BaseException:
            self.outputs.close()
            raise

    def check(self) -> None:
        """What they say; asking a dead one starts another."""
        with self._speaking:
            self._trouble.now(" ".join(self._check()))

    def choose(self, devices: Devices) -> None:
        """Another camera or microphone."""
        with self._speaking:
            self.inputs.hereafter(camera=devices.camera, microphone=devices.microphone)
            self.inputs.call("choose", devices.camera, devices.microphone)

    def invite(self, names: Names) -> None:
        """The desk has other further speakers. Any thread."""
        with self._speaking:
            self._names = names
            self.inputs.hereafter(names=names)
            self.outputs.hereafter(names=names)
            if not self.lacking:
                self.outputs.call("invite", names.guests, timeout=_PATIENCE)

    def spare(self, microphones: Sequence[str]) -> None:
        """Other microphones from here on. Any thread."""
        with self._speaking:
            self.inputs.hereafter(spared=microphones)
            self.inputs.call("spare", microphones, timeout=_PATIENCE)

    def reopen(self, devices: Devices) -> str:
        """Other virtual devices. The reason when they cannot be had: then there are those from
        before, or none (`lacking`) until `check` can have these again."""
        with self._speaking:
            return self._reopen(devices)

    def close(self) -> None:
        self._closed.set()
        self.inputs.close()
        self.outputs.close()

    def _check(self) -> Iterator[str]:
        """What is wrong with them."""
        try:
            if self.lacking and time.monotonic() >= self._again_at:
                self._open_again()
        except TranslatedCameraError as error:
            yield str(error)
        try:
            ours = self.inputs.call("status", timeout=_PATIENCE)
            self.inputs.hereafter(known=self.inputs.call("known", timeout=_PATIENCE))
        except TranslatedCameraError as error:
            ours = _failed(error)
            yield str(error)
        self.status = *ours, *self.status[2:]
        if self.lacking:
            return
        try:
            self.outputs.call("say", ours[0].says, timeout=_PATIENCE)
            virtual = self.outputs.call("status", timeout=_PATIENCE)
        except TranslatedCameraError as error:
            virtual = _failed(error)
            yield str(error)
        self.status = *ours, *virtual

    def _reopen(self, devices: Devices) -> str:
        self.outputs.close()
        self.lacking = True
        try:
            self.outputs = self._open_outputs(devices)
        except TranslatedCameraError as error:
            try:
                self._open_again()
            except TranslatedCameraError as again:
                return str(again)
            return str(error)
        self._devices, self.lacking = devices, False
        return ""

    def _open_again(self) -> None:
        self._again_at = time.monotonic() + _AGAIN
        try:
            self.outputs = self._open_outputs(self._devices)
        except TranslatedCameraError as error:
            self.status = *self.status[:2], *_failed(error)
            raise
        self.lacking = False

    def _open_inputs(self, devices: Devices, epoch: float) -> Remote:
        real = {"camera": devices.camera, "microphone": devices.microphone, "epoch": epoch}
        options = {"names": self._names, "spared": self._spared, **real}
        return Remote("app.live.inputs:Inputs", options, outlive=True)

    def _open_outputs(self, devices: Devices) -> Remote:
        wanted = {"camera": devices.virtual_camera, "microphone": devices.virtual_microphone}
        options = {"names": self._names, **wanted}
        remote = Remote("app.live.outputs:Outputs", options, outlive=True)
        if self._closed.is_set():
            remote.close()
        return remote


def _failed(error: TranslatedCameraError) -> tuple[Device, Device]:
    """The two devices of a process that there is not."""
    none = Device(says=why(error))
    return none, none
