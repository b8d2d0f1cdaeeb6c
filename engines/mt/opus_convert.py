"""From an Opus-MT model as the hub holds it to the form that CTranslate2 runs.

Needs torch and transformers (the extra `neural`). Nothing in the files is executed: a pickle is
read for its weights alone, and refused if it holds anything else.
"""

import pickle
import shutil
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sentencepiece
import torch
from ctranslate2.converters import TransformersConverter
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from transformers.utils import logging as transformers_logging

from core.errors import EngineUnavailable

KEPT = ("source.spm", "target.spm")
_SPECIAL = ("</s>", "<unk>")
_NEEDED = ("config.json", "vocab.json", "tokenizer_config.json", *KEPT)


def convert(folder: Path, to: Path, quantization: str = "int8") -> None:
    """Writes model.bin, its vocabularies and the tokenizers into `to`. EngineUnavailable says which
    file is missing or damaged."""
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if missing:
        raise EngineUnavailable(f"The model in {folder} lacks {' and '.join(missing)}.")
    with TemporaryDirectory() as scratch:
        safe = Path(scratch)
        for name in (*_NEEDED, "generation_config.json"):
            if (folder / name).is_file():
                shutil.copy(folder / name, safe / name)
        _weights(folder, safe / "model.safetensors")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _convert(folder, safe, to, quantization)
    for name in KEPT:
        shutil.copy(folder / name, to / name)


def _convert(folder: Path, safe: Path, to: Path, quantization: str) -> None:
    try:
        transformers_logging.disable_progress_bar()
        _Converter(safe).convert(str(to), quantization=quantization, force=True)
    except (RuntimeError, ValueError, OSError, KeyError, TypeError, AttributeError) as exc:
        raise EngineUnavailable(
            f"The model in {folder} cannot be converted ({exc}). It must be an Opus-MT (Marian) "
            "model in the form of transformers."
        ) from exc


class _Converter(TransformersConverter):  # type: ignore[misc]
    """Opus-MT has one vocabulary for both languages; what a decoder was taught to say are the
    pieces of the target's tokenizer. To weigh up the others at each step takes a third of the
    time, and they are never right."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))

    def _load(self) -> Any:
        spec = super()._load()
        (tokens,) = spec._vocabularies["target"]
        said = {self._pieces.id_to_piece(one) for one in range(self._pieces.get_piece_size())}
        kept = [number for number, one in enumerate(tokens) if one in said or one in _SPECIAL]
        for part in (spec.decoder.embeddings, spec.decoder.projection):
            part.weight = part.weight[kept]
        if spec.decoder.projection.has_bias():
            spec.decoder.projection.bias = spec.decoder.projection.bias[kept]
        spec._vocabularies["target"] = [[tokens[number] for number in kept]]
        return spec


def _weights(folder: Path, to: Path) -> None:
    ready = folder / "model.safetensors"
    if ready.is_file():
        try:
            with safe_open(ready, "pt") as held:
                held.keys()
        except (SafetensorError, OSError) as exc:
            raise EngineUnavailable(f"{ready.name} is damaged ({exc}); get it again.") from exc
        shutil.copy(ready, to)
        return
    pickled = folder / "pytorch_model.bin"
    if not pickled.is_file():
        raise EngineUnavailable(
            f"The model in {folder} has no weights: neither model.safetensors nor "
            "pytorch_model.bin."
        )
    save_file({name: one.clone().contiguous() for name, one in _read(pickled).items()}, to)


def _read(path: Path) -> dict[str, torch.Tensor]:
    try:
        with warnings.catch_warnings():
            # Old pickles are warned about, then read or refused all the same.
            warnings.simplefilter("ignore")
            found = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as exc:
        raise EngineUnavailable(
            f"{path.name} holds more than weights; it was not opened, since such a file can run "
            "programs. Take a model with model.safetensors."
        ) from exc
    except (RuntimeError, EOFError, ValueError, KeyError, OSError) as exc:
        raise EngineUnavailable(f"{path.name} is damaged ({exc}); get it again.") from exc
    if not isinstance(found, dict) or not all(torch.is_tensor(one) for one in found.values()):
        raise EngineUnavailable(f"{path.name} holds no weights by name, as a model would.")
    return found
