"""Reading a checkpoint of Wav2Lip that the user supplied. Nothing in the file is ever executed."""

import pickle
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from core.errors import EngineUnavailable
from engines.lips.wav2lip_model import Wav2Lip, of_weights

_PARALLEL = "module."


def read_checkpoint(path: Path) -> Wav2Lip:
    """The network in a `.pth`: the weights alone, or under "state_dict" beside whatever training
    needed, with or without DataParallel's prefix. EngineUnavailable says what is wrong."""
    weights = _weights(path, _load(path))
    try:
        return of_weights(weights)
    except ValueError as exc:
        raise EngineUnavailable(f"{path.name} is not a Wav2Lip generator: {exc}.") from exc


def _load(path: Path) -> object:
    try:
        with warnings.catch_warnings():
            # Old pickles are warned about, then read or refused all the same.
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except OSError as exc:
        raise EngineUnavailable(f"{path} cannot be read: {exc.strerror or exc}.") from exc
    except pickle.UnpicklingError as exc:
        raise EngineUnavailable(
            f"{path.name} holds more than weights, or is no PyTorch file; it was not opened, since "
            "such a file can run programs. Take a checkpoint that holds weights only."
        ) from exc
    # What torch raises for damaged files has no type of its own.
    except (RuntimeError, EOFError, ValueError, KeyError, AttributeError, TypeError) as exc:
        raise EngineUnavailable(
            f"{path.name} cannot be read as a PyTorch checkpoint: it is damaged, incomplete, or a "
            "TorchScript program. Copy or download it again."
        ) from exc


def _weights(path: Path, loaded: object) -> Mapping[str, Any]:
    if isinstance(loaded, Mapping) and isinstance(loaded.get("state_dict"), Mapping):
        loaded = loaded["state_dict"]
    if not isinstance(loaded, Mapping) or not all(
        isinstance(name, str) and isinstance(value, torch.Tensor) for name, value in loaded.items()
    ):
        raise EngineUnavailable(f"{path.name} holds no weights by name, as a checkpoint would.")
    return {name.removeprefix(_PARALLEL): value for name, value in loaded.items()}
