"""The process of the further microphones: each into the shared memory of its speaker."""

import threading
from collections.abc import Sequence
from functools import partial

from app.live.desk import Desk, Names
from app.live.hearing import hear
from app.live.lanes import lane
from core.following import Known
from core.live import Device
from engines.microphone.followed import FollowedMicrophone
from engines.priority import DEVICES, hurry


class GuestInputs:
    """Built in a worker process. `epoch`: the moment at which sources that are no devices (a
    file, the demo) begin. `known` is what a process before this one knew of each."""

    def __init__(
        self, names: Names, sources: Sequence[str], epoch: float, known: Sequence[Known] = ()
    ) -> None:
        hurry(DEVICES)
        self._desk = Desk(names)
        self._ended = threading.Event()
        self._microphones = [
            # Another one would be somebody else's: what they say is not the guest's.
            FollowedMicrophone(source, epoch=epoch, only="microphone", known=before)
            for source, before in zip(sources, known or [Known()] * len(sources), strict=True)
        ]
        self._lanes = [
            lane("hear", partial(hear, microphone, to, self._ended), self._ended)
            for microphone, to in zip(self._microphones, self._desk.guests, strict=True)
        ]
        for one in self._lanes:
            one.start()

    def status(self) -> tuple[Device, ...]:
        return tuple(microphone.device for microphone in self._microphones)

    def known(self) -> tuple[Known, ...]:
        """For the process after this one."""
        return tuple(microphone.known for microphone in self._microphones)

    def orphaned(self) -> None:
        """The program is gone: for as long as the outputs go on, they need the originals."""
        self._desk.until_nothing_is_sent()
        self.close()

    def close(self) -> None:
        self._ended.set()
        for one in self._lanes:
            one.join(1.0)
        for microphone in self._microphones:
            microphone.close()
