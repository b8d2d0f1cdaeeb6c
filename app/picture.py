"""A frame's way from the camera to those who watch: face, lips, expression, captions and badge."""

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass

from app.engine_options import engine_options
from app.placement import lips_choice
from core.captions.live import LiveCaptions
from core.config import Config
from core.enhancing import LipsSeen
from core.gate import Gate
from core.ports import FaceTracker, Lips
from core.smoothing.face import FaceSmoother
from core.types import Face, Frame, Moment
from engines.expression.expression import Expression, Looks
from engines.face.quick_filters import QuickOneEuro
from engines.overlay.overlay import Overlay
from engines.registry import Choice, auto


@dataclass(frozen=True)
class Sight:
    """What was seen in a frame: the chosen face, and how far its drawn mouth may be shown."""

    face: Face | None
    level: float


class PicturePath:
    """For one thread. Frames come in the order of their time; a missing or a strange one is
    shown as it is. EngineUnavailable when there is nothing to find a face or draw lips with.

    `reasons` says which engines were chosen, and why; `talk` is what the captions are fed by;
    `lips` know the speaker, and are None when the settings turn them off; `lips_seen` are the
    speaker's own. `off` counts, by their reason, the frames that were to have drawn lips and had
    none.
    """

    def __init__(self, config: Config, talk: LiveCaptions, *, live: bool = True) -> None:
        self._live = live
        self.lips_seen = LipsSeen()
        self.talk = talk
        self.lips: Lips | None = None
        self.choices: tuple[Choice, ...] = ()
        self.reasons: tuple[str, ...] = ()
        self.off: Counter[str] = Counter()
        if config.engines.lips != "off":
            self._choose(config)
        self._smoother = FaceSmoother(QuickOneEuro)
        self._gate = Gate()
        self._changed: Config | None = None
        self._expression = Expression(looks(config))
        self._overlay = Overlay(config.captions, config.picture, talk)

    def _choose(self, config: Config) -> None:
        with ExitStack() as undo:
            face = auto("face", config.engines.face)
            undo.callback(face.engine.close)
            special = engine_options("lips", config)
            lips = lips_choice(config.engines.lips, config.placement, special, live=self._live)
            undo.pop_all()
        self._tracker: FaceTracker = face.engine
        self.lips = lips.engine
        self.choices = face, lips
        self.reasons = tuple(filter(None, (face.reason, lips.reason, lips.engine.notice)))

    def change(self, config: Config) -> None:
        """Other captions, marks and expressions from the next frame on. Any thread."""
        self._changed = config

    def choose_face(self, x: float, y: float) -> None:
        """Follow the face at this place, in pixels. Any thread."""
        if self.lips is not None:
            self._tracker.choose(x, y)

    def learn(self, frame: Frame) -> None:
        """Get to know the speaker from a frame that is not shown."""
        self.see(frame)

    def see(self, frame: Frame) -> Sight:
        """Find the face, and learn from it while it is untouched."""
        if (config := self._changed) is not None:
            self._changed = None
            self._expression = Expression(looks(config))
            self._overlay.configure(config.captions, config.picture)
        if self.lips is None:
            return Sight(None, 0.0)
        face = self._smoother.smooth(self._tracker.track(frame))
        self.lips_seen.put(face, frame.pts)
        confidence = face.confidence if face else 0.0
        level = self._gate.update(frame.pts, confidence, self._tracker.doubt)
        if face is not None:
            self.lips.observe(frame, face)
        return Sight(face, level)

    def draw(self, frame: Frame, sight: Sight, moment: Moment) -> Frame:
        """The frame as it is shown, with the mouth of the moment."""
        shown = frame
        if moment.strength and not sight.level and self.lips is not None:
            self.off[self._gate.reason] += 1
        if self.lips is not None and sight.face is not None:
            strength = sight.level * moment.strength
            drawn = self.lips.render(frame, sight.face, moment, strength)
            own = drawn.image is not frame.image
            shown = self._expression.apply(frame, drawn, sight.face, own=own)
        out = shown.image if shown.image is not frame.image else None  # ours to write into
        image = self._overlay.draw(shown.image, frame.pts, out=out)
        return Frame(image, frame.pts, frame.number)

    def show(self, frame: Frame, moment: Moment) -> Frame:
        """Both in one, for a frame that is shown at once."""
        return self.draw(frame, self.see(frame), moment)

    def close(self) -> None:
        if self.lips is not None:
            self._tracker.close()
            self.lips.close()


def looks(config: Config) -> Looks:
    """The expression settings as the engine takes them."""
    wanted = config.expression
    return Looks(
        relight=wanted.relight,
        colour=wanted.colour,
        sharpness=wanted.sharpness,
        smile=wanted.smile,
        brow=wanted.brows,
        eyes=wanted.eyes,
    )
