"""The engines: which one of each kind a session takes, and what the better ones lack."""

from collections.abc import Iterator
from typing import Any

from app.devices.machine import Machine
from app.doctor.advice import advised
from app.doctor.mending import command, mended, packages
from app.engine_options import engine_options
from core.errors import EngineUnavailable, TranslatedCameraError
from core.findings import Finding, Fix, State
from core.text.languages import DETECT, iso639_3, language_code

TITLES = {
    "stt": "Recognition",
    "mt": "Translation",
    "tts": "Voice",
    "vad": "Speech detection",
    "turn": "Ends of sentences",
    "face": "Face",
    "lips": "Lips",
}
NEEDED = ("stt", "mt", "tts", "vad", "turn")
"""Without these nothing is translated; without the others the picture stays as it is."""


def check(machine: Machine) -> Iterator[Finding]:
    for kind in TITLES:
        yield _kind(machine, kind)


def _kind(machine: Machine, kind: str) -> Finding:
    title, wanted = TITLES[kind], str(getattr(machine.config.engines, kind))
    if getattr(machine.config.placement, kind, "") == "broker":
        says = "Workers behind the broker do it: `translated-camera worker` starts one."
        return Finding(title, State.OK, says)
    if wanted == "off":
        return Finding(title, State.OK, "Switched off in the settings.")
    try:
        about = machine.probes.engine(
            kind,
            wanted,
            _options(machine, kind),
            _special(machine, kind),
            machine.config.lag.budget,
        )
    except TranslatedCameraError as exc:
        return _missing(machine, kind, str(exc))
    says = about.reason.removeprefix(f"{kind}: ")
    if not about.basic:
        return Finding(title, State.OK, says)
    return Finding(title, State.HINT, says, _pull(machine, kind))


def _options(machine: Machine, kind: str) -> dict[str, Any]:
    source, target = _languages(machine)
    if kind == "mt":
        return {"source": source, "target": target}
    if machine.config.languages.source == DETECT:
        source = ""
    return {"stt": {"language": source}, "tts": {"language": target}}.get(kind, {})


def _special(machine: Machine, kind: str) -> dict[str, dict[str, Any]]:
    if kind == "vad":
        return {"energy": {"drop_db": machine.config.segmentation.drop_db}}
    return engine_options(kind, machine.config)


def _languages(machine: Machine) -> tuple[str, str]:
    languages = machine.config.languages
    source = language_code("en" if languages.source == DETECT else languages.source)
    return source, language_code(languages.target)


def _missing(machine: Machine, kind: str, says: str) -> Finding:
    code = EngineUnavailable.exit_code if kind in NEEDED else 0
    if not code:
        says += " Until then the picture passes as it is: `--lips off`."
    finding = Finding(TITLES[kind], State.TROUBLE, says, code=code)
    return mended(finding, _pair(machine) if kind == "mt" else None, _pull(machine, kind))


def _pull(machine: Machine, kind: str) -> str:
    """The command that fetches a model for this machine; empty when there is none to fetch."""
    name = advised(machine, kind)
    return f"translated-camera models pull {name}" if name else ""


def _pair(machine: Machine) -> Fix | None:
    """Apertium's package for the two languages, where there is one."""
    system = machine.system
    if not system.which("apt-get"):
        return packages(machine, dnf="apertium", zypper="apertium")
    one, other = _languages(machine)
    long, other_long = iso639_3(one), iso639_3(other)
    for first, second in ((long, other_long), (other_long, long), (one, other), (other, one)):
        package = f"apertium-{first}-{second}"
        if system.run("apt-cache", "show", package).good:
            return command(machine, "apt-get", "install", "-y", "apertium", package, root=True)
    return None
