"""`--fix`: doing what the findings offer, after asking for what needs the administrator."""

from collections.abc import Callable, Sequence

from app.doctor.look import MachineDoctor
from core.findings import Finding

ROUNDS = 3
"""A thing that was mended may show the next: installed, then loaded."""

Ask = Callable[[str], bool]
Say = Callable[[str], None]


def fix_all(doctor: MachineDoctor, ask: Ask, say: Say) -> Sequence[Finding]:
    """Each fix once; what was found at the end. `ask` is asked before anything that needs the
    administrator's rights, `say` hears what is done and what came of it."""
    found = doctor.findings()
    tried: set[tuple[str, str]] = set()
    for _ in range(ROUNDS):
        waiting = [one for one in found if one.fix and (one.name, one.fix.does) not in tried]
        if not waiting:
            break
        for one in waiting:
            assert one.fix is not None
            tried.add((one.name, one.fix.does))
            say(f"{one.name}: {one.says}")
            if one.fix.root and not ask(one.fix.does):
                say("  left as it is")
                continue
            say(f"  {one.fix.does}")
            say(f"  {doctor.mend(one.name)}")
        found = doctor.findings()
    return found
