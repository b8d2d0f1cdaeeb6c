"""The microphone that was chosen, whatever happens to it: the sound goes on."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.chosen import Found, choose
from core.devices import Heard, Microphone, SoundInfo
from core.errors import TranslatedCameraError
from core.following import Follower, Kind, Known
from core.live import Device
from engines.microphone.listing import microphones, open_device
from engines.microphone.opening import is_source, open_microphone

_NOTHING = Known()


class FollowedMicrophone:
    """Opens the microphone (or source) `wanted` as `open_microphone` would; while it is not
    there, another one is heard, and it returns by itself. "" goes with the system's default as
    that changes. Everything happens on a thread of its own; `read` and `close` are for one
    other thread, the rest for any.

    `on_change` is called on that thread of its own with each new `device`. With `only`, a noun,
    that is what `wanted` names, and no other microphone is heard in its place: once one was
    opened, that one only, by its id. Those that `spared` names are not heard in place of another.
    What is `known` comes from who followed the same one before, in another process.
    """

    def __init__(
        self,
        wanted: str = "",
        *,
        epoch: float | None = None,
        on_change: Callable[[Device], None] | None = None,
        only: str = "",
        spared: Sequence[str] = (),
        known: Known = _NOTHING,
    ) -> None:
        self._spared = spared
        self._only = _Only(wanted, known.of(wanted).opened)
        kind = replace(microphone_kind(epoch), spared=self._ids)
        if only:
            kind = self._only.kind(kind, only)
        self._follower: Follower[SoundInfo, Microphone] = Follower(
            wanted, kind, on_change=on_change, known=known
        )
        self._dropped = 0
        self._last: Microphone | None = None
        self._follower.watch()

    @property
    def device(self) -> Device:
        """What is in use, and what the user should know of it."""
        return self._follower.status

    @property
    def known(self) -> Known:
        return replace(self._follower.known, opened=self._only.opened)

    @property
    def status(self) -> str:
        return self._follower.status.says

    @property
    def dropped(self) -> int:
        """Samples lost because nobody read them in time, of all microphones so far."""
        return self._dropped + (self._last.dropped if self._last else 0)

    def choose(self, wanted: str) -> None:
        """Another microphone from here on."""
        self._follower.choose(wanted)

    def spare(self, names: Sequence[str]) -> None:
        """These are not heard in place of another from here on."""
        self._spared = names

    def read(self, timeout: float = 1.0) -> Heard | None:
        """What was heard since the last call; None when there is nothing in time. Never raises.
        Between two microphones there is a gap, or for a moment sound of both: the moments tell.
        """
        microphone = self._follower.device(timeout)
        if microphone is not self._last:
            self._dropped, self._last = self.dropped, microphone
        if microphone is None:
            return None
        try:
            return microphone.read(timeout)
        except (TranslatedCameraError, OSError) as exc:
            self._follower.lost(exc)
            return None

    def close(self) -> None:
        self._follower.close()

    def _ids(self, infos: Sequence[SoundInfo]) -> set[str]:
        found = (choose(name, infos, "microphone") for name in self._spared if name)
        return {one.info.id for one in found if one is not None}


def microphone_kind(epoch: float | None) -> Kind[SoundInfo, Microphone]:
    return Kind(
        noun="microphone",
        shown="heard",
        listing=microphones,
        find=lambda wanted, infos: choose(wanted, infos, "microphone"),
        open=open_device,
        is_source=is_source,
        open_source=lambda wanted: open_microphone(wanted, epoch=epoch),
        remark=lambda microphone: str(getattr(microphone, "remark", "")),
        default=system_default,
    )


def system_default(infos: Sequence[SoundInfo]) -> SoundInfo | None:
    """None where the system has none, or took ours."""
    return next((info for info in infos if info.default and not info.ours), None)


class _Only:
    """The one microphone that `wanted` names. When it is gone, the name may fit another one: the
    rest of a longer name, or its twin, which is told apart no longer."""

    def __init__(self, wanted: str, opened: str) -> None:
        self._wanted = wanted
        self._found: Found[SoundInfo] | None = None
        self.opened = opened

    def kind(self, kind: Kind[SoundInfo, Microphone], noun: str) -> Kind[SoundInfo, Microphone]:
        return replace(
            kind,
            noun=noun,
            listing=self._listing,
            find=lambda wanted, infos: self._found if infos else None,
            open=self._open,
            alone=True,
        )

    def _listing(self) -> list[SoundInfo]:
        infos = microphones()
        found = choose(self._wanted, infos, "microphone") if self._wanted else None
        if self.opened and (found is None or found.info.id != self.opened):
            found = next((Found(one) for one in infos if one.id == self.opened), None)
        self._found = found
        return [found.info] if found else []

    def _open(self, info: SoundInfo) -> Microphone:
        microphone = open_device(info)
        self.opened = info.id
        return microphone
