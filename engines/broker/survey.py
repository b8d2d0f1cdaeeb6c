"""What lies at a broker: how much waits, and what workers have given up, with the reason."""

from dataclasses import dataclass

from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import ChannelNotFoundEntity

from engines.broker.address import explained
from engines.broker.envelope import reason
from engines.broker.link import LOST, Link
from engines.broker.topology import Box

_MOST_LETTERS = 20


@dataclass(frozen=True)
class Findings:
    """`waiting` counts suspects too; `reasons` are those of the oldest dead letters, twenty at
    most."""

    box: Box
    waiting: int
    dead: int
    reasons: tuple[str, ...] = ()


def survey(link: Link, box: Box, *, discard: bool = False) -> Findings | None:
    """None when there is no such box. `discard` throws its dead letters away; otherwise all stays
    as it is. EngineUnavailable when the broker is lost over it."""
    try:
        return link.do(_survey(link, box, discard), timeout=10.0)
    except ChannelNotFoundEntity:
        return None
    except LOST as error:
        raise explained(error, link.address) from error


async def _survey(link: Link, box: Box, discard: bool) -> Findings:
    # A channel of its own: the broker closes it when a queue is missing, and when it is closed
    # what was looked at goes back to where it was.
    channel = await _channel(link)
    try:
        waiting = sum([(await _look(channel, name))[0] for name in (box.name, box.suspects)])
        dead, reasons = await _look(channel, box.dead, read=True)
    finally:
        if not channel.is_closed:
            await channel.close()
    if discard:
        await _purge(link, box.dead)
    return Findings(box, waiting, dead, reasons)


async def _look(
    channel: AbstractChannel, name: str, read: bool = False
) -> tuple[int, tuple[str, ...]]:
    queue = await channel.declare_queue(name, passive=True)
    count = queue.declaration_result.message_count or 0
    reasons: list[str] = []
    while read and len(reasons) < _MOST_LETTERS:
        letter = await queue.get(fail=False)
        if letter is None:
            break
        reasons.append(reason(letter))
    return count, tuple(reasons)


async def _purge(link: Link, name: str) -> None:
    """What was read is back when the channel that read it is closed."""
    channel = await _channel(link)
    try:
        await (await channel.declare_queue(name, passive=True)).purge()
    finally:
        await channel.close()


async def _channel(link: Link) -> AbstractChannel:
    connection: AbstractConnection = await link.outward.connection()
    channel = connection.channel()
    await channel.initialize()
    return channel
