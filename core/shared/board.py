"""A board of small numbers: each written by one process, read by all."""

from core.shared.memory import Block

_ROW = 8
"""Numbers a row: version, five values, a spare, version again; 64 bytes, a cache line."""
VALUES = 5


class Board:
    """Rows of up to five floats; a row is read as it was written, never half of it.

    Each row has one writing thread in one process. Single numbers go into rows of their own.
    """

    def __init__(self, rows: int, name: str | None = None) -> None:
        self._block = Block(name, rows * _ROW * 8)
        self._cells = self._block.array("f8", rows * _ROW).reshape(rows, _ROW)

    @property
    def name(self) -> str:
        return self._block.name

    def write(self, row: int, *values: float) -> None:
        cells = self._cells[row]
        version = cells[-1] + 1
        cells[0] = version
        cells[1 : 1 + len(values)] = values
        cells[-1] = version

    def read(self, row: int) -> tuple[float, ...]:
        """All five values; zeros before the first write."""
        cells = self._cells[row]
        for _ in range(1000):
            after = cells[-1]
            values = cells[1 : 1 + VALUES].tolist()
            if cells[0] == after:
                break
        # A writer that was killed in mid-write leaves the row as it is: better that than to hang.
        return tuple(values)

    def close(self) -> None:
        del self._cells
        self._block.close()
