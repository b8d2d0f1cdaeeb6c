"""The output that was chosen, whatever happens to it: the pace goes on."""

from collections.abc import Callable, Sequence

from core.chosen import choose
from core.devices import RATE, DeviceLost, SoundInfo
from core.errors import TranslatedCameraError
from core.following import Follower, Kind
from core.live import Device
from core.types import Samples
from engines.headphones.listing import outputs
from engines.headphones.playing import Output, open_output
from engines.virtual_microphone.pace import Pace

_STALLED_S = 3.0
"""Some outputs take so long to wake up (Bluetooth; PulseAudio's own that lead nowhere)."""


class FollowedOutput:
    """Plays into the output `wanted` (a name or part of it; "" goes with the system's default);
    while it is not there, into another one. Outputs that the meeting hears are refused: our own,
    and those that `hearing`, the microphone in use, would pick up. `play` and `close` are for one
    thread, the rest for any."""

    def __init__(
        self,
        wanted: str = "",
        *,
        hearing: str = "",
        on_change: Callable[[Device], None] | None = None,
    ) -> None:
        self._hearing = hearing
        kind = Kind(
            noun="output",
            shown="used",
            listing=lambda: outputs(self._hearing),
            find=lambda name, infos: choose(name, infos, "output"),
            open=open_output,
            is_source=lambda name: False,
            open_source=lambda name: open_output(SoundInfo(name, name)),
            default=_default,
        )
        self._follower: Follower[SoundInfo, Output] = Follower(wanted, kind, on_change=on_change)
        self._pace = Pace()
        self._follower.watch()

    @property
    def device(self) -> Device:
        return self._follower.status

    def choose(self, wanted: str, hearing: str) -> None:
        """Another output, or another microphone, from here on."""
        self._hearing = hearing
        self._follower.choose(wanted)

    def play(self, samples: Samples) -> None:
        """Mono at RATE, after what was played before. Waits while the output has enough, or for
        as long as the samples last where there is none: this keeps the pace. Never raises."""
        output = self._follower.device()
        if output is None:
            self._pace.wait(len(samples))
            return
        try:
            if not output.play(samples, patience=_STALLED_S + len(samples) / RATE):
                raise DeviceLost("The output takes no more sound.")
        except (TranslatedCameraError, OSError) as exc:
            self._follower.lost(exc)

    def close(self) -> None:
        self._follower.close()


def _default(infos: Sequence[SoundInfo]) -> SoundInfo | None:
    return next((info for info in infos if info.default and not info.ours), None)
