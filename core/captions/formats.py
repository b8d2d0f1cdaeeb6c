"""Captions written as SubRip, WebVTT, plain text or JSON."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from core.captions.caption import Caption
from core.captions.cues import Cue, cues
from core.captions.wrap import clean
from core.errors import UsageError

SIDES = {
    "source": ("source",),
    "translation": ("translation",),
    "both": ("source", "translation"),
}


def export(captions: Iterable[Caption], form: str, side: str = "both") -> str:
    """The captions as the contents of a file, to be written as UTF-8.

    `form` is "srt", "vtt", "txt" or "json"; `side` is "source", "translation" or "both".
    """
    write, sides = FORMATS.get(form), SIDES.get(side)
    if write is None:
        raise UsageError(f"Captions cannot be written as {form!r}; choose {_or(FORMATS)}.")
    if sides is None:
        raise UsageError(f"Captions have no side {side!r}; choose {_or(SIDES)}.")
    return write([replace(one, speaker=clean(one.speaker)) for one in captions], sides)


def _srt(captions: Sequence[Caption], sides: Sequence[str]) -> str:
    blocks = (
        f"{number}\n{_time(cue.start, ',')} --> {_time(cue.end, ',')}\n{_plain(cue)}\n"
        for number, cue in enumerate(cues(captions, sides), start=1)
    )
    return "\n".join(blocks)


def _vtt(captions: Sequence[Caption], sides: Sequence[str]) -> str:
    """A speaker is a voice span, as WebVTT has it: players show the name or style by it."""
    blocks = (
        f"{number}\n{_time(cue.start, '.')} --> {_time(cue.end, '.')}\n{_voiced(cue)}\n"
        for number, cue in enumerate(cues(captions, sides), start=1)
    )
    return "\n".join(["WEBVTT\n", *blocks])


def _txt(captions: Sequence[Caption], sides: Sequence[str]) -> str:
    """A paragraph a caption: a line for each text that it has."""
    told = (
        (one.speaker, [clean(getattr(one, side)) for side in sides]) for one in _in_order(captions)
    )
    paragraphs = [
        f"{speaker and speaker + ': '}" + "\n".join(filter(None, texts))
        for speaker, texts in told
        if any(texts)
    ]
    between = "\n" if len(sides) == 1 else "\n\n"
    return between.join(paragraphs) + "\n" if paragraphs else ""


def _json(captions: Sequence[Caption], sides: Sequence[str]) -> str:
    entries = [
        {
            "number": caption.number,
            "start": round(float(caption.start), 3),
            "end": round(float(caption.end), 3),
            **({"speaker": caption.speaker} if caption.speaker else {}),
            **{side: _encodable(getattr(caption, side)) for side in sides},
        }
        for caption in _in_order(captions)
    ]
    return json.dumps({"captions": entries}, ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, Callable[[Sequence[Caption], Sequence[str]], str]] = {
    "srt": _srt,
    "vtt": _vtt,
    "txt": _txt,
    "json": _json,
}


def _in_order(captions: Sequence[Caption]) -> list[Caption]:
    return sorted(captions, key=lambda caption: (caption.start, caption.number))


def _plain(cue: Cue) -> str:
    """SubRip has no escapes: an arrow of its own would end the cue for some players. Nor has it
    speakers: they are told as a reader would write it."""
    name = f"{cue.speaker}: " if cue.speaker else ""
    return (name + "\n".join(cue.lines)).replace("-->", "\N{RIGHTWARDS ARROW}")


def _voiced(cue: Cue) -> str:
    text = _escaped("\n".join(cue.lines))
    return f"<v {_escaped(cue.speaker)}>{text}" if cue.speaker else text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(milliseconds: int, mark: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{mark}{rest:03d}"


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _or(names: Iterable[str]) -> str:
    *front, last = names
    return f"{', '.join(front)} or {last}"
