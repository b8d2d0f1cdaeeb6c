"""What was heard, said and when in a translated clip, for programs."""

import json
from typing import Any

from app.clip import ClipResult
from core.events import Fate
from core.timeline import Placed


def report(result: ClipResult) -> str:
    """One JSON object."""
    source, target = result.languages
    return json.dumps(
        {
            "source": str(result.info.path),
            "target": str(result.target),
            "from": source,
            "to": target,
            "duration": round(result.info.duration, 3),
            "engines": list(result.engines),
            "synthetic_voice": True,
            "segments": [_segment(result, placed) for placed in result.placed],
            "failed": {
                str(number): reason
                for number, (fate, reason) in sorted(result.fates.items())
                if fate is Fate.FAILED
            },
            "warnings": result.warnings,
        },
        ensure_ascii=False,
        indent=2,
    )


def _segment(result: ClipResult, placed: Placed) -> dict[str, Any]:
    translation, segment = placed.speech.translation, placed.speech.segment
    fate, reason = result.fates.get(segment.number, (Fate.SPOKEN, ""))
    return {
        "number": segment.number,
        "start": round(segment.start, 3),
        "end": round(segment.end, 3),
        "cut": segment.cut,
        "text": translation.transcript.text,
        "confidence": round(translation.transcript.confidence, 3),
        "translation": translation.text,
        "fate": fate.value,
        "reason": reason,
        "voice": {
            "start": round(placed.start, 3),
            "end": round(placed.end, 3),
            "tempo": round(placed.tempo, 3),
            "lag": round(placed.lag, 3),
        },
    }
