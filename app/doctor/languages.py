"""The languages: what can be said from the one that is spoken. (Whether the one that the settings
name is among them, the engines tell.)"""

from collections.abc import Iterator

from app.devices.machine import Machine
from core.findings import Finding, State
from core.text.languages import DETECT, language_code, language_name, spoken_code

LANGUAGES = "Languages"


def check(machine: Machine) -> Iterator[Finding]:
    if spoken_code(machine.config.languages.source) == DETECT:
        found = machine.probes.targets()
        known = ", ".join(sorted(language_name(code) for code in found))
        says = f"The language is found out as you speak. Translated are: {known or 'none'}."
        yield Finding(LANGUAGES, State.OK if found else State.HINT, says)
        return
    source = language_code(machine.config.languages.source)
    reached = machine.probes.targets().get(source, frozenset()) - {source}
    name = language_name(source)
    if not reached:
        says = f"Nothing is here that translates from {name} into what a voice can speak."
        yield Finding(LANGUAGES, State.HINT, says, "translated-camera models list --kind mt")
        return
    known = ", ".join(sorted(language_name(code) for code in reached))
    yield Finding(LANGUAGES, State.OK, f"From {name}: {known}.")
