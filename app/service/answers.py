"""What a live stream's process answers to what its client has sent."""

from dataclasses import dataclass, field
from typing import Any

from engines.link.wire import Chunk

Message = dict[str, Any]


@dataclass
class Answers:
    """What is to go to the client, and what the service counts."""

    chunks: list[Chunk] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    over: bool = False
    missing: int = 0
    skipped: int = 0
