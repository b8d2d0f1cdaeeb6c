"""The engines that a session's settings ask for, and the pipeline made of them."""

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from app.card import absence
from app.engine_options import engine_options
from app.placement import BROKER, Places
from app.sharing import SharedEngines
from core.clock import Clock, RealClock
from core.config import Config, Segmentation
from core.detected import TranslateDetected
from core.enhancing import EnhancedHearing, Enhancing, Levels, Look, blind
from core.errors import EngineUnavailable
from core.events import EngineChosen, Event, Guessing, Hearing, Notice, State, StateChanged
from core.lag import LagStep
from core.pipeline import Pipeline, Spawn, thread_host
from core.ports import Enhancer, Translator
from core.segmentation.segmenter import Listening, Segmenter
from core.session import Session
from core.text.care import TextCare
from core.text.languages import DETECT, language_code, language_name, spoken_code
from core.translation import Recognise, Speak, Stages, Translate, asynchronous, sequential
from core.types import AudioChunk, MouthTrack
from engines.registry import DETECTING, Choice, auto
from engines.rungs import Telling

UNHURRIED = 6.0
"""Seconds of unbroken speech after which a recorded clip may be cut at a clause's end: there nobody
waits, and a longer sentence is translated better."""
BASELINE = Segmentation(silence=0.5, shortest=0.2, longest=30.0, complete=1.0, clauses=False)
"""The paper's baseline cuts at half a second of silence and at nothing else."""
NO_DETECTION = "No recogniser here finds out which language is spoken. Choose your language."
NOT_PASSED = (
    "Your own voice is not passed on by itself: the recogniser at work does not find out which "
    "language is spoken."
)


class Assembly:
    """Made for one session. `patience` and `live` as in `Listening`, `look` as in `Enhancing`;
    engines in `shared` are used together with other sessions.

    `lag_step` is asked before each translation how short it must be, `aloud` whether it is spoken.
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
        self.aloud = True
        self._config = config
        self._source = spoken_code(config.languages.source)
        self._target = language_code(config.languages.target)
        self._patience, self._live = patience, live
        self._clock = clock or RealClock()
        self._spawn = spawn
        self._look = look
        self._segmenter: Segmenter | None = None
        self._enhancing: Enhancing | None = None
        self._session: Session | None = None
        self._shared = shared
        self._lag = config.lag
        self._places = [self._places_of(self._source)]

    @property
    def languages(self) -> tuple[str, str]:
        """The codes of the language that is spoken (or DETECT) and of the one that is heard."""
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
        if missing := absence(self._config):
            self._notice(missing)
        return (sequential if baseline else asynchronous)(stages, session.watch, self._spawn)

    def _stages(self, session: Session, undo: ExitStack, baseline: bool) -> Stages:
        # The translator first: a pair that does not exist is the likeliest refusal, and cheap.
        translate = self._translate(undo)
        voice = self._choose(
            undo, "tts", {"language": self._target}, engine_options("tts", self._config)
        )
        recogniser = self._recogniser(undo)
        text = self._config.text
        self._segmenter = self._segment(session, undo, recogniser, baseline)
        return Stages(
            self._segmenter if baseline else self._enhanced(self._segmenter),
            Recognise(recogniser, self._sure, (*text.keep, *text.glossary), self._step),
            translate,
            Speak(voice, own_mouth, lambda: self.aloud),
        )

    def _translate(self, undo: ExitStack) -> Translate:
        if self._source == DETECT:
            stage = TranslateDetected(self._pair, self._target, self._step)
            undo.callback(stage.close)
            return stage
        options = {"source": self._source, "target": self._target}
        translator = self._choose(undo, "mt", options, engine_options("mt", self._config))
        return Translate(translator, self._care(self._source), self._step)

    def _pair(self, source: str) -> tuple[Translator, TextCare]:
        """What translates from a language that is heard for the first time. EngineUnavailable."""
        options = {"source": source, "target": self._target}
        special = engine_options("mt", self._config)
        places = self._places_of(source)
        try:
            choice = places.choose("mt", self._config.engines.mt, options, special)
        except EngineUnavailable as error:
            pair = f"{language_name(source)} into {language_name(self._target)}"
            raise EngineUnavailable(f"Nothing here translates {pair}. {error}") from error
        self._places.append(places)
        self._tell_choice(choice)
        return choice.engine, self._care(source)

    def _places_of(self, source: str) -> Places:
        return Places(self._config.placement, (source, self._target), self._telling(), self._shared)

    def _care(self, source: str) -> TextCare:
        text = self._config.text
        return TextCare(
            source,
            self._target,
            glossary=text.glossary,
            keep=text.keep,
            drop_fillers=text.drop_fillers,
        )

    def _recogniser(self, undo: ExitStack) -> Any:
        """One that finds out the language where that is wanted."""
        special = engine_options("stt", self._config)
        far = self._config.placement.stt == BROKER
        if self._source == DETECT:
            try:
                if far:
                    raise EngineUnavailable("Workers behind a broker recognise one language each.")
                return self._choose(undo, "stt", {"language": ""}, special)
            except EngineUnavailable as error:
                raise EngineUnavailable(f"{NO_DETECTION} {error}") from error
        if self._config.languages.pass_theirs:
            for name in DETECTING:
                special[name] = {**special.get(name, {}), "theirs": self._target}
        recogniser = self._choose(undo, "stt", {"language": self._source}, special)
        if self._config.languages.pass_theirs and (far or not self.choices[-1].detects):
            self._notice(f"{NOT_PASSED} {self.choices[-1].reason}")
        return recogniser

    @property
    def _sure(self) -> str:
        """The language that is spoken; empty when it may be another."""
        languages = self._config.languages
        return "" if self._source == DETECT or languages.pass_theirs else self._source

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
            for places in self._places:
                places.give_up()

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
            guessed=lambda number, text: session.tell(Guessing(number, text)),
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
            language="" if self._source == DETECT else self._source,
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
        choice = self._places[0].choose(kind, wanted, options, special)
        undo.callback(choice.engine.close)
        self.choices.append(choice)
        return choice.engine


def own_mouth(audio: AudioChunk) -> MouthTrack:
    """Of the speaker's own voice, when that is passed on later than it was said."""
    from engines.mouth.network import mouth_network

    return mouth_network().track(audio)
