"""The engines that a session's settings ask for, and the pipeline made of them."""

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from app.engine_options import engine_options
from app.placement import Places
from app.sharing import SharedEngines
from core.clock import Clock, RealClock
from core.config import Config, Segmentation
from core.enhancing import EnhancedHearing, Enhancing, Levels, Look, blind
from core.events import EngineChosen, Event, Hearing, Notice, State, StateChanged
from core.lag import LagStep
from core.pipeline import Pipeline, Spawn, thread_host
from core.ports import Enhancer
from core.segmentation.segmenter import Listening, Segmenter
from core.session import Session
from core.text.care import TextCare
from core.text.languages import language_code
from core.translation import Recognise, Speak, Stages, Translate, asynchronous, sequential
from core.types import AudioChunk
from engines.registry import Choice, auto
from engines.rungs import Telling

UNHURRIED = 6.0
"""Seconds of unbroken speech after which a recorded clip may be cut at a clause's end: there nobody
waits, and a longer sentence is translated better."""
BASELINE = Segmentation(silence=0.5, shortest=0.2, longest=30.0, complete=1.0, clauses=False)
"""The paper's baseline cuts at half a second of silence and at nothing else."""


class Assembly:
    """Made for one session. `patience` and `live` as in `Listening`, `look` as in `Enhancing`;
    engines in `shared` are used together with other sessions.

    `lag_step` is asked before each translation how short it must be.
    """

    def __init__(
        self,
        config: Config,
        *,
        patience: float = 0.0,
        live: bool = True,
        clock: Clock | None = None,
        spawn: Spawn = thread_host,
        look: Look = blind,
        shared: SharedEngines | None = None,
    ) -> None:
        self.choices: list[Choice] = []
        self.lag_step = LagStep.NORMAL
        self._config = config
        self._source = language_code(config.languages.source)
        self._target = language_code(config.languages.target)
        self._patience, self._live = patience, live
        self._clock = clock or RealClock()
        self._spawn = spawn
        self._look = look
        self._segmenter: Segmenter | None = None
        self._enhancing: Enhancing | None = None
        self._session: Session | None = None
        self._lag = config.lag
        self._places = Places(config.placement, self.languages, self._telling(), shared)

    @property
    def languages(self) -> tuple[str, str]:
        """The codes of the language that is spoken and of the one that is heard."""
        return self._source, self._target

    @property
    def reasons(self) -> tuple[str, ...]:
        """Which engine of each kind is at work, and why."""
        return tuple(choice.reason for choice in self.choices)

    @property
    def horizon(self) -> float:
        """No segment that has not come out yet begins before this time."""
        return self._segmenter.horizon if self._segmenter else 0.0

    @property
    def heard(self) -> tuple[float, float]:
        """How surely there is speech at this moment, and the seconds of silence after it."""
        return (self._segmenter.speech, self._segmenter.silence) if self._segmenter else (0.0, 0.0)

    @property
    def levels(self) -> Levels:
        """Of the sound at this moment, before and after it is enhanced."""
        return self._enhancing.levels if self._enhancing else Levels()

    @property
    def lately(self) -> tuple[AudioChunk, AudioChunk] | None:
        """The last seconds as they were heard and as they were enhanced, to be listened to."""
        return self._enhancing.lately if self._enhancing else None

    @property
    def watches(self) -> bool:
        """Whether the speaker's lips are of use for hearing."""
        return self._enhancing is not None and self._enhancing.sees

    def change(self, config: Config) -> None:
        """What can be changed while the pipeline runs: how it hears and cuts. Any thread."""
        self._lag = config.lag
        if self._enhancing is not None:
            self._enhancing.settings = config.enhance
        if self._segmenter is not None:
            self._segmenter.settings = config.segmentation

    def lag_changed(self, step: LagStep, lag: float) -> None:
        """For the governor: how far behind the voice is, and so how short to be."""
        self.lag_step = step

    def pipeline(self, session: Session, *, baseline: bool = False) -> Pipeline:
        """Builds the engines; what was built is closed again when one of them cannot be."""
        self._session = session
        session.listen(self._ending)
        with ExitStack() as undo:
            stages = self._stages(session, undo, baseline)
            undo.pop_all()
        for choice in self.choices:
            session.tell(EngineChosen(choice.kind, choice.name, choice.reason))
        return (sequential if baseline else asynchronous)(stages, session.watch, self._spawn)

    def _stages(self, session: Session, undo: ExitStack, baseline: bool) -> Stages:
        config = self._config
        # The translator first: a pair that does not exist is the likeliest refusal, and cheap.
        translator = self._choose(
            undo,
            "mt",
            {"source": self._source, "target": self._target},
            engine_options("mt", config),
        )
        voice = self._choose(undo, "tts", {"language": self._target}, engine_options("tts", config))
        recogniser = self._choose(
            undo, "stt", {"language": self._source}, engine_options("stt", config)
        )
        care = TextCare(
            self._source,
            self._target,
            glossary=config.text.glossary,
            keep=config.text.keep,
            drop_fillers=config.text.drop_fillers,
        )
        names = (*config.text.keep, *config.text.glossary)
        self._segmenter = self._segment(session, undo, recogniser, baseline)
        return Stages(
            self._segmenter if baseline else self._enhanced(self._segmenter),
            Recognise(recogniser, self._source, names, self._step),
            Translate(translator, care, self._step),
            Speak(voice),
        )

    def _step(self) -> LagStep:
        return self.lag_step

    def _telling(self) -> Telling:
        return Telling(
            self._notice,
            self._tell_choice,
            behind=lambda: self.lag_step > LagStep.NORMAL,
            budget=lambda: self._lag.budget,
            hurry=self._live,
        )

    def _notice(self, text: str) -> None:
        if self._session is not None:
            self._session.tell(Notice(text))

    def _ending(self, event: Event) -> None:
        """Nobody waits for workers elsewhere when the session stops."""
        if isinstance(event, StateChanged) and event.state is State.STOPPING:
            self._places.give_up()

    def _segment(
        self, session: Session, undo: ExitStack, recogniser: Any, baseline: bool
    ) -> Segmenter:
        settings = BASELINE if baseline else self._config.segmentation
        if not self._live:
            settings = replace(settings, clause_after=max(UNHURRIED, settings.clause_after))
        energy = {"energy": {"drop_db": settings.drop_db}}
        vad = self._choose(undo, "vad", {}, energy, "energy" if baseline else "")
        return Segmenter(
            settings,
            vad,
            Listening() if baseline else self._listening(undo, recogniser),
            heard=lambda number, text: session.tell(Hearing(number, text)),
            turn_number=lambda: session.turn,
            now=self._clock.now,
        )

    def _enhanced(self, segmenter: Segmenter) -> EnhancedHearing:
        self._enhancing = Enhancing(
            self._config.enhance, self._enhancer, look=self._look, tell=self._notice
        )
        return EnhancedHearing(self._enhancing, segmenter)

    def _enhancer(self, wanted: str) -> Enhancer:
        """Chosen while the pipeline runs."""
        choice = auto("enhance", wanted)
        self._tell_choice(choice)
        engine: Enhancer = choice.engine
        return engine

    def _tell_choice(self, choice: Choice) -> None:
        """Of an engine that takes the place of the one before, while the pipeline runs. Any
        thread."""
        self.choices = [*(one for one in self.choices if one.kind != choice.kind), choice]
        if self._session is not None:
            self._session.tell(EngineChosen(choice.kind, choice.name, choice.reason))

    def _listening(self, undo: ExitStack, recogniser: Any) -> Listening:
        return Listening(
            ear=recogniser.ear(),
            turn=self._choose(undo, "turn", {}),
            language=self._source,
            patience=self._patience,
            live=self._live,
        )

    def _choose(
        self,
        undo: ExitStack,
        kind: str,
        options: dict[str, Any],
        special: dict[str, dict[str, Any]] | None = None,
        name: str = "",
    ) -> Any:
        wanted = name or getattr(self._config.engines, kind)
        choice = self._places.choose(kind, wanted, options, special)
        undo.callback(choice.engine.close)
        self.choices.append(choice)
        return choice.engine
