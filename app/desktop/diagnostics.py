"""What is sent along when somebody asks for help: log, doctor's report, machine, settings. No word
that was said, no name of a person; of a file or device only what the doctor must name."""

import json
import platform
import re
import sys
import zipfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path

from core.config import Config, declared
from core.errors import CannotWrite
from core.findings import Finding
from core.setting import Setting
from ui.services import Licence


def write_bundle(path: Path, log: str, findings: Sequence[Finding], config: Config) -> None:
    """One zip file. CannotWrite."""
    parts = {
        "log.txt": without_home(log),
        "doctor.txt": without_home(report(findings)),
        "machine.json": json.dumps(machine(), indent=2),
        "settings.json": json.dumps(settings_of(config), indent=2, default=list),
    }
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in parts.items():
                bundle.writestr(name, text)
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {error.strerror}.") from error


def report(findings: Sequence[Finding]) -> str:
    return "\n".join(f"{one.state.value:8}{one.name}: {one.says}" for one in findings)


def machine() -> dict[str, object]:
    packages = {one.metadata["Name"]: one.version for one in distributions()}
    return {
        "program": program_version(),
        "python": sys.version,
        "system": platform.platform(),
        "machine": platform.machine(),
        "packages": dict(sorted(packages.items())),
    }


def settings_of(config: Config) -> dict[str, object]:
    """What differs from the defaults; of what was written freely only that it does."""
    changed = [one for one in declared() if one.of(config) != one.default]
    return {one.name: one.of(config) if _is_plain(one) else "(set)" for one in changed}


def _is_plain(setting: Setting) -> bool:
    """A number, a switch, one of what this program offers: nobody's name or words."""
    return setting.kind in (bool, int, float) or bool(setting.choices)


def without_home(text: str) -> str:
    """The user's name stands in the paths of their home folder."""
    return re.sub(re.escape(str(Path.home())) + r"(?=[/\\\s'\"]|$)", "~", text)


def program_version() -> str:
    try:
        return version("translated-camera")
    except PackageNotFoundError:
        return "unknown"


def licences() -> tuple[Licence, ...]:
    """Our own first, then those of the packages that it runs on, by name."""
    found = {one.metadata["Name"]: _licence(one.metadata) for one in distributions()}
    own = found.pop("translated-camera", Licence("translated-camera", program_version(), "GPL-2.0"))
    others = sorted(found.values(), key=lambda one: one.name.casefold())
    return (own, *others)


def _licence(metadata: object) -> Licence:
    given = dict(metadata.items())  # type: ignore[attr-defined] # a mapping, by its protocol
    classifiers = [v for k, v in metadata.items() if k == "Classifier"]  # type: ignore[attr-defined]
    named = [c.rsplit(" :: ", 1)[-1] for c in classifiers if c.startswith("License ::")]
    text = given.get("License-Expression") or ", ".join(named) or given.get("License", "")
    return Licence(given.get("Name", ""), given.get("Version", ""), _first_line(text))


def _first_line(text: str) -> str:
    """Some packages put the whole licence there."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0][:80] if lines else "?"
