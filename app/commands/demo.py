"""`demo`: a clip of a speaker who does not exist, made here, and its translation."""

from pathlib import Path

from rich.console import Console

from app.commands.translate import Request
from app.commands.translate import run as translate
from core.errors import CannotWrite, UsageError
from core.text.languages import language_code
from engines.demo.clip import make_clip
from engines.registry import build

LANGUAGE = "en"
# flite's male voice is the synthetic one that the basic recogniser understands.
VOICE = {"language": LANGUAGE, "voice": "rms"}
SENTENCES = (
    "Hello, my name is nobody, and this is a demonstration.",
    "I speak English, and you hear me in another language.",
    "We have a lot of work to do, but we can finish it before the summer.",
    "Please tell me when you have time for the meeting.",
    "Thank you very much, and good bye.",
)


def run(folder: Path, to: str, *, force: bool) -> None:
    """Writes two clips into the folder: as spoken, and translated."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    if not folder.is_dir():
        there = "is not a folder" if folder.exists() else "does not exist"
        raise CannotWrite(f"{str(folder)!r} {there}; name a folder to write the clips into.")
    if language_code(to) == LANGUAGE:
        raise UsageError("The demo speaks English; choose another language to translate into.")
    spoken, translated = (folder / f"demo-{code}.mp4" for code in (LANGUAGE, to))
    for clip in (spoken, translated):
        if clip.exists() and not force:
            raise CannotWrite(f"{clip} exists already; use --force to replace it.")
    console.print(f"Making {spoken}: a drawn face and a synthetic voice; they are nobody's.")
    make_clip(spoken, SENTENCES, build("tts", "flite", **VOICE), overwrite=force)
    translate(Request(spoken, translated, from_=LANGUAGE, to=to, force=force))
