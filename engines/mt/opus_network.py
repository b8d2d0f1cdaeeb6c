"""One Opus-MT model, on CTranslate2 or on transformers: a sentence in, its likeliest translations
out. Both take the same tokens: sentencepiece's, by the model's own two files."""

import json
import re
from pathlib import Path
from typing import Any, Protocol

import ctranslate2
import sentencepiece

from core.errors import EngineFailed, EngineUnavailable, UsageError
from core.text.languages import language_code, language_name
from engines.device import Device
from engines.mt.search import LONGEST, Search

_TAG = re.compile(r">>(\w+)<<")
_END = "</s>"
SOURCE_VOCABULARIES = ("source_vocabulary.json", "shared_vocabulary.json")
"""One of them is part of a model in CTranslate2's form."""

# Moses' normaliser does this to the texts that the models are trained on.
_NORMAL = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "…": "..."}  # noqa: RUF001
)


class Network(Protocol):
    """A model in memory. One thread at a time."""

    tags: tuple[str, ...]
    note: str
    """Where and how precisely it computes, for the user."""

    def translate(self, tokens: list[str], search: Search, count: int) -> list[list[str]]:
        """The `count` likeliest translations, best first. EngineFailed when it breaks."""
        ...

    def close(self) -> None: ...


class Ct2Network:
    """On CTranslate2: eight bits on the processor, FP16 on a graphics card; one thread."""

    def __init__(self, folder: Path, device: Device) -> None:
        self.tags = tuple(one for one in _vocabulary(folder) if _TAG.fullmatch(one))
        self.note = device.note
        try:
            self._model = ctranslate2.Translator(
                str(folder),
                device=device.name,
                device_index=device.card,
                compute_type=device.precision,
                inter_threads=1,
                intra_threads=1,
            )
        # CTranslate2 raises nothing narrower for damaged files and too little memory.
        except (RuntimeError, ValueError, MemoryError) as exc:
            raise _cannot_load(folder, exc) from exc

    def translate(self, tokens: list[str], search: Search, count: int) -> list[list[str]]:
        try:
            (result,) = self._model.translate_batch(
                [[*tokens, _END]],
                beam_size=max(search.beam, count),
                length_penalty=search.length,
                num_hypotheses=count,
                max_decoding_length=search.most(len(tokens)),
                disable_unk=True,
            )
        except (RuntimeError, ValueError) as exc:
            raise EngineFailed(f"The translation model stopped working: {exc}") from exc
        found: list[list[str]] = result.hypotheses
        return found

    def close(self) -> None:
        self._model.unload_model()


class TransformersNetwork:
    """On transformers: FP32 on the processor, FP16 on a graphics card. Needs the extra `neural`;
    a third as fast as CTranslate2 on a processor."""

    def __init__(self, folder: Path, device: Device) -> None:
        try:
            import torch
            from transformers import MarianMTModel
        except ImportError as exc:
            raise EngineUnavailable(f"The back end transformers needs {exc.name}.") from exc
        self._torch = torch
        self._ids = _ids(folder)
        self._pieces = {number: piece for piece, number in self._ids.items()}
        self.tags = tuple(one for one in self._ids if _TAG.fullmatch(one))
        card = device.name == "cuda"
        self._where = f"cuda:{device.card}" if card else device.name
        precision = torch.float16 if card else torch.float32
        self.note = f"transformers, FP{16 if card else 32} {device.place}"
        try:
            self._model = MarianMTModel.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, dtype=precision
            )
            self._model.to(self._where).eval()
        except (OSError, ValueError, RuntimeError, KeyError) as exc:
            raise _cannot_load(folder, exc) from exc

    def translate(self, tokens: list[str], search: Search, count: int) -> list[list[str]]:
        unknown = self._ids["<unk>"]
        ids = [self._ids.get(token, unknown) for token in (*tokens, _END)]
        settings: dict[str, Any] = {"num_beams": max(search.beam, count)}
        settings |= {"length_penalty": search.length} if settings["num_beams"] > 1 else {}
        try:
            with self._torch.inference_mode():
                found = self._model.generate(
                    self._torch.tensor([ids], device=self._where),
                    num_return_sequences=count,
                    max_length=search.most(len(tokens)),
                    do_sample=False,
                    **settings,
                )
        except (RuntimeError, ValueError) as exc:
            raise EngineFailed(f"The translation model stopped working: {exc}") from exc
        return [self._told(row) for row in found.tolist()]

    def close(self) -> None:
        del self._model

    def _told(self, ids: list[int]) -> list[str]:
        pieces = (self._pieces.get(number, "") for number in ids)
        return [piece for piece in pieces if piece not in (_END, "<pad>", "<unk>")]


class Model:
    """A model with its tokenizer, for one target language."""

    def __init__(self, folder: Path, target: str, device: Device, backend: str = "auto") -> None:
        """`backend` is ctranslate2, transformers, or auto: by the files that are there.
        EngineUnavailable when they are not all there, damaged, or for other languages."""
        self._source = _pieces(folder / "source.spm")
        self._target = _pieces(folder / "target.spm")
        self._network = _network(folder, device, backend)
        self._tag = _tag(self._network.tags, target, folder.name)
        self.note = self._network.note

    def translate(self, sentence: str, search: Search, count: int = 1) -> list[str]:
        pieces = self._source.encode(sentence.translate(_NORMAL), out_type=str)[:LONGEST]
        if not pieces:
            return [""]
        found = self._network.translate([*self._tag, *pieces], search, count)
        return [self._target.decode(one).strip() for one in found]

    def close(self) -> None:
        self._network.close()


def _network(folder: Path, device: Device, backend: str) -> Network:
    if backend not in ("auto", "ctranslate2", "transformers"):
        raise UsageError(f"There is no back end {backend!r}: auto, ctranslate2, transformers.")
    converted = (folder / "model.bin").is_file()
    if backend == "ctranslate2" or (backend == "auto" and converted):
        if not converted:
            raise EngineUnavailable(
                f"The model in {folder} is not in CTranslate2's form: model.bin is missing. Make "
                "it with `translated-camera models import`."
            )
        return Ct2Network(folder, device)
    if not (folder / "model.safetensors").is_file():
        raise EngineUnavailable(
            f"There is no translation model in {folder}: neither model.bin (CTranslate2) nor "
            "model.safetensors (transformers). Get it again with `translated-camera models pull`."
        )
    return TransformersNetwork(folder, device)


def _tag(tags: tuple[str, ...], target: str, name: str) -> tuple[str, ...]:
    """What tells a model for several languages which one is wanted."""
    if not tags:
        return ()
    for tag in sorted(tags, key=len):
        if _language(tag) == target:
            return (tag,)
    known = ", ".join(sorted({code for tag in tags if (code := _language(tag))}))
    raise EngineUnavailable(
        f"The model {name} does not translate into {language_name(target)}; it knows {known}."
    )


def _language(tag: str) -> str:
    try:
        return language_code(tag[2:-2])
    except UsageError:
        return ""


def _pieces(path: Path) -> Any:
    if not path.is_file():
        raise EngineUnavailable(
            f"The translation model in {path.parent} lacks {path.name}. Get it again with "
            "`translated-camera models pull`."
        )
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as exc:
        raise _cannot_load(path.parent, exc) from exc


def _vocabulary(folder: Path) -> list[str]:
    """What is understood."""
    for name in SOURCE_VOCABULARIES:
        try:
            return list(json.loads((folder / name).read_text("utf-8")))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, TypeError) as exc:
            raise _cannot_load(folder, exc) from exc
    return []


def _ids(folder: Path) -> dict[str, int]:
    try:
        return {str(k): int(v) for k, v in json.loads((folder / "vocab.json").read_text()).items()}
    except (OSError, ValueError, AttributeError) as exc:
        raise _cannot_load(folder, exc) from exc


def _cannot_load(folder: Path, exc: BaseException) -> EngineUnavailable:
    return EngineUnavailable(
        f"The translation model in {folder} cannot be loaded ({exc}). Check it with "
        "`translated-camera models verify`, or get it again."
    )
