"""Running text in lines: full lines move up by whole lines, and nothing else ever moves."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from core.captions.graphemes import graphemes
from core.captions.running import RunningText, Timed
from core.captions.wrap import COLUMNS, LINES, columns

READ = 22.0
"""Columns that a reader takes in a second; a line that was not read yet is not scrolled away."""
STAY = 2.5
"""Seconds that a text stays at least when nothing follows."""
LINGER = 1.5
"""Seconds that it stays after it could be read."""
PAUSE = 1.5
"""Seconds of silence after which the next segment begins a line."""
REMEMBERED = 64

Measure = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Laid:
    """A piece of text on its line: how far from the line's beginning, from when on it is seen,
    and when it has been read."""

    text: str
    at: float
    time: float
    read: float

    @property
    def gone(self) -> float:
        """When it goes from the screen if nothing follows."""
        return max(self.time + STAY, self.read + LINGER)


@dataclass
class Line:
    """`row` counts from where the block began; `block` numbers the blocks."""

    row: int
    block: int
    laid: list[Laid] = field(default_factory=list)
    width: float = 0.0

    @property
    def start(self) -> float:
        return self.laid[0].time


@dataclass(frozen=True, slots=True)
class Row:
    """A line on the screen: in which slot, from 0 at the top, and how much of it is seen."""

    slot: int
    line: Line
    count: int

    @property
    def text(self) -> tuple[str, ...]:
        return tuple(laid.text for laid in self.line.laid[: self.count])


class Scroll:
    """The lines of one running text, for a screen of a given width. For one thread.

    `measure` says how wide a text is, in the unit of `width`.
    """

    def __init__(
        self, measure: Measure = columns, width: float = COLUMNS, lines: int = LINES
    ) -> None:
        self._measure = measure
        self._width = width
        self._rows = lines
        self._blank = measure(" ")
        self._lines: list[Line] = []
        self._count = 0
        self._number = -1

    def follow(self, text: RunningText, pts: float) -> tuple[Row, ...]:
        """What is on the screen at this moment; takes in what is new of the text."""
        if self._count < text.cleared:
            self._lines.clear()
        self._count, fresh = text.since(self._count, pts)
        for timed in fresh:
            self.append(timed)
        return self.at(pts)

    def append(self, timed: Timed) -> None:
        """What has no width cannot be shown, and gets no blank either."""
        for at, (piece, width) in enumerate(self._pieces(timed.unit.text)):
            if width > 0:
                self._place(piece, width, timed, spaced=timed.unit.spaced and not at)
        self._number = timed.number

    def at(self, pts: float) -> tuple[Row, ...]:
        """The lines that are seen at this moment, from the top."""
        newest = bisect_right(self._lines, pts, key=lambda line: line.start) - 1
        if newest < 0:
            return ()
        line = self._lines[newest]
        count = bisect_right(line.laid, pts, key=lambda laid: laid.time)
        if pts >= line.laid[count - 1].gone:
            return ()
        slot = min(line.row, self._rows - 1)
        above = [
            Row(slot - up, self._lines[newest - up], len(self._lines[newest - up].laid))
            for up in range(min(slot, newest), 0, -1)
            if self._lines[newest - up].block == line.block
        ]
        return (*above, Row(slot, line, count))

    def _place(self, piece: str, width: float, timed: Timed, spaced: bool) -> None:
        line = self._lines[-1] if self._lines else None
        last = line.laid[-1] if line else None
        time = max(timed.time, last.time if last else timed.time)
        blank = self._blank if spaced else 0.0
        if line is None or last is None or time >= last.gone:
            if timed.unit.glued:
                return
            line = self._begin(Line(0, line.block + 1 if line else 0))
        elif not timed.unit.glued and (
            line.width + blank + width > self._width or self._paused(timed, last)
        ):
            line = self._begin(Line(line.row + 1, line.block))
        else:
            line.width += blank
        self._lay(line, piece, width, time)

    def _lay(self, line: Line, piece: str, width: float, time: float) -> None:
        if not line.laid and line.row >= self._rows:
            time = max(time, self._lines[-1 - self._rows].laid[-1].read)
        read = max(time, self._last_read(line)) + columns(piece) / READ
        line.laid.append(Laid(piece, line.width, time, read))
        line.width += width

    def _last_read(self, line: Line) -> float:
        if line.laid:
            return line.laid[-1].read
        return self._lines[-2].laid[-1].read if len(self._lines) > 1 else float("-inf")

    def _paused(self, timed: Timed, last: Laid) -> bool:
        return timed.number != self._number and timed.time - last.time > PAUSE

    def _begin(self, line: Line) -> Line:
        self._lines.append(line)
        if len(self._lines) > 2 * REMEMBERED:
            del self._lines[:-REMEMBERED]
        return line

    def _pieces(self, text: str) -> list[tuple[str, float]]:
        """The text as it is, or cut where it is wider than a line: at a blank if there is one,
        else between two characters."""
        width = self._measure(text)
        if width <= self._width:
            return [(text, width)]
        blanks = " " in text
        done: list[str] = []
        for part in [word + " " for word in text.split()] if blanks else graphemes(text):
            if done and self._measure((done[-1] + part).rstrip()) <= self._width:
                done[-1] += part
            else:
                done.append(part)
        pieces = [(piece.rstrip(), self._measure(piece.rstrip())) for piece in done]
        return [one for piece in pieces for one in self._pieces(piece[0])] if blanks else pieces
