"""The window: how soon it is seen, whether it ever stands still, what its preview costs."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.bench.report import Figure, Figures
from app.desktop.program import Desktop, application
from app.desktop.recent_log import RecentLog
from app.desktop.services import DesktopServices
from core.config import Config
from core.errors import EngineUnavailable
from core.events import State
from ui.model import LiveModel
from ui.rehearsal import FPS, Rehearsal
from ui.watchdog import Watchdog
from ui.widgets.preview import Preview

STARTS = 5
WATCHED = 15.0
"""Seconds that a running session is watched."""
LOADING = 120.0
FRAMES = 300


def run() -> Figures:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    empty, ours = starts()
    dog = stalls_of_a_session()
    return {
        "start_ratio": Figure(ours / empty, "times an empty window", at_most=3),
        "start_s": Figure(ours, "s to the first paint", at_most=2),
        "empty_start_s": Figure(empty, "s"),
        "ui_stall_max_ms": Figure(1000 * dog.longest, "ms", at_most=50),
        "ui_stalls": Figure(dog.stalls, f"in {WATCHED:.0f} s"),
        "ui_work_max_ms": Figure(1000 * dog.busiest, "CPU-ms in one go"),
        "preview_cpu_ms": Figure(preview_cpu_ms(), "ms a 720p frame", at_most=4),
    }


def starts() -> tuple[float, float]:
    """Median seconds from the start of the process to the first paint: of a window with nothing
    in it, and of ours, in turns."""
    taken: dict[str, list[float]] = {"empty": [], "ours": []}
    with NamedTemporaryFile(suffix=".toml") as settings:
        for which in taken:  # files are in the cache and compiled, as on a machine that is in use
            _start(which, settings.name)
        for _ in range(STARTS):
            for which, times in taken.items():
                times.append(_start(which, settings.name))
    return statistics.median(taken["empty"]), statistics.median(taken["ours"])


def _start(which: str, settings: str) -> float:
    before = time.monotonic()
    done = subprocess.run(
        (sys.executable, "-m", "app.desktop.first_paint", which, settings),
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    try:
        return float(done.stdout.split()[-1]) - before
    except (IndexError, ValueError):
        raise EngineUnavailable(f"The window did not come up: {done.stderr[-500:]}") from None


def stalls_of_a_session() -> Watchdog:
    """What the watchdog of the window's thread saw while the real session translated the demo
    speaker."""
    with TemporaryDirectory(prefix="translated-camera-bench-") as folder:
        application("en")
        return _watched(Desktop(_services(Path(folder)), _demo()))


def _watched(desktop: Desktop) -> Watchdog:
    app = application("en")
    dog = Watchdog()
    desktop.open()
    desktop.model.start()
    _until(app, lambda: desktop.model.state in (State.RUNNING, State.FAILED), LOADING)
    if desktop.model.state is not State.RUNNING:
        reason = desktop.model.status.reason or str(desktop.window.banners.texts)
        desktop.close()
        raise EngineUnavailable(f"The session did not start: {reason}")
    dog.start()
    QTimer.singleShot(round(WATCHED * 1000), app.quit)
    app.exec()
    dog.stop()
    desktop.close()
    return dog


def preview_cpu_ms(frames: int = FRAMES) -> float:
    """CPU of taking over and painting one picture, of all threads of this process."""
    app = application("en")
    live = Rehearsal()
    model = LiveModel(Config())
    model.attach(live)
    preview = Preview(model)
    preview.resize(1280, 720)
    preview.show()
    app.processEvents()
    spent = 0.0
    for _ in range(frames):
        live.step(1 / FPS)
        before = time.process_time()
        preview.pull()
        preview.repaint()
        spent += time.process_time() - before
    preview.hide()
    model.close()
    return 1000 * spent / frames


def _demo() -> Config:
    devices = replace(
        Config().devices,
        camera="demo",
        microphone="demo",
        virtual_camera="off",
        virtual_microphone="off",
    )
    return replace(Config(), devices=devices)


def _services(folder: Path) -> DesktopServices:
    services = DesktopServices(folder / "settings.toml", RecentLog())
    services.first_run = False
    return services


def _until(app: QApplication, there: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not there() and time.monotonic() < deadline:
        app.processEvents()
        time.sleep(0.005)
