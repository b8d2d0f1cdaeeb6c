"""`models`: what there is, what is here, and how it gets here."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

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

KINDS = {
    "stt": "Recognition (stt)",
    "mt": "Translation (mt)",
    "tts": "Voices (tts)",
    "turn": "Ends of sentences (turn)",
}


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
    console = Console(highlight=False, soft_wrap=True)
    for title, lines in _sections(known, own, set(here)):
        console.print(f"\n{title}", style="bold", markup=False)
        for line in lines:
            console.print(line, markup=False)
    console.print(f"\n* is here, in {root()}.", markup=False)
    console.print("Get one: translated-camera models pull NAME", markup=False)
    for choice in measured():
        console.print(f"Taken, as measured: {choice}", markup=False)


def _sections(
    known: list[Entry], own: list[Installed], here: set[str]
) -> Iterator[tuple[str, list[str]]]:
    """Lines of at most 80 columns by what they are for. What there is to say against a model
    stands under it."""
    for kind, title in KINDS.items():
        lines = []
        for one in (one for one in known if one.kind == kind):
            size = f"{one.size / 1e6:,.0f} MB" if one.size > 1e6 else ""
            lines.append(
                _line(one.name in here, one.name, _known(one.languages), size, one.licence)
            )
            against = ["" if one.commercial else "no commercial use", fit(one)]
            if remarks := [remark for remark in against if remark not in ("", "fits")]:
                lines.append(f"    {', '.join(remarks)}")
        lines += [
            _line(True, one.name, _known(one.languages), "", one.licence)
            for one in own
            if one.kind == kind
        ]
        if lines:
            yield title, lines


def _line(here: bool, name: str, languages: str, size: str, licence: str) -> str:
    mark = "*" if here else " "
    return f"{mark} {name:<29}{languages:<14}{size:>9}  {licence}".rstrip()


def _known(languages: Sequence[str]) -> str:
    if "*" in languages:
        return "nearly all"
    what = "pairs" if "-" in languages[0] else "languages"
    return ", ".join(languages) if len(languages) < 4 else f"{len(languages)} {what}"


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
    if not wanted:
        console.print(
            "No model is here yet; `translated-camera models list` names some.", markup=False
        )
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
