"""The picture: what a frame costs, whether the lips do what they are asked, whether they meet the
voice, and that nothing else changes."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from app.bench.drift import measure_drift
from app.bench.faces import FaceFigures, judge_face
from app.bench.pace import pace
from app.bench.report import Figure, Figures
from app.bench.seen import seen_skew
from app.clip import ClipTranslation
from app.clip_output import ClipJob
from app.commands.demo import SENTENCES, VOICE
from core.config import Captions, Config, Picture, Voice
from core.sync import Skew
from engines.demo.clip import make_clip
from engines.registry import build

SECONDS = 10.0
FRAMES = 300


def run(clips: Sequence[Path] = ()) -> Figures:
    """On the demo speaker, and on the faces of the clips given, which must speak English. The
    figures with a bound are those of the worst face."""
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder, "demo.mp4")
        make_clip(demo, SENTENCES, build("tts", "flite", **VOICE))
        paced = pace(demo, SECONDS)
        every = (demo, *clips)
        faces = [judge_face(clip, FRAMES) for clip in every]
        drift = measure_drift()
        skews = [_skew(clip, Path(folder, f"{number}.mp4")) for number, clip in enumerate(every)]
    figures = {
        "path_cpu_ms": Figure(paced.path_ms, "CPU-ms", at_most=6),
        "overlay_cpu_ms": Figure(paced.overlay_ms, "CPU-ms"),
        "late_frames": Figure(paced.late, at_most=0),
        "core_share": Figure(paced.core_share, at_most=0.25),
        "skew_max_ms": Figure(1000 * max(abs(one.seconds) for one in skews), "ms", at_most=40),
        "skew_drift_ms_10min": Figure(1000 * drift.seconds, "ms", at_most=10),
        "skew_10min_max_ms": Figure(
            1000 * max(abs(one.seconds) for one in drift.skews), "ms", at_most=40
        ),
        **_worst(faces),
    }
    for clip, face, skew in zip(every, faces, skews, strict=True):
        figures |= _of(clip.stem, face, skew)
    return figures


def _skew(clip: Path, target: Path) -> Skew:
    """Of the voice and the mouth in the translated file."""
    config = Config(
        voice=Voice(original="off"), captions=Captions(show=False), picture=Picture(badge=False)
    )
    ClipTranslation(ClipJob(clip, target), config).run()
    return seen_skew(target)


def _worst(faces: list[FaceFigures]) -> dict[str, Figure]:
    return {
        "mouth_correlation": Figure(min(face.correlation for face in faces), at_least=0.92),
        "neutral_residual": Figure(max(face.residual for face in faces), at_most=0.15),
        "outside_psnr_db": Figure(min(face.outside_db for face in faces), "dB", at_least=999),
        "lost_faces": Figure(sum(face.lost for face in faces), "frames"),
    }


def _of(name: str, face: FaceFigures, skew: Skew) -> dict[str, Figure]:
    return {
        f"{name}_mouth_correlation": Figure(face.correlation),
        f"{name}_neutral_residual": Figure(face.residual),
        f"{name}_skew_ms": Figure(1000 * skew.seconds, "ms"),
        f"{name}_skew_confidence": Figure(skew.confidence),
    }
