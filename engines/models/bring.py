"""A model from the user's disk or stick, for machines without a network."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import EngineUnavailable, UnreadableInput, UsageError
from core.text.languages import language_code
from engines.models import licences
from engines.models.catalogue import Entry, entries
from engines.models.place import contents, settle, working
from engines.models.store import ANY_LANGUAGE, Installed, root

_PAIR = re.compile(r"opus-mt-([a-z]{2,3})-([a-z]{2,3})(?:$|-)", re.IGNORECASE)
_VOCABULARIES = {"source_vocabulary.json", "shared_vocabulary.json"}
_TOKENIZERS = {"source.spm", "target.spm"}
_WHISPER = {"config.json", "model.bin", "tokenizer.json"}
_XTTS = {"config.json", "model.pth", "vocab.json"}
_TAG = re.compile(r">>(\w+)<<")


@dataclass(frozen=True)
class _Found:
    """What a folder or file turned out to hold."""

    kind: str
    form: str
    languages: tuple[str, ...]
    paths: tuple[Path, ...]
    convert: bool = False


def bring(
    path: Path, *, name: str = "", accept: bool = False, folder: Path | None = None
) -> Installed:
    """Copy a model into the folder of models, converted where need be and tried out.

    A Whisper in faster-whisper's form, an Opus-MT in CTranslate2's or transformers' form, a Piper
    voice (the .onnx with its .json beside it), Smart Turn, an XTTS. One that has the name of a
    catalogue entry gets its licence, which must be accepted; of another one nothing is known.
    UnreadableInput when there is nothing of the kind, EngineUnavailable when it does not work.
    """
    if not path.exists():
        raise UnreadableInput(f"There is no {path}.")
    found = _found(path)
    name = (name or _name(path)).lower().replace("_", "-").replace(" ", "-")
    known = next((one for one in entries() if one.name == name), None)
    where = folder or root()
    if known is not None:
        if known.form != found.form:
            raise UsageError(f"{path} is not the {known.title} that the catalogue means.")
        licences.require(known, accept, where)
    with working(name, where) as place:
        place.made.mkdir()
        if found.convert:
            from engines.mt.opus_convert import convert

            convert(path, place.made)
        else:
            for one in found.paths:
                shutil.copyfile(one, place.made / one.name)
        try:
            return settle(_record(name, found, known, place.made), place)
        except EngineUnavailable as exc:
            raise EngineUnavailable(_of_the_source(str(exc), place.made, path)) from exc


def _of_the_source(said: str, made: Path, path: Path) -> str:
    """What an engine says of the copy, said of what the user gave."""
    reason, _, _ = said.replace(str(made), str(path)).partition(" Check it with")
    return f"{reason} It was not taken; copy it once more from where it comes from."


def _record(name: str, found: _Found, known: Entry | None, made: Path) -> Installed:
    held = contents(made)
    if known is not None:
        return known.installed(made, held)
    return Installed(
        name,
        found.kind,
        made,
        form=found.form,
        languages=found.languages,
        licence="not known",
        commercial=found.form != "xtts",
        rank=5,
        card=found.form == "xtts",
        source="from this computer",
        files=held,
    )


def _name(path: Path) -> str:
    return path.stem if path.is_file() else path.resolve().name


def _found(path: Path) -> _Found:
    if path.is_file():
        return _network(path)
    names = {one.name for one in path.iterdir()}
    if names >= _TOKENIZERS:
        return _translator(path, names)
    if names >= _WHISPER:
        multilingual = bool(_json(path / "config.json").get("lang_ids", True))
        known = (ANY_LANGUAGE,) if multilingual else ("en",)
        return _Found("stt", "whisper", known, _files(path))
    if names >= _XTTS:
        languages = tuple(_codes(_json(path / "config.json").get("languages", ["en"])))
        return _Found("tts", "xtts", languages, _files(path))
    networks = sorted(path.glob("*.onnx"))
    if len(networks) == 1:
        return _network(networks[0])
    raise UnreadableInput(
        f"{path} holds no model that is known here: a folder of faster-whisper, of Opus-MT or of "
        f"XTTS, or a Piper voice.{_lacking(names)}"
    )


def _lacking(names: set[str]) -> str:
    """Which file would make one of it."""
    forms = {"an Opus-MT": _TOKENIZERS, "a Whisper": _WHISPER, "an XTTS": _XTTS}
    for what, needed in forms.items():
        missing = needed - names
        if len(missing) == 1 and needed & names:
            return f" To be {what}, it lacks {missing.pop()}."
    return " Are all of its files there?"


def _network(path: Path) -> _Found:
    described = path.with_name(f"{path.name}.json")
    if path.suffix == ".onnx" and described.is_file():
        espeak = _json(described).get("espeak", {})
        spoken = tuple(_codes([espeak.get("voice", "")]))
        if not spoken:
            raise UnreadableInput(f"{described.name} does not say which language is spoken.")
        return _Found("tts", "piper", spoken, (path, described))
    if path.suffix == ".onnx" and "smart-turn" in path.name:
        return _Found("turn", "smart-turn", (ANY_LANGUAGE,), (path,))
    raise UnreadableInput(
        f"{path.name} is no model that is known here. A Piper voice needs its .onnx.json beside it."
    )


def _translator(path: Path, names: set[str]) -> _Found:
    converted = {"model.bin", "config.json"} <= names and bool(_VOCABULARIES & names)
    if not converted and _json(path / "config.json").get("model_type") != "marian":
        raise EngineUnavailable(f"{path} is a translation model, but no Opus-MT (Marian).")
    pairs = _pairs(path)
    if not pairs:
        raise UsageError(
            f"{path} does not say which languages it translates. Name it so: --name opus-mt-en-es."
        )
    return _Found("mt", "opus", pairs, _files(path), convert=not converted)


def _pairs(path: Path) -> tuple[str, ...]:
    """By its tags, by what its tokenizer says, or by the name of the folder."""
    told = _json(path / "tokenizer_config.json")
    source, target = str(told.get("source_lang", "")), str(told.get("target_lang", ""))
    if match := _PAIR.search(path.resolve().name):
        source, target = source or match[1], target or match[2]
    for name in (*_VOCABULARIES, "vocab.json"):
        if (path / name).is_file():
            tokens = json.loads((path / name).read_text("utf-8"))
            tags = [match[1] for token in tokens if (match := _TAG.fullmatch(token))]
            if tags:
                spoken = (_codes([source]) or ["en"])[0]
                return tuple(f"{spoken}-{code}" for code in _codes(tags))
    codes = _codes([source, target])
    return ("-".join(codes),) if len(codes) == 2 else ()


def _codes(given: Any) -> list[str]:
    found: list[str] = []
    for one in given:
        try:
            found.append(language_code(str(one)))
        except UsageError:
            continue
    return list(dict.fromkeys(found))


def _files(path: Path) -> tuple[Path, ...]:
    """Links are followed: a folder of the hub's cache is made of them."""
    return tuple(sorted(one for one in path.iterdir() if one.is_file()))


def _json(path: Path) -> Mapping[str, Any]:
    try:
        given = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as exc:
        raise UnreadableInput(f"{path} cannot be understood: {exc}.") from exc
    return given if isinstance(given, dict) else {}
