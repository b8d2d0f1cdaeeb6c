"""A sink of the user's own choice on the sound server, played into as it is."""

import pulsectl

from core.errors import DeviceUnavailable


class ChosenSink:
    """The sink whose name or description is `wanted`. One thread. Nothing is made or removed."""

    def __init__(self, pulse: pulsectl.Pulse, wanted: str) -> None:
        self._pulse = pulse
        self._wanted = wanted
        self.sink = self._find().name

    def ensure(self) -> None:
        """DeviceUnavailable while the sink is not there."""
        self.sink = self._find().name

    def rest(self) -> None:
        """Others play into it."""

    def wake(self) -> None:
        self._pulse.sink_suspend(self._find().index, False)

    def listeners(self) -> tuple[str, ...]:
        """The programs that record what is played into the sink, as far as that can be told."""
        monitor = self._find().monitor_source
        outputs = [one for one in self._pulse.source_output_list() if one.source == monitor]
        return tuple(
            one.proplist.get("application.name", one.name)
            for one in outputs
            if not one.corked and one.resample_method != "peaks"
        )

    def give_back_defaults(self) -> None:
        """What is the default is the user's affair."""

    def remove(self) -> None:
        """It is not ours."""

    def _find(self) -> pulsectl.PulseSinkInfo:
        for one in self._pulse.sink_list():
            if self._wanted in (one.name, one.description):
                return one
        raise DeviceUnavailable(
            f"There is no sound device named “{self._wanted}”."
            " `translated-camera devices` lists them."
        )
