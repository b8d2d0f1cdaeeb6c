"""Parcels as messages that outlive the broker's own end, and what is written on them on their way:
how often they have failed, and why."""

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from engines.broker.parcel import Parcel
from engines.broker.wire import pack

_ATTEMPT, _REASON = "x-attempt", "x-reason"
_LONGEST_REASON = 500


def sealed(parcel: Parcel, *, sound: bool = True, attempt: int = 0) -> aio_pika.Message:
    """The parcel as a message, which has failed so often already. WireError when too large."""
    name = f"{parcel.session}/{parcel.number}"
    return aio_pika.Message(
        pack(parcel, sound=sound),
        headers={_ATTEMPT: attempt} if attempt else None,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        content_type="application/x-translated-camera",
        correlation_id=name,
        message_id=name,
        reply_to=parcel.reply or None,
    )


def copied(message: AbstractIncomingMessage, attempt: int, reason: str) -> aio_pika.Message:
    """The same once more, having failed so often."""
    return aio_pika.Message(
        message.body,
        headers={**message.headers, _ATTEMPT: attempt, _REASON: reason[:_LONGEST_REASON]},
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        content_type=message.content_type,
        correlation_id=message.correlation_id,
        message_id=message.message_id,
        reply_to=message.reply_to,
    )


def attempts(message: AbstractIncomingMessage) -> int:
    """How often it has failed."""
    value = message.headers.get(_ATTEMPT, 0)
    return value if isinstance(value, int) else 0


def reason(message: AbstractIncomingMessage) -> str:
    return str(message.headers.get(_REASON, "no reason given"))
