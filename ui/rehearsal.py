"""A live session in which nobody speaks: drawn pictures, a written dialogue, levels that fit.

It keeps every promise of `core.live.LiveControl` and needs neither devices nor engines: the
window's tests, its bench and its pictures for the documents run on it.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from core.config import Config, declared
from core.errors import EngineUnavailable
from core.events import Event, SpeakerEvent, State, StateChanged
from core.guests import guests
from core.latest import Latest
from core.live import Device, GuestStatus, Level, LiveStatus, Rung, Voiced
from core.pipeline import Host, Spawn, thread_host
from core.types import AudioChunk, Frame
from ui.rehearsed import SCENE, Dialogue, draw

FPS = 30
_HOW = (
    "See what there is with `translated-camera models list --kind {0}`, and get one with "
    "`translated-camera models pull NAME`."
)
RUNGS = (
    Rung("vad", "silero", "vad: silero"),
    Rung("turn", "smart_turn", "turn: smart_turn"),
    Rung(
        "stt",
        "sphinx",
        "stt: sphinx (basic); not whisper: No recognition model for English is here. "
        + _HOW.format("stt"),
    ),
    Rung(
        "mt",
        "apertium",
        "mt: apertium (basic); not opus: No translation model from English to Spanish is here, "
        "directly or through English. Get one with `translated-camera models pull opus-mt-en-es`.",
    ),
    Rung(
        "tts",
        "espeak",
        "tts: espeak (basic); not piper: No voice model for Spanish is here. " + _HOW.format("tts"),
    ),
    Rung("face", "mesh", "face: mesh"),
    Rung(
        "lips",
        "own_mouth",
        "lips: own_mouth; not wav2lip: Wav2Lip needs a checkpoint, which this program does not "
        "bring along. Put yours into ~/models as wav2lip.pth or wav2lip.onnx. Its licence allows "
        "non-commercial use only.",
    ),
)


class Rehearsal:
    """`pace` is how many seconds of the dialogue pass in one; tests hurry. `step` may also be
    called by hand, without `open`."""

    def __init__(
        self, config: Config | None = None, spawn: Spawn = thread_host, *, pace: float = 1.0
    ) -> None:
        self.shown: Latest[Frame] = Latest()
        self.taken: Latest[Frame] = Latest()
        self.calls: list[str] = []
        self.refuses = ""
        """Why the next start fails."""
        self._config = config or Config()
        self._listeners: list[Callable[[Event], None]] = []
        self._pace = pace
        self._number = 0
        self._dialogue = Dialogue(self._config)
        self._camera = Device("Integrated Webcam", True)
        self._gone = ""
        self._voiced = Voiced.TRANSLATED
        self._state, self._reason = State.IDLE, ""
        self._talking = True
        self._over = threading.Event()
        self._lock = threading.RLock()
        self._host: Host = spawn("rehearsal", self._run)

    @property
    def config(self) -> Config:
        return self._config

    def open(self) -> "Rehearsal":
        """The pictures begin to move."""
        self._host.start()
        return self

    def listen(self, listener: Callable[[Event], None]) -> None:
        self._listeners.append(listener)

    def start(self) -> None:
        self.calls.append("start")
        self._enter(State.STARTING)
        if self.refuses:
            self._enter(State.FAILED, str(EngineUnavailable(self.refuses)))
            return
        with self._lock:
            self._dialogue = Dialogue(self._config)
        self._enter(State.RUNNING)

    def stop(self) -> None:
        self.calls.append("stop")
        self._enter(State.STOPPING)
        self._enter(State.STOPPED)

    def voice(self, voiced: Voiced) -> None:
        self.calls.append(f"voice {voiced.value}")
        self._voiced = voiced

    def hold(self, talking: bool) -> None:
        self.calls.append(f"hold {talking}")
        self._talking = talking

    def preview(self, wanted: bool) -> None:
        self.calls.append(f"preview {wanted}")

    def choose_face(self, x: float, y: float) -> None:
        self.calls.append(f"face {x:.0f} {y:.0f}")

    def recent(self, seconds: float) -> tuple[AudioChunk, AudioChunk | None]:
        """A hum, and half of it where noise is kept away."""
        times = np.arange(round(seconds * 16000)) / 16000
        hum, less = (np.asarray(size * np.sin(880 * times), np.float32) for size in (0.2, 0.1))
        away = self._config.enhance.engine != "off" and self._state is State.RUNNING
        return AudioChunk(hum, 16000, 0.0), AudioChunk(less, 16000, 0.0) if away else None

    def change(self, config: Config) -> tuple[str, ...]:
        before, self._config = self._config, config
        changed = [one for one in declared() if one.of(before) != one.of(config)]
        self.calls += [f"change {one.name}" for one in changed]
        return tuple(one.name for one in changed if not one.live)

    def status(self) -> LiveStatus:
        running = self._state is State.RUNNING
        status = LiveStatus(
            state=self._state,
            reason=self._reason,
            voiced=self._voiced,
            fps=29.97,
            dropped=2,
            camera=self._camera,
            microphone=Device("Built-in Microphone", True),
            virtual_camera=Device("Translated Camera", True, watched=running),
            virtual_microphone=Device("Translated Microphone", True, watched=running),
            guests=tuple(self._guests()),
        )
        if not running:
            return replace(status, level=Level(-52.0, 0.05, self._threshold, 4.0))
        figures = self._dialogue.figures()
        level = Level(figures.db, figures.speech, self._threshold, figures.silence)
        return replace(
            status,
            level=level,
            before_db=figures.db,
            after_db=figures.db - (9.0 if self._config.enhance.engine != "off" else 0.0),
            stages=figures.stages,
            language=self._dialogue.language,
            own=self._dialogue.was_own,
            lag=figures.lag,
            lag_step=figures.lag_step,
            skew_ms=figures.skew_ms,
            rungs=RUNGS,
        )

    def unplug_microphone(self, name: str) -> None:
        """Of a guest; with no name, all are there again."""
        self._gone = name

    def unplug(self) -> None:
        """The camera is gone: a slate in its place."""
        self._camera = Device("Integrated Webcam", False, "The camera was unplugged.")

    def plug_in(self) -> None:
        self._camera = Device("Integrated Webcam", True)

    def close(self) -> None:
        self.calls.append("close")
        self._over.set()
        if self._host.is_alive():
            self._host.join(5)

    def step(self, seconds: float) -> None:
        """So much time passes: a picture, and what is said in it."""
        self._number += 1
        pts = self._number / FPS
        works = self._camera.works
        mouth = self._dialogue.mouth if self._voiced is Voiced.TRANSLATED else 0.0
        plain = draw(self._number, 0.0) if works else np.zeros_like(SCENE)
        self.taken.put(Frame(plain, pts, self._number))
        self.shown.put(Frame(draw(self._number, mouth) if works else plain, pts, self._number))
        if self._state is State.RUNNING and self._talking and self._voiced is not Voiced.MUTED:
            with self._lock:
                who, events = self._dialogue.speaker, self._dialogue.step(seconds)
            for event in events:
                self._tell(SpeakerEvent(who, event) if who else event)

    def _run(self) -> None:
        due = time.perf_counter()
        while not self._over.wait(max(0.0, due - time.perf_counter())):
            due += 1 / FPS
            self.step(self._pace / FPS)

    def _guests(self) -> Iterator[GuestStatus]:
        for one in guests(self._config.guests.speakers):
            gone = one.source == self._gone
            says = f"The microphone {one.source} was unplugged." if gone else ""
            there = Device("" if gone else one.source, not gone, says)
            yield GuestStatus(one.name, there, source=one.source)

    @property
    def _threshold(self) -> float:
        return -12.0 + self._config.segmentation.drop_db

    def _enter(self, state: State, reason: str = "") -> None:
        self._state, self._reason = state, reason
        self._tell(StateChanged(state, reason))

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)
