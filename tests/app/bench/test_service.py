from rich.console import Console

from app.bench.service import _Told, table


def test_there_is_a_line_for_each_number_of_users():
    alone = _Told([3.0], frames=90, wall=3.0, memory=600e6)
    five = _Told([4.0, 5.0, 6.0, 7.0, 8.0], frames=450, wall=9.0, memory=610e6, failed=1)
    console = Console(width=100)
    with console.capture() as said:
        console.print(table({1: alone, 5: five}))
    lines = [line.split("│") for line in said.get().splitlines() if line.startswith("│")]
    cells = [[cell.strip() for cell in line[1:-1]] for line in lines]
    assert cells == [
        ["1", "30.0", "30.00", "3.0 s", "3.0 s", "600 MB", "0"],
        ["5", "50.0", "10.00", "6.0 s", "7.8 s", "610 MB", "1"],
    ]
