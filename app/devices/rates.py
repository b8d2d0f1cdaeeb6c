"""How many samples a second the sound server's devices take. pulsectl does not tell."""

import re

from app.system import System

_NAME = re.compile(r"^\s*Name: (.+)$")
_RATE = re.compile(r"^\s*Sample Specification: .*\b(\d+)Hz$")


def pactl_rates(system: System) -> dict[str, int]:
    """By the devices' names; empty where pactl is not installed."""
    answer = system.run("env", "LC_ALL=C", "pactl", "list", "sources")
    rates: dict[str, int] = {}
    name = ""
    for line in answer.out.splitlines():
        if found := _NAME.match(line):
            name = found[1]
        elif name and (found := _RATE.match(line)):
            rates[name] = int(found[1])
            name = ""
    return rates
