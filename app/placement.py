"""Where each engine works: in a thread here, in a process of its own, or with workers behind a
broker. The settings say so, kind by kind; the pipeline cannot tell."""

import logging
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.sharing import SharedEngines
from core.config import PLACES, Placement, declared
from core.errors import EngineUnavailable, UsageError
from core.patience import Patience
from core.placed import (
    Elsewhere,
    MouthedVoice,
    PlacedRecogniser,
    PlacedTranslator,
    PlacedVoice,
)
from core.placed_lips import PlacedLips
from core.ports import Ear
from core.process import RemoteStage
from core.setting import Setting
from core.work import NEEDS, RESTS
from engines.broker.far import Office
from engines.candidates import Candidate, exactly, with_model
from engines.hosted import patience
from engines.ladder import on_rungs
from engines.measured import Measured, lips_judge
from engines.registry import Choice, auto
from engines.rungs import Telling

log = logging.getLogger(__name__)

THREAD, PROCESS, BROKER = "thread", "process", "broker"
VARIABLE = "TRANSLATED_CAMERA_BROKER"
"""Of the environment: the broker's address, where a command line would show its password."""

_RECORDED_S = 2.0
"""A recorded picture waits so long for its mouth."""
_SHARED = ("stt", "mt", "tts")
_TRIES = 3
"""Processes that an item may cost before it is given up."""
_HOSTED = "engines.hosted:hosted"

Options = Mapping[str, Any]
Special = Mapping[str, Mapping[str, Any]]


class Places:
    """Of one session. `telling` hears, on any thread, what a user is to know of what goes wrong
    elsewhere, and which engine takes over from another. What `choose` returns is closed by its
    owner; `give_up` frees whoever waits.

    With `shared`, engines on this machine are used together with other sessions; workers behind a
    broker are shared by all as it is.
    """

    def __init__(
        self,
        placement: Placement,
        languages: tuple[str, str],
        telling: Telling | None = None,
        shared: SharedEngines | None = None,
    ) -> None:
        self._placement = placement
        self._shared = shared
        self._languages = languages
        self._telling = telling or Telling()
        self._opened: Office | None = None
        self._waited_for: list[Callable[[], None]] = []

    def choose(
        self, kind: str, wanted: str, options: Options, special: Special | None = None
    ) -> Choice:
        """As `engines.registry.auto`, in the place that the settings name for this kind, of what
        holds the lag budget. It steps down when it fails or is too slow, but for a worker behind a
        broker: that one was chosen by its engine, and is somebody else's."""
        place = getattr(self._placement, kind, THREAD)
        if place == BROKER:
            choice = self._behind_broker(kind, wanted)
        elif self._shared is not None and kind in _SHARED:
            wish = kind, place, wanted, repr(options), repr(special)

            def built(telling: Telling) -> Choice:
                return self._here(kind, wanted, options, special, telling)

            choice = self._shared.choose(wish, built, self._telling)
            self._waited_for.append(choice.engine.give_up)
        else:
            choice = self._here(kind, wanted, options, special, self._telling)
        if kind == "tts" and self._placement.lips == BROKER:
            return replace(choice, engine=self._mouthed(choice.engine))
        return choice

    def _here(
        self,
        kind: str,
        wanted: str,
        options: Options,
        special: Special | None,
        telling: Telling,
    ) -> Choice:
        special = special or {}
        if getattr(self._placement, kind, THREAD) != PROCESS:
            judge = Measured(kind, options, special, self._budget) if self._budget else None
            choice = auto(kind, wanted, options, special, judge=judge)
            return on_rungs(choice, wanted, options, special, telling)

        def there(
            wanted: str, special: Special = special, below: Candidate | None = None
        ) -> Choice:
            return self._in_process(kind, wanted, options, special, telling, below)

        make = _There(there, wanted, special)
        return on_rungs(there(wanted), wanted, options, special, telling, make=make)

    def give_up(self) -> None:
        """Nothing more is waited for. Any thread."""
        for give_up in self._waited_for:
            give_up()

    @property
    def _budget(self) -> float:
        """Of what is chosen at the start; 0 where nobody waits."""
        return self._telling.budget() if self._telling.hurry else 0.0

    def _in_process(
        self,
        kind: str,
        wanted: str,
        options: Options,
        special: Special,
        telling: Telling,
        below: Candidate | None = None,
    ) -> Choice:
        given = {"kind": kind, "wanted": wanted, "options": options, "special": special}
        told = telling.told
        stage = RemoteStage[Any, Any](
            _HOSTED,
            {**given, "below": below, "budget": 0.0 if below else self._budget},
            timeout=patience,
            tries=_TRIES,
            on_restart=lambda: told(f"The process of {kind} had to be started again."),
            rest=RESTS[kind],
            needs=NEEDS[kind],
        )
        about = stage.remote.call("about")
        name, model = about["name"], about["model"]
        own = with_model(special.get(name, {}), Candidate(name, model))
        # What was refused once is not tried again.
        stage.remote.hereafter(wanted=name, special={**special, name: own}, below=None)
        note = ", ".join(filter(None, (about["note"], "in a process of its own")))
        engine = self._engine(kind, stage, about["rate"], note)
        refusals, doubtful = tuple(about["refusals"]), tuple(about["doubtful"])
        return Choice(kind, name, engine, refusals, model, about["remark"], doubtful)

    def _behind_broker(self, kind: str, wanted: str) -> Choice:
        stage = self._office().stage(
            kind, _languages(kind, self._languages), "" if wanted == "auto" else wanted
        )
        self._waited_for.append(stage.give_up)
        worker = stage.worker
        note = ", ".join(filter(None, (worker.note, f"by workers such as that on {worker.host}")))
        return Choice(kind, worker.engine, self._engine(kind, stage, worker.rate, note))

    def _engine(self, kind: str, stage: Elsewhere, rate: int, note: str) -> Any:
        source, target = self._languages
        if kind == "stt":
            return PlacedRecogniser(stage, (source,), note, lambda: _ear(source))
        if kind == "mt":
            return PlacedTranslator(stage, source, target, note)
        return PlacedVoice(stage, target, rate, note)

    def _mouthed(self, voice: Any) -> MouthedVoice:
        try:
            mouths = self._office().stage("lips", ())
        except EngineUnavailable:
            voice.close()
            raise
        self._waited_for.append(mouths.give_up)
        return MouthedVoice(voice, mouths)

    def _office(self) -> Office:
        if self._opened is None or not self._opened.open:
            self._opened = Office(broker_address(self._placement.broker), self._telling.told)
        return self._opened


@dataclass(frozen=True)
class _There:
    """Engines in processes of their own."""

    build: Callable[..., Choice]
    wanted: str
    special: Special

    def below(self, at: Candidate) -> Choice:
        return self.build(self.wanted, below=at)

    def exactly(self, wanted: Candidate) -> Choice:
        return self.build(wanted.name, exactly(self.special, wanted))


def lips_choice(
    wanted: str, placement: Placement, special: Special | None = None, *, live: bool
) -> Choice:
    """What draws lips: here, or in a process of its own. In a recording nobody minds waiting.
    `special` holds what one engine alone understands."""
    if placement.lips != PROCESS:
        return auto("lips", wanted, {}, special, judge=lips_judge(special) if live else None)
    patience = None if live else Patience(_RECORDED_S, _RECORDED_S)
    given = {"wanted": wanted, "live": live, "special": special}
    lips = PlacedLips("engines.hosted:hosted_lips", given, patience=patience)
    lips.remote.hereafter(wanted=lips.name)  # what was refused once is not tried again
    return Choice("lips", lips.name, lips, lips.refusals)


def placed(settings: Placement, given: Collection[str], broker: str = "") -> Placement:
    """The settings with what a command line says: PLACE for every kind that can be there, or
    KIND=PLACE. UsageError for what there is not."""
    kinds = {setting.key: setting for setting in declared() if setting.section == "placement"}
    wanted = [setting for key, setting in kinds.items() if key != "broker"]
    for word in given:
        kind, equals, place = word.rpartition("=")
        chosen = [kinds[kind]] if kind in kinds and kind != "broker" else []
        if not equals:
            chosen = [setting for setting in wanted if place in setting.choices and _basic(setting)]
        if not chosen or place not in chosen[0].choices:
            raise UsageError(
                f"There is no placement {word!r}; it is written PLACE or KIND=PLACE, with "
                f"{', '.join(PLACES)} and {', '.join(setting.key for setting in wanted)}."
            )
        settings = replace(settings, **{setting.key: place for setting in chosen})
    return replace(settings, broker=broker or settings.broker)


def _basic(setting: Setting) -> bool:
    """What a place for all does not mean: mouths, which the voices tell themselves."""
    return setting.key != "lips"


def broker_address(given: str) -> str:
    """As given, or of the environment. UsageError when there is none."""
    found = given or os.environ.get(VARIABLE, "")
    if not found:
        raise UsageError(
            "Which broker? Name it: --broker amqp://user:password@host/, the setting "
            f"placement.broker, or the variable {VARIABLE}."
        )
    return found


def _languages(kind: str, pair: tuple[str, str]) -> tuple[str, ...]:
    source, target = pair
    return {"stt": (source,), "mt": pair, "tts": (target,)}[kind]


def _ear(language: str) -> Ear | None:
    """What listens to the growing segment stays here: it is asked ten times a second. The built-in
    one, where it knows the language."""
    try:
        from engines.stt.sphinx import SphinxRecogniser
        from engines.stt.sphinx_ear import SphinxEar
    except ImportError as exc:
        log.info("Nothing here listens to a growing segment without %s.", exc.name or exc)
        return None
    return SphinxEar() if language in SphinxRecogniser.languages else None
