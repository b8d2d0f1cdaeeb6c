"""One live stream, in a process of its own: the live pipeline between what a client sends and what
it gets back."""

from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack

from app.assembly import Assembly
from app.picture import PicturePath
from app.service.answers import Answers, Message
from app.service.card_turns import use
from app.service.stream_clock import StreamClock
from app.service.stream_sound import AHEAD, Incoming, Outgoing
from core.captions.live import LiveCaptions
from core.config import Config
from core.events import Event, Hearing, LagChanged, Notice, Recognised, Settled, Translated
from core.lag import Governor, LagStep
from core.orchestrator import Orchestrator
from core.session import Session
from core.spoken import fate
from core.timeline import Placed, Timeline
from core.types import Frame, LipSight, Speech
from engines.audio.tempo import faster
from engines.link import picture
from engines.link.wire import Chunk, Kind, LinkError

LEAD = 0.1
"""Seconds between the placing of a voice and its beginning, for the way to the client."""


class StreamWork:
    """The object in the worker process; one thread calls. EngineUnavailable when there is no
    engine for the languages. `card` is the graphics card that it may use, if not all."""

    def __init__(
        self, config: Config, video: bool, jpeg: int = picture.QUALITY, card: str = ""
    ) -> None:
        use(card)
        self._clock = StreamClock()
        self._incoming, self._outgoing = Incoming(), Outgoing()
        self._messages: deque[Message] = deque()
        self._orchestrator = Orchestrator(config.picture)
        self._path: PicturePath | None = None
        self._jpeg = jpeg
        self._assembly = Assembly(config, live=True, clock=self._clock, look=self._look)
        self._session = Session(self._assembly.pipeline)
        self._session.listen(self._note)
        self._timeline = Timeline(Governor(config.lag, self._lag_changed), faster)
        self._seen = -1.0
        self._ending = self._over = False
        self._skipped = 0
        self._timed: dict[str, int] = {}
        with ExitStack() as undo:
            if video:
                talk = LiveCaptions(config.languages.source, config.languages.target)
                self._path = PicturePath(config, talk)
                undo.callback(self._path.close)
            self._session.start()
            undo.pop_all()

    def about(self) -> Message:
        """For the welcome: which engines are at work."""
        choices = (*self._assembly.choices, *(self._path.choices if self._path else ()))
        return {
            "languages": list(self._assembly.languages),
            "engines": {choice.kind: choice.name for choice in choices},
        }

    def exchange(self, chunks: list[Chunk], end: bool = False) -> Answers:
        """What came from the client since the last call, in order; what it gets for it. LinkError
        when it is not what a client may send."""
        answers = Answers()
        newest: Chunk | None = None
        for chunk in chunks:
            if chunk.kind is Kind.SOUND:
                self._hear(chunk)
            elif chunk.kind is Kind.PICTURE and self._path is not None:
                self._skipped += newest is not None
                newest = chunk
            else:
                raise LinkError(f"A client sends no {chunk.kind.name} here.")
        if end and not self._ending:
            self._ending = True
            self._session.finish()
        self._place()
        if newest is not None and self._path is not None:
            answers.chunks.append(self._drawn(self._path, newest))
        return self._answered(answers)

    def timings(self) -> dict[str, list[float]]:
        """How long each item took in each stage, since this was asked last."""
        return self._session.metrics.since(self._timed)

    def close(self) -> None:
        self._session.stop()
        if self._path is not None:
            self._path.close()

    def _look(self, until: float) -> Sequence[LipSight]:
        """The client's lips, where it sends pictures and they are looked at."""
        return self._path.lips_seen.take(until) if self._path is not None else ()

    def _answered(self, answers: Answers) -> Answers:
        until = float("inf") if self._ending else self._clock.now() + AHEAD
        answers.chunks += self._outgoing.take(until)
        while self._messages:
            answers.messages.append(self._messages.popleft())
        answers.over = self._over
        answers.missing, answers.skipped = self._incoming.missing, self._skipped
        return answers

    def _hear(self, chunk: Chunk) -> None:
        for audio in self._incoming.take(chunk):
            if len(audio.samples):
                self._session.feed(audio)
        self._clock.move(self._incoming.end)

    def _drawn(self, path: PicturePath, chunk: Chunk) -> Chunk:
        if chunk.pts <= self._seen:
            raise LinkError("A picture is older than the one before it.")
        self._seen = chunk.pts
        frame = Frame(picture.decode(chunk.content), chunk.pts, chunk.number)
        with self._session.metrics.timed("picture"):
            shown = path.show(frame, self._orchestrator.moment(chunk.pts))
        return Chunk(Kind.DRAWN, chunk.number, chunk.pts, picture.encode(shown.image, self._jpeg))

    def _place(self) -> None:
        """Whatever has been spoken by now."""
        while not self._over:
            try:
                speech = self._session.receive(timeout=0.0)
            except TimeoutError:
                return
            if speech is None:
                self._over = self._ending
                return
            self._give_place(speech)

    def _give_place(self, speech: Speech) -> None:
        segment = speech.segment
        due = self._orchestrator.due(segment)
        placed = self._timeline.place(speech, due, ready=self._clock.now() + LEAD)
        self._orchestrator.add(placed)
        self._outgoing.add(placed)
        if self._path is not None:
            self._path.talk.place(placed)
        self._messages.append(_voice(placed))
        if speech.last:
            self._session.ledger.settle(segment.number, *fate(placed))

    def _lag_changed(self, step: LagStep, lag: float) -> None:
        self._assembly.lag_changed(step, lag)
        self._session.tell(LagChanged(step.name.lower(), lag))

    def _note(self, event: Event) -> None:
        """On any thread."""
        if self._path is not None:
            self._path.talk.take(event, self._clock.now())
        if (message := _message(event)) is not None:
            self._messages.append(message)


def _voice(placed: Placed) -> Message:
    return {
        "type": "voice",
        "number": placed.speech.segment.number,
        "start": round(placed.start, 3),
        "end": round(placed.end, 3),
        "lag": round(placed.lag, 3),
    }


def _message(event: Event) -> Message | None:
    """What a client is told of an event."""
    match event:
        case Hearing():
            return {"type": "hearing", "number": event.number, "text": event.text}
        case Recognised():
            heard = event.transcript
            about = {"start": round(heard.segment.start, 3), "end": round(heard.segment.end, 3)}
            number = heard.segment.number
            return {"type": "heard", "number": number, "text": heard.text, **about}
        case Translated():
            number = event.translation.segment.number
            return {"type": "caption", "number": number, "text": event.translation.text}
        case Settled():
            told = {"number": event.number, "fate": event.fate.name.lower()}
            return {"type": "settled", **told, "reason": event.reason}
        case LagChanged():
            return {"type": "lag", "step": event.step, "lag": round(event.lag, 3)}
        case Notice():
            return {"type": "notice", "text": event.text}
    return None
