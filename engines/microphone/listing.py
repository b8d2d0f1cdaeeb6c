"""The microphones that can be chosen."""

import sys
from collections.abc import Sequence

from core.chosen import absent, choose, own
from core.devices import MICROPHONE_NAME, Microphone, SoundInfo
from core.errors import DeviceUnavailable

_server_seen = False
_LINUX = sys.platform.startswith("linux")


def microphones() -> list[SoundInfo]:
    """The system's default first; ours are among them and say so. DeviceUnavailable when the
    system does not tell."""
    return _listed(monitors=False)


def choose_microphone(wanted: str, infos: Sequence[SoundInfo] | None = None) -> SoundInfo:
    """DeviceUnavailable when it is not there, or is ours. What carries a loudspeaker's sound can
    be chosen by its id only."""
    infos = _listed(monitors=True) if infos is None else infos
    by_id = next((info for info in infos if wanted and info.id == wanted), None)
    real = [info for info in infos if not info.id.endswith(".monitor")]
    found = choose(wanted, [by_id] if by_id else real, "microphone")
    if wanted == MICROPHONE_NAME or (found and found.info.ours):
        raise DeviceUnavailable(own(wanted, "microphone"))
    if found is None:
        raise DeviceUnavailable(absent(wanted, real, "microphone"))
    return found.info


def open_device(info: SoundInfo) -> Microphone:
    """DeviceUnavailable with the reason."""
    from engines.microphone.device import DeviceMicrophone

    if info.id.startswith("portaudio:"):
        from engines.microphone.portaudio import PortAudioRecording

        return DeviceMicrophone(info, PortAudioRecording(info))
    from engines.microphone.pulse import PulseRecording

    return DeviceMicrophone(info, PulseRecording(info))


def _listed(*, monitors: bool) -> list[SoundInfo]:
    global _server_seen
    if not _LINUX:
        return _portaudio(None)
    from engines.microphone.servers import server_microphones
    from engines.pulse.server import NoServer

    try:
        infos = server_microphones(monitors=monitors)
    except NoServer as exc:
        if _server_seen:
            raise  # it will be back, and must find the devices free
        return _portaudio(exc)
    _server_seen = True
    return infos


def _portaudio(refusal: DeviceUnavailable | None) -> list[SoundInfo]:
    """`refusal`: what is to be told where PortAudio finds nothing either."""
    try:
        from engines.microphone.portaudio import portaudio_microphones
    except OSError as exc:  # the library itself is missing
        raise refusal or DeviceUnavailable(
            "The sound library PortAudio is missing. Install the package libportaudio2."
        ) from exc
    infos = portaudio_microphones()
    if not infos and refusal is not None:
        raise refusal
    return infos
