"""`models measure`: how quick the engines here are, and which one a session takes for that."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from app.engine_options import engine_options
from app.settings import load_asked
from core.config import Config
from core.errors import EngineFailed, EngineUnavailable
from core.text.languages import DETECT, language_code
from engines.book import Book
from engines.candidates import Candidate, candidates, with_model
from engines.measured import Measured, lips_judge, machine
from engines.registry import BASIC, auto, build, names

KINDS = ("stt", "mt", "tts", "lips")


def run(config_path: Path | None = None, *, as_json: bool = False) -> None:
    """Everything is measured again, whatever was kept; the choice of the next session with it."""
    config = load_asked(config_path).config
    Book().forget()
    found = [_of(kind, config) for kind in KINDS]
    if as_json:
        print(json.dumps({"machine": machine(), "kinds": found}, indent=1))
        return
    table = Table("", "engine", "", Column("here", justify="center"))
    for one in found:
        for row in one["engines"]:
            here = {True: "holds", False: "too slow", None: ""}[row["holds"]]
            table.add_row(one["kind"], row["engine"], row["says"], here)
    console = Console(soft_wrap=True, highlight=False)
    budget = config.lag.budget
    console.print(machine(), f"For a lag of {budget:g} s:", table, sep="\n", markup=False)
    for one in found:
        console.print(one["chosen"], markup=False)


def _of(kind: str, config: Config) -> dict[str, Any]:
    wanted = str(getattr(config.engines, kind))
    options, special = _options(kind, config), engine_options(kind, config)
    if wanted == "off":
        return {"kind": kind, "engines": [], "chosen": f"{kind}: switched off"}
    tried = names(kind) if wanted == "auto" else (wanted,)
    rungs = candidates(kind, tried, options, special)
    rows = [_row(kind, one, config, options, special) for one in rungs]
    try:
        choice = auto(kind, wanted, options, special, judge=_judge(kind, config, options, special))
    except EngineUnavailable as exc:
        return {"kind": kind, "engines": rows, "chosen": f"{kind}: nothing. {exc}"}
    choice.engine.close()
    return {"kind": kind, "engines": rows, "chosen": choice.reason}


def _row(
    kind: str,
    candidate: Candidate,
    config: Config,
    options: dict[str, Any],
    special: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    row: dict[str, Any] = {"engine": str(candidate), "says": "", "holds": None}
    judge = _judge(kind, config, options, special)
    try:
        given = with_model(special.get(candidate.name, {}), candidate)
        engine = build(kind, candidate.name, **options, **given)
    except EngineUnavailable as exc:
        return row | {"says": str(exc)}
    try:
        slow = judge.judged(candidate, engine)
        basic = candidate.name in BASIC.get(kind, ())  # taken however long it takes
        return row | {"says": judge.remark, "holds": None if basic else not slow}
    except (EngineFailed, MemoryError) as exc:
        return row | {"says": str(exc) or "There is not enough memory for it."}
    finally:
        engine.close()


def _judge(
    kind: str, config: Config, options: dict[str, Any], special: dict[str, dict[str, Any]]
) -> Measured:
    return lips_judge() if kind == "lips" else Measured(kind, options, special, config.lag.budget)


def _options(kind: str, config: Config) -> dict[str, Any]:
    languages = config.languages
    target = language_code(languages.target)
    source = "" if languages.source == DETECT else language_code(languages.source)
    if kind == "mt":
        return {"source": source or "en", "target": target}
    return {"stt": {"language": source}, "tts": {"language": target}}.get(kind, {})


def kept() -> Iterator[str]:
    """What was chosen the last time; nothing where nothing had to be measured."""
    for one in Book().chosen():
        yield f"{one['kind']} {one['what']}: {one['engine']} ({one['when'][:10]})"
