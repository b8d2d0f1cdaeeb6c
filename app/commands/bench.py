"""`bench NAME`: run a measurement and print what it gives."""

from collections.abc import Sequence
from pathlib import Path

from app.bench import names
from app.bench import run as measure
from app.side_files import refuse_targets
from core.errors import UsageError
from engines.media.opening import open_recording

WITH_CLIPS = ("visual", "enhance")
WITH_FOLDERS = ("enhance",)
"""These take whole folders of sound, and networks, beside clips."""
WITH_DEVICE = ("lips",)


def run(name: str, json: Path | None, clips: Sequence[Path], device: str = "") -> None:
    if name == "list":
        print("\n".join(names()))
        return
    if clips and name not in WITH_CLIPS:
        raise UsageError(f"The bench {name} takes no clips.")
    if device and name not in WITH_DEVICE:
        raise UsageError(f"The bench {name} has no choice of device.")
    for clip in clips:
        _look_at(clip, name in WITH_FOLDERS)
    # What is measured for an hour is not lost for a folder that is not there.
    refuse_targets([json] if json else [], clips, overwrite=True)
    measure(name, json, clips, device)


def _look_at(clip: Path, more: bool) -> None:
    """Refuses what is none of what the bench takes."""
    if more and _is_network(clip):
        return
    for recording in (more and sorted(clip.glob("*.wav"))) or [clip]:
        with open_recording(recording):
            pass  # it is one


def _is_network(path: Path) -> bool:
    """Or a folder of networks."""
    return (path.suffix == ".onnx" and path.is_file()) or any(path.glob("*.onnx"))
