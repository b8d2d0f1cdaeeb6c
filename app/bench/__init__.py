"""Measurements by name. Each is a function that returns `Figures`; its module is imported only
when it runs. One that looks at clips of the user's takes their paths, the others nothing."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from app.bench.report import Report, load_average, write_json
from core.errors import EngineUnavailable, UsageError

_BENCHES = {
    "rings": "app.bench.rings:run",
    "scale": "app.bench.scale:run",
    "latency": "app.bench.latency:run",
    "segmentation": "app.bench.segmentation:run",
    "lips": "app.bench.lips:run",
    "engines": "app.bench.engines:run",
    "tracking": "app.bench.tracking:run",
    "visual": "app.bench.visual:run",
    "desktop": "app.bench.desktop:run",
    "live": "app.bench.live:run",
    "enhance": "app.bench.enhance:run",
    "link": "app.bench.link:run",
    "service": "app.bench.service:run",
}


def names() -> tuple[str, ...]:
    return tuple(_BENCHES)


def run(
    name: str, json_path: Path | None = None, clips: Sequence[Path] = (), device: str = ""
) -> Report:
    """Measure (on the `device`, where a bench can choose), print the table, write the JSON object
    if asked to, and return both's content; `Report.met` says whether every bound held. UsageError
    for an unknown name, EngineUnavailable when a library is missing, CannotWrite for the file."""
    if name not in _BENCHES:
        raise UsageError(f"There is no bench named {name!r}; there are: {', '.join(_BENCHES)}.")
    module, function = _BENCHES[name].split(":")
    try:
        measure = getattr(import_module(module), function)
    except ImportError as exc:
        raise EngineUnavailable(f"The bench {name} needs {exc.name or exc}.") from exc
    before = load_average()
    chosen = {"device": device} if device else {}
    figures = measure(clips, **chosen) if clips else measure(**chosen)
    report = Report(name, figures, load=before)
    report.show()
    if json_path is not None:
        write_json(report, json_path)
    return report
