"""The further speakers of a live session: each heard, translated and spoken beside the user."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress

from app.live.clock import SessionClock
from app.live.desk import Desk, GuestDesk, Names, guest_desks
from app.live.listening import Listening
from app.live.speaker import Speaker
from app.live.trouble import Trouble, why
from app.live.voices import Voices
from app.sharing import SharedEngines
from core.config import Config
from core.errors import EngineUnavailable, TranslatedCameraError
from core.events import Event, Notice, SpeakerEvent, StateChanged
from core.guests import Guest, faults, needs_own
from core.live import Device, GuestStatus, Level, Rung
from core.pipeline import Host, Spawn
from core.process import Remote

log = logging.getLogger(__name__)

Tell = Callable[[Event], None]
_UNKNOWN = Device()


class Guests:
    """Their microphones are heard from `open` on, and translated between `start` and `stop`.
    `tell` hears what happens to them as SpeakerEvent, and Notices as they are."""

    def __init__(
        self,
        guests: Sequence[Guest],
        desk: Desk,
        clock: SessionClock,
        tell: Tell,
        open_: Callable[[], bool],
        spawn: Spawn,
    ) -> None:
        self._desk, self._clock = desk, clock
        self._tell, self._open, self._spawn = tell, open_, spawn
        self._speaking: tuple[_Speaking, ...] = ()
        self._seats = _empty(guests)
        self._inputs: Remote | None = None
        self._asking = threading.Lock()
        self._closed = threading.Event()
        self._trouble = Trouble(log)

    @property
    def invited(self) -> tuple[Guest, ...]:
        return tuple(guest for guest, _ in self._seats)

    def open(self, epoch: float) -> None:
        """Their microphones. `epoch` as of the inputs."""
        if self._seats:
            sources = [guest.source for guest in self.invited]
            options = {"names": self._desk.names, "sources": sources, "epoch": epoch}
            factory = "app.live.guest_inputs:GuestInputs"
            self._inputs = Remote(factory, options, outlive=True, given_up=self._closed)

    def invite(
        self, guests: Sequence[Guest], epoch: float, tell_devices: Callable[[Names], None]
    ) -> None:
        """They, and nobody from before; not while anybody is translated. `tell_devices` is told
        of their desks. Raises what that or opening their microphones raised; then there is
        nobody."""
        with self._asking:
            if self._closed.is_set():
                return
            self._hang_up()
            self._seats = ()
            try:
                self._seat(len(guests), tell_devices)
                self._seats = _empty(guests)
                self.open(epoch)
            except BaseException:
                self._seats = ()
                with suppress(TranslatedCameraError):  # the first reason is the one to be told
                    self._seat(0, tell_devices)
                raise

    def check(self) -> None:
        """What the process of the microphones says; asking a dead one starts another."""
        with self._asking:
            if (inputs := self._inputs) is None:
                return
            try:
                devices = inputs.call("status", timeout=5.0)
                inputs.hereafter(known=inputs.call("known", timeout=5.0))
                self._seats = tuple(zip(self.invited, devices, strict=True))
                self._trouble.now("")
            except TranslatedCameraError as error:
                none = Device(says=why(error))
                self._seats = tuple((guest, none) for guest in self.invited)
                self._trouble.now(str(error))

    def start(self, config: Config, shared: SharedEngines | None, own: Device = _UNKNOWN) -> None:
        """`own` is the user's microphone. EngineUnavailable, with the name, for who cannot be
        translated; then nobody is."""
        for _, fault in faults(self.invited, config):
            raise EngineUnavailable(fault)
        taken = {own.name}
        for guest, device in self._seats:
            if device.works and device.name in taken:
                raise EngineUnavailable(needs_own(guest))
            taken.add(device.name)
        with ExitStack() as undo:
            speaking = []
            for guest, desk in zip(self.invited, self._desk.guests, strict=True):
                speaking.append(self._started(guest, desk, config, shared))
                undo.callback(speaking[-1].stop)
            undo.pop_all()
        self._speaking = tuple(speaking)

    def cancel(self) -> None:
        for one in self._speaking:
            one.speaker.cancel()

    def change(self, config: Config) -> None:
        for one in self._speaking:
            one.speaker.change(one.guest.config(config))

    def stop(self) -> None:
        speaking, self._speaking = self._speaking, ()
        for one in speaking:
            one.stop()

    def close(self) -> None:
        """For good. Nothing that was under way is left behind."""
        self._closed.set()
        self._hang_up()
        with self._asking:
            self._hang_up()

    @property
    def quiet(self) -> bool:
        """Whether nothing that they said is still on its way."""
        return all(one.speaker.quiet for one in self._speaking)

    @property
    def spoken_until(self) -> float:
        """The session time at which the last of their voices ends."""
        return max((one.speaker.spoken_until for one in self._speaking), default=0.0)

    def status(self) -> tuple[GuestStatus, ...]:
        speaking = {one.guest.name: one for one in self._speaking}
        return tuple(
            speaking[guest.name].status(device)
            if guest.name in speaking
            else GuestStatus(guest.name, device, source=guest.source)
            for guest, device in self._seats
        )

    def _hang_up(self) -> None:
        """Ends a call that is under way, too."""
        inputs, self._inputs = self._inputs, None
        if inputs is not None:
            inputs.close()

    def _seat(self, count: int, tell_devices: Callable[[Names], None]) -> None:
        """So many desks. Those from before go last: until they are told, the devices' processes
        would look for them when they are started again."""
        before = self._desk.invite(guest_desks((None,) * count))
        try:
            tell_devices(self._desk.names)
        finally:
            for one in before:
                one.close()

    def _started(
        self, guest: Guest, desk: GuestDesk, config: Config, shared: SharedEngines | None
    ) -> "_Speaking":
        def tell(event: Event) -> None:
            if isinstance(event, Notice):
                self._tell(event)
            elif not isinstance(event, StateChanged):
                self._tell(SpeakerEvent(guest.name, event))

        try:
            speaker = Speaker(
                guest.config(config),
                self._clock,
                Voices(desk, self._clock),
                shared=shared,
                tell=tell,
                spawn=self._spawn,
            )
            speaker.start()
        except TranslatedCameraError as error:
            raise EngineUnavailable(f"{guest.name}: {error}") from error
        listening = Listening(desk, self._clock, speaker.feed, self._open)
        # Threads are named in logs, where who is here has no place.
        number = self.invited.index(guest) + 1
        host = self._spawn(f"listen to guest {number}", listening.run)
        return _Speaking(guest, speaker, listening, host)


def _empty(guests: Sequence[Guest]) -> tuple[tuple[Guest, Device], ...]:
    """Their microphones are still to be opened."""
    return tuple((guest, Device()) for guest in guests)


class _Speaking:
    """One of them, while they are translated."""

    def __init__(self, guest: Guest, speaker: Speaker, listening: Listening, host: Host) -> None:
        self.guest, self.speaker = guest, speaker
        self._listening = listening
        self._host = host
        host.start()

    def status(self, device: Device) -> GuestStatus:
        speech, silence = self.speaker.assembly.heard
        rungs = (Rung(one.kind, one.name, one.reason) for one in self.speaker.assembly.choices)
        return GuestStatus(
            self.guest.name,
            device,
            Level(self._listening.level, speech, silence=silence),
            self.speaker.lag,
            tuple(rungs),
            self.guest.source,
        )

    def stop(self) -> None:
        self._listening.stop()
        self.speaker.stop()
        self._host.join(2.0)
