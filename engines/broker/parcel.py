"""What travels through the broker: an item of the pipeline, and the label by which it is known."""

from dataclasses import dataclass

from core.errors import UnreadableInput
from core.types import Segment, Speech, Transcript, Translation


class WireError(UnreadableInput):
    """A message that is none of ours, of another version, too large, or damaged."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What a worker answers when it has given a request up."""

    reason: str


Item = Segment | Transcript | Translation | Speech | Failure | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """`session` and `number` are the id of a request, and of every answer to it; a session counts
    its requests from 0. An answer comes in `pieces`, this being number `piece`; a request that
    became nothing is answered by one parcel of no pieces. `reply` names the queue that answers go
    to; they bear none.
    """

    item: Item
    session: str = ""
    number: int = 0
    piece: int = 0
    pieces: int = 1
    reply: str = ""

    @property
    def id(self) -> tuple[str, int]:
        return self.session, self.number
