"""The processor, the memory and the room on the disk."""

from collections.abc import Iterator

import platformdirs

from app.devices.machine import Machine
from core.findings import Finding, State

PROCESSOR, MEMORY, DISK = "Processor", "Memory", "Disk"
_GB = 1e9
_MEMORY_GB, _FREE_GB = 4.0, 1.0
_DISK_GB, _DISK_MODELS_GB = 0.2, 3.0
_CORES = 4


def check(machine: Machine) -> Iterator[Finding]:
    yield _processor(machine)
    yield _memory(machine)
    yield _disk(machine)


def _processor(machine: Machine) -> Finding:
    cores, flags = machine.system.cores, _flags(machine)
    said = f"{cores} cores"
    if flags:
        known = [("avx2", "AVX2"), ("avx512f", "AVX-512"), ("avx512_vnni", "VNNI"),
                 ("avx_vnni", "VNNI"), ("amx_int8", "AMX")]  # fmt: skip
        names = dict.fromkeys(name for flag, name in known if flag in flags)
        said += f", {', '.join(names)}" if names else ""
    if flags and "avx2" not in flags:
        says = f"{said}, without AVX2: the networks run many times slower. Use the basic engines."
        return Finding(PROCESSOR, State.HINT, says)
    if cores < _CORES:
        says = f"{said}: with fewer than {_CORES}, small models and lips on `own_mouth` do best."
        return Finding(PROCESSOR, State.HINT, says)
    if flags and not flags & {"avx512_vnni", "avx_vnni"}:
        return Finding(PROCESSOR, State.OK, f"{said}; without VNNI, so eight bits gain less.")
    return Finding(PROCESSOR, State.OK, f"{said}.")


def _flags(machine: Machine) -> frozenset[str]:
    """Of x86 on Linux; empty where there are none or they cannot be told."""
    for line in machine.system.text("/proc/cpuinfo").splitlines():
        if line.startswith("flags"):
            return frozenset(line.split(":", 1)[1].split())
    return frozenset()


def _memory(machine: Machine) -> Finding:
    whole, free = (number / _GB for number in machine.system.memory())
    if not whole:
        return Finding(MEMORY, State.OK, "How much there is cannot be told here.")
    said = f"{whole:.1f} GB" + (f", {free:.1f} free" if free else "")
    if whole < _MEMORY_GB:
        says = f"{said}: too little for more than the basic engines."
        return Finding(MEMORY, State.HINT, says)
    if free and free < _FREE_GB:
        return Finding(MEMORY, State.HINT, f"{said}: end what you do not need.")
    return Finding(MEMORY, State.OK, f"{said}.")


def _disk(machine: Machine) -> Finding:
    folder = platformdirs.user_data_path("translated-camera", appauthor=False)
    free = machine.system.free_bytes(folder) / _GB
    said = f"{free:.1f} GB free where models and recordings lie ({folder})"
    if free < _DISK_GB:
        return Finding(DISK, State.TROUBLE, f"{said}: nothing more can be kept.")
    if free < _DISK_MODELS_GB:
        return Finding(DISK, State.HINT, f"{said}: too little for the larger models.")
    return Finding(DISK, State.OK, f"{said}.")
