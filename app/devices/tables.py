"""What there is, as tables for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.devices.overview import Input, Inputs, Output, Overview
from app.devices.virtual import Way
from core.devices import CameraInfo, CameraMode, SoundInfo

_MOST_SIZES = 6


def show(overview: Overview, console: Console) -> None:
    _inputs(console, "Cameras", overview.cameras)
    _inputs(console, "Microphones", overview.microphones)
    _output(console, "Virtual camera", overview.virtual_camera)
    _output(console, "Virtual microphone", overview.virtual_microphone)


def describe(modes: Sequence[CameraMode]) -> str:
    """Each size with its rates and pixels, largest first."""
    sizes: dict[tuple[int, int], tuple[set[float], list[str]]] = {}
    for mode in sorted(modes, key=lambda one: -one.width * one.height):
        rates, pixels = sizes.setdefault((mode.width, mode.height), (set(), []))
        rates.add(mode.fps)
        if mode.pixels not in pixels:
            pixels.append(mode.pixels)
    lines = [_line(size, *known) for size, known in sizes.items()]
    rest = len(lines) - _MOST_SIZES
    return "\n".join([*lines[:_MOST_SIZES], *([f"and {rest} smaller sizes"] if rest > 0 else [])])


def _line(size: tuple[int, int], rates: set[float], pixels: Sequence[str]) -> str:
    known = sorted((rate for rate in rates if rate), reverse=True)
    told = f" at {', '.join(f'{rate:g}' for rate in known)}" if known else ""
    return f"{size[0]}x{size[1]}{told} {' '.join(pixels)}".rstrip()


def _inputs(console: Console, title: str, inputs: Inputs) -> None:
    console.print(Text(f"\n{title}", "bold"))
    if inputs.all:
        table = Table("", "name", "what it can do", "", box=None, padding=(0, 2, 0, 0))
        for one in inputs.all:
            table.add_row(_mark(one.taken), _name(one), _can(one), Text(one.why))
        console.print(table)
    elif not inputs.trouble:
        console.print("There is none.")
    if inputs.mode:
        mode = describe([inputs.mode])
        console.print(Text(f"It is asked for {mode}."))
    if inputs.trouble:
        console.print(Text(inputs.trouble, "yellow"))


def _output(console: Console, title: str, output: Output) -> None:
    console.print(Text(f"\n{title}", "bold"))
    if output.ways:
        table = Table("", "way", "name", "", "read by", box=None, padding=(0, 2, 0, 0))
        for one in output.ways:
            who = ", ".join(one.users) or ("nobody" if one.here else "")
            table.add_row(_mark(one is output.taken), one.way, one.name, _says(one), who)
        console.print(table)
    if output.trouble:
        console.print(Text(output.trouble, "yellow"))


def _mark(taken: bool) -> Text:
    return Text("taken", "green") if taken else Text("")


def _name(one: Input) -> Text:
    return Text(one.info.name, "" if one.taken else "dim" if one.info.ours else "")


def _can(one: Input) -> Text:
    if isinstance(one.info, CameraInfo):
        return Text(describe(one.info.modes) or one.info.id)
    assert isinstance(one.info, SoundInfo)
    rate = f"{one.rate} Hz, " if one.rate else ""
    channels = {1: "mono", 2: "stereo"}.get(one.info.channels, f"{one.info.channels} channels")
    return Text(rate + channels)


def _says(one: Way) -> Text:
    return Text(one.says, "yellow" if one.ready is False else "")
