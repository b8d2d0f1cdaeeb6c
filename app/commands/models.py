"""`models`: what there is, what is here, and how it gets here."""

import json
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from app.bench.report import machine
from app.commands.measure import kept as measured
from core.errors import EngineUnavailable, UsageError
from engines.device import cards
from engines.models.bring import bring
from engines.models.catalogue import Entry, entries, entry
from engines.models.check import check, damage
from engines.models.pull import pull
from engines.models.removal import remove
from engines.models.store import Installed, installed, root

KINDS = ("stt", "mt", "tts", "turn")


def show(kind: str, *, as_json: bool) -> None:
    """What can be had, what is here, and what fits this machine."""
    if kind and kind not in KINDS:
        raise UsageError(f"There is no kind {kind!r} of models; there are: {', '.join(KINDS)}.")
    here = {one.name: one for one in installed(kind)}
    known = [one for one in entries() if kind in ("", one.kind)]
    own = [one for name, one in here.items() if name not in {entry.name for entry in known}]
    if as_json:
        print(json.dumps([_told(one, one.name in here) for one in known], indent=1))
        return
    name = Column("model", no_wrap=True)
    table = Table(
        name, "", "languages", Column("MB", justify="right"), "licence", "here", "this machine"
    )
    for one in known:
        mark = "yes" if one.name in here else ""
        size = f"{one.size / 1e6:,.0f}" if one.size > 1e6 else "?"
        use = "" if one.commercial else ", no commercial use"
        spoken = ", ".join(one.languages) if len(one.languages) < 5 else f"{len(one.languages)}"
        spoken = "nearly all" if spoken == "*" else spoken
        row = (one.name, one.title, spoken, size, one.licence + use, mark, fit(one))
        table.add_row(*row)
    for model in own:
        table.add_row(model.name, "", ", ".join(model.languages), "", model.licence, "yes", "")
    Console().print(table, f"They lie in {root()}.", *measured(), sep="\n", markup=False)


def get(name: str, *, accept: bool) -> None:
    """Fetch one of the catalogue."""
    wanted = entry(name)
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    say = console.print
    say(f"{wanted.title}: {wanted.licence} ({wanted.licence_url})", markup=False)
    if not wanted.commercial:
        say("Its licence does not allow commercial use.", markup=False)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    shown = Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
    with shown as bar:
        task = bar.add_task(name, total=None)

        def moved(done: int, whole: int) -> bool:
            bar.update(task, completed=done, total=whole or None)
            return True

        model = pull(wanted, moved, accept=accept)
    say(f"{name} is in {model.folder}.", markup=False)


def take(path: Path, name: str, *, accept: bool) -> None:
    """Take a model over from the disk."""
    model = bring(path, name=name, accept=accept)
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(
        f"{model.name} ({', '.join(model.languages)}) is in {model.folder}.", markup=False
    )


def verify(name: str) -> None:
    """Files against their hashes, and an engine built on them. EngineUnavailable names what is
    damaged."""
    wanted = [one for one in installed() if name in ("", one.name)]
    if name and not wanted:
        raise UsageError(f"No model {name!r} is here.")
    console = Console(soft_wrap=True, highlight=False)
    broken = [one.name for one in wanted if not _whole(one, console)]
    if broken:
        raise EngineUnavailable(
            f"Damaged: {', '.join(broken)}. Remove and get them again: `translated-camera models "
            "remove`, then `pull`."
        )


def drop(name: str) -> None:
    freed = remove(name)
    Console(stderr=True).print(f"{name} is gone; {freed / 1e6:,.0f} MB are free.", highlight=False)


def fit(one: Entry) -> str:
    """Whether this machine can work with a model, in a few words."""
    if one.card and not cards():
        return "too slow without a graphics card"
    memory = float(machine()["memory_gb"]) * 1000
    if memory and one.needs_mb > memory / 2:
        return f"needs {one.needs_mb / 1000:g} GB of memory"
    return "fits"


def _whole(model: Installed, console: Console) -> bool:
    found = list(damage(model))
    if not found:
        try:
            check(model)
        except EngineUnavailable as exc:
            found = [str(exc)]
    console.print(f"{model.name}: {' '.join(found) or 'whole'}", markup=False)
    return not found


def _told(one: Entry, here: bool) -> dict[str, object]:
    return {
        "name": one.name,
        "title": one.title,
        "kind": one.kind,
        "languages": list(one.languages),
        "size": one.size,
        "licence": one.licence,
        "licence_url": one.licence_url,
        "commercial": one.commercial,
        "here": here,
        "fits": fit(one) == "fits",
    }
