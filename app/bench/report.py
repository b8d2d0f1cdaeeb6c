"""What a bench says: a table for people, one JSON object for programs."""

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from app.side_files import write_text


@dataclass(frozen=True)
class Figure:
    """A number that was measured and, where one was promised, its bound. A figure without a
    bound is information. NaN (could not be measured) meets no bound."""

    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def bound(self) -> str:
        parts = []
        if self.at_least is not None:
            parts.append(f"≥ {self.at_least:g}")
        if self.at_most is not None:
            parts.append(f"≤ {self.at_most:g}")
        return ", ".join(parts)

    @property
    def met(self) -> bool:
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)


Figures = Mapping[str, Figure]


def load_average() -> tuple[float, ...]:
    """Of the last 1, 5 and 15 minutes; empty where the system has none (Windows)."""
    return os.getloadavg() if hasattr(os, "getloadavg") else ()


@dataclass(frozen=True)
class Report:
    """The figures of one bench, and the load that the machine had before it."""

    bench: str
    figures: Figures
    load: tuple[float, ...] = ()

    @property
    def met(self) -> bool:
        return all(figure.met for figure in self.figures.values())

    def as_json(self) -> dict[str, Any]:
        # NaN is no JSON.
        values = {name: f.value if f.value == f.value else None for name, f in self.figures.items()}
        return {
            "bench": self.bench,
            "machine": machine(),
            "load": list(self.load),
            "figures": values,
        }

    def show(self, console: Console | None = None) -> None:
        console = console or Console()
        table = Table("figure", Column("value", justify="right"), "bound", "")
        for name, figure in self.figures.items():
            value = f"{_plain(figure.value)} {figure.unit}".strip()
            table.add_row(name, value, figure.bound, _verdict(figure))
        console.print(f"[bold]bench {self.bench}[/]", table, _circumstances(self.load), sep="\n")


def write_json(report: Report, path: Path) -> None:
    """CannotWrite when that fails."""
    write_text(path, json.dumps(report.as_json(), indent=2) + "\n")


def _circumstances(load: tuple[float, ...]) -> str:
    here = machine()
    average = " ".join(f"{number:.2f}" for number in load) or "unknown"
    return (
        f"[dim]{here['cpu']}, {here['cores']} cores, {here['memory_gb']} GB\n"
        f"Python {here['python']}, {here['os']}, load {average}[/]"
    )


@cache
def machine() -> dict[str, str | int | float]:
    return {
        "cpu": _cpu_model(),
        "cores": _cores(),
        "memory_gb": _memory_gb(),
        "python": platform.python_version(),
        "os": _system(),
    }


def _cores() -> int:
    """That this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def _memory_gb() -> float:
    """Of the machine, 0 where it does not say."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (AttributeError, ValueError, OSError):
        return 0.0


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.platform()


def _verdict(figure: Figure) -> str:
    if not figure.bound:
        return ""
    return "[green]met[/]" if figure.met else "[bold red]missed[/]"


def _plain(value: float) -> str:
    """Enough digits to compare, none to mislead."""
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
