"""What a person at the terminal is told of a live session."""

from dataclasses import replace
from uuid import UUID

from rich.console import Console

from core.events import Event, Notice, Recognised, SpeakerEvent, State, VoicePlaced
from core.live import Device, LiveStatus, OthersStatus
from core.text.languages import language_name


class Told:
    """Prints what has changed. Events come from any thread, `status` from one."""

    def __init__(self, console: Console, words: bool) -> None:
        self._console, self._words = console, words
        self.had_input = False
        """Whether anything was ever seen or heard."""
        self._devices: tuple[Device, ...] = ()
        self._guests: dict[str, Device] = {}
        self._state = State.IDLE
        self._others = OthersStatus()
        self._step = "normal"
        self._spoken = "", False
        self._said: dict[str, UUID] = {}

    def take(self, event: Event) -> None:
        if isinstance(event, Notice):
            self._say(event.text)
        if self._words and isinstance(event, SpeakerEvent):
            self._word(event.event, f"{event.speaker} ")
        elif self._words:
            self._word(event, "")

    def _word(self, event: Event, who: str) -> None:
        match event:
            case Recognised(transcript) if transcript.text:
                self._say(f"  {who}heard: {transcript.text}")
            case VoicePlaced(speech, _, lag) if speech.translation.text:
                if self._said.get(who) == speech.segment.id:
                    return  # a further piece of it
                self._said[who] = speech.segment.id
                self._say(f"  {who}said ({lag:.1f} s behind): {speech.translation.text}")

    def status(self, status: LiveStatus) -> None:
        devices = (
            status.camera,
            status.microphone,
            status.virtual_camera,
            status.virtual_microphone,
        )
        self.had_input |= not nothing_comes(status)
        kinds = ("Camera", "Microphone", "Virtual camera", "Virtual microphone")
        before = self._devices or (Device(),) * len(devices)
        for kind, old, device in zip(kinds, before, devices, strict=True):
            if replace(device, watched=None) != replace(old, watched=None):
                self._say(f"{kind}: {device.name or 'none'}. {device.says}".rstrip(" ."))
        self._devices = devices
        for guest in status.guests:
            if guest.microphone != self._guests.get(guest.name, Device()):
                device = guest.microphone
                self._say(f"{guest.name}: {device.name or 'none'}. {device.says}".rstrip(" ."))
            self._guests[guest.name] = guest.microphone
        if status.language and (status.language, status.own) != self._spoken:
            self._spoken = status.language, status.own
            own = ": your own voice is passed on" if status.own else ""
            self._say(f"You speak {language_name(status.language)}{own}")
        if status.state is not self._state:
            self._state = status.state
            self._say(f"Translation: {status.state.value}")
            if status.state is State.RUNNING:
                for rung in status.rungs:
                    self._say(f"  {rung.reason}")
        self._way_back(status.others)
        if status.lag_step != self._step:
            self._step = status.lag_step
            self._say(f"Lag {status.lag:.1f} s: {status.lag_step}")

    def _way_back(self, others: OthersStatus) -> None:
        before, self._others = self._others, others
        if others.state is not before.state:
            spoken, heard = others.languages
            pair = f" ({spoken} to {heard})" if spoken else ""
            self._say(f"Others: {others.state.value}{pair}. {others.reason}".rstrip(" ."))
            if others.state is State.RUNNING:
                for rung in others.rungs:
                    self._say(f"  {rung.reason}")
        for kind, old, device in (
            ("Others heard", before.source, others.source),
            ("Headphones", before.output, others.output),
        ):
            if device != old:
                self._say(f"{kind}: {device.name or 'none'}. {device.says}".rstrip(" ."))

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False)


def nothing_comes(status: LiveStatus) -> bool:
    """Neither picture nor sound."""
    guests = any(one.microphone.works for one in status.guests)
    return not (status.camera.works or status.microphone.works or guests)
