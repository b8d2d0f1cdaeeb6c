"""`translate IN OUT`: settings and options in, a clip, captions and a report out."""

from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from app.clip import ClipResult, ClipTranslation
from app.clip_output import ClipJob
from app.clip_report import report
from app.placement import placed
from app.settings import load_asked
from app.side_files import caption_files, refuse, write_text
from core.captions import export
from core.config import Config, Picture
from core.errors import UsageError
from core.events import Fate
from core.text.languages import DETECT, language_code, language_name


@dataclass(frozen=True)
class Request:
    """The command line as it was given; empty means: as the settings say."""

    source: Path
    target: Path
    from_: str = ""
    to: str = ""
    original: str = ""
    captions: tuple[str, ...] = ()
    json: Path | None = None
    keep: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    config: Path | None = None
    lips: str = ""
    badge: bool | None = None
    burn: bool = False
    speaker: str = ""
    placement: tuple[str, ...] = ()
    broker: str = ""
    force: bool = False
    sequential: bool = False
    quiet: bool = False


def run(request: Request) -> ClipResult:
    """Translates; raises what could not be done. Prints what a person wants to know."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, quiet=request.quiet)
    config = _configured(request, console)
    _refuse(request, config)
    job = ClipJob(
        request.source, request.target, request.force, request.sequential, request.speaker
    )
    with _progress(console) as bar:
        task = bar.add_task(request.target.name, total=None)
        result = ClipTranslation(
            job, config, lambda done, whole: bar.update(task, completed=done, total=whole)
        ).run()
    _write_besides(request, result)
    _summarise(console, result)
    return result


def _refuse(request: Request, config: Config) -> None:
    """Whatever can be seen to go wrong before any work is done."""
    languages = config.languages
    if languages.source == DETECT:
        raise UsageError(
            "Which language is spoken in a recording is for you to say: --from CODE. (A live"
            " session finds it out.)"
        )
    codes = (language_code(languages.source), language_code(languages.target))
    if codes[0] == codes[1]:
        raise UsageError(f"From {language_name(codes[0])} to itself: nothing to translate.")
    besides = caption_files(request.target, request.captions, codes)
    besides += [request.json] if request.json is not None else []
    refuse(besides, request.source, request.target, overwrite=request.force)


def _configured(request: Request, console: Console) -> Config:
    loaded = load_asked(request.config)
    for problem in loaded.problems:
        console.print(problem.told, markup=False)
    config = loaded.config
    languages = replace(
        config.languages,
        source=request.from_ or config.languages.source,
        target=request.to or config.languages.target,
    )
    text = replace(
        config.text,
        keep=(*config.text.keep, *request.keep),
        glossary={**config.text.glossary, **dict(map(_term, request.terms))},
    )
    voice = replace(config.voice, original=request.original or config.voice.original)
    return replace(
        config,
        languages=languages,
        text=text,
        voice=voice,
        engines=replace(config.engines, lips=request.lips or config.engines.lips),
        captions=replace(config.captions, show=request.burn),
        placement=placed(config.placement, request.placement, request.broker),
        picture=_picture(config.picture, request),
    )


def _picture(settings: Picture, request: Request) -> Picture:
    """In a recording nobody waits for the floor. A picture that stays as it is carries no badge
    unless it is asked for."""
    badge = request.badge
    if badge is None:
        badge = settings.badge and request.lips != "off"
    return replace(settings, floor=False, badge=badge)


def _term(given: str) -> tuple[str, str]:
    source, equals, target = given.partition("=")
    if not (equals and source.strip() and target.strip()):
        raise UsageError(f"A term is given as SOURCE=TARGET, not as {given!r}.")
    return source.strip(), target.strip()


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=console.quiet or not console.is_terminal,
    )


def _write_besides(request: Request, result: ClipResult) -> None:
    """Captions and the report, where they were asked for."""
    for form in request.captions:
        files = caption_files(request.target, (form,), result.languages)
        for side, path in zip(("source", "translation"), files, strict=True):
            write_text(path, export(result.captions, form, side))
    if request.json is not None:
        write_text(request.json, report(result))
    if not result.captions_held and not request.captions:
        result.warnings.append("--captions srt writes them beside it.")


def _summarise(console: Console, result: ClipResult) -> None:
    say = console.print
    for reason in result.engines:
        say(reason, markup=False)
    counts = {fate: result.count(fate) for fate in Fate}
    told = ", ".join(f"{count} {fate.value}" for fate, count in counts.items() if count)
    say(f"{result.target}: {told}.", markup=False)
    for number, (fate, reason) in sorted(result.fates.items()):
        if fate in (Fate.FAILED, Fate.CAPTION):
            say(f"  segment {number + 1} {fate.value}: {reason}", markup=False)
    for warning in result.warnings:
        say(warning, markup=False)
