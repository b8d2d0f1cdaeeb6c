"""What is known about a speaker's mouth, in a file: plain arrays, nothing that can run."""

import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from core.errors import CannotWrite, UnreadableInput
from engines.lips.bank import PATCH, MouthBank, View
from engines.lips.head import NosedHead
from engines.lips.own_lips import ClosedLips, OwnLips
from engines.lips.points import LIPS
from engines.lips.rest import RestModel

_FORMAT = 1
_REST = ("moments", "products", "usual_width", "weight")


def save(path: Path, head: NosedHead, rest: RestModel, bank: MouthBank, lips: OwnLips) -> None:
    """CannotWrite when the file cannot be written."""
    cells, views = list(bank.views), list(bank.views.values())
    arrays: dict[str, Any] = {"format": _FORMAT, "seen": head.seen, "cells": np.array(cells)}
    if head.nose is not None:
        arrays["nose"] = head.nose
    arrays |= {f"rest_{name}": getattr(rest, name) for name in _REST}
    for field in fields(View):
        arrays[f"view_{field.name}"] = np.array([getattr(view, field.name) for view in views])
    arrays["lips_places"] = np.array(list(lips.views), np.int64)
    for field in fields(ClosedLips):
        values = [getattr(view, field.name) for view in lips.views.values()]
        arrays[f"lips_{field.name}"] = np.array(values)
    partial = path.with_name(f".{path.name}.{uuid4().hex[:8]}.partial")
    try:
        with partial.open("wb") as file:
            np.savez_compressed(file, **arrays)
        partial.replace(path)
    except OSError as exc:
        partial.unlink(missing_ok=True)
        raise CannotWrite(f"The mouth bank cannot be written to {path}: {exc.strerror}.") from exc


def load(path: Path) -> tuple[NosedHead, RestModel, MouthBank, OwnLips]:
    """UnreadableInput when the file is missing, damaged or something else."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return _read({name: arrays[name] for name in arrays.files})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as exc:
        raise UnreadableInput(f"{path} holds no mouth bank that can be read.") from exc


def _read(arrays: dict[str, Any]) -> tuple[NosedHead, RestModel, MouthBank, OwnLips]:
    if int(arrays["format"]) != _FORMAT:
        raise ValueError("another format")
    head, rest, bank = NosedHead(), RestModel(), MouthBank()
    head.seen = int(arrays["seen"])
    head.nose = np.asarray(arrays["nose"], np.float64).reshape(3) if "nose" in arrays else None
    rest.moments = _like(rest.moments, arrays["rest_moments"])
    rest.products = _like(rest.products, arrays["rest_products"])
    rest.usual_width, rest.weight = float(arrays["rest_usual_width"]), float(arrays["rest_weight"])
    columns = [arrays[f"view_{field.name}"] for field in fields(View)]
    for cell, *values in zip(arrays["cells"].tolist(), *columns, strict=True):
        bank.views[(int(cell[0]), int(cell[1]), int(cell[2]))] = _view(*values)
    lips = OwnLips()
    kept = [arrays[f"lips_{field.name}"] for field in fields(ClosedLips)]
    for place, *values in zip(arrays["lips_places"].tolist(), *kept, strict=True):
        lips.views[int(place)] = _closed_lips(*values)
    return head, rest, bank, lips


def _like(wanted: Any, found: Any) -> Any:
    if found.shape != wanted.shape or not np.isfinite(found).all():
        raise ValueError("not the shape of a mouth")
    return np.asarray(found, np.float64)


def _view(image: Any, top: Any, bottom: Any, *rest: Any) -> View:
    split, gap, width, facing, skin, quality, teeth, floor, dark = rest
    if image.shape != (PATCH[1], PATCH[0], 3) or image.dtype != np.uint8:
        raise ValueError("not a view of a mouth")
    numbers = (float(split), float(gap), float(width))
    facing = (float(facing[0]), float(facing[1]))
    edges = (top.astype(np.float32), bottom.astype(np.float32))
    light = skin.astype(np.float32)
    dark = dark.astype(np.float32)
    looks = (float(quality), float(teeth), float(floor))
    return View(image, *edges, *numbers, facing, light, *looks, dark)


def _closed_lips(image: Any, points: Any, skin: Any, quality: Any, facing: Any) -> ClosedLips:
    if image.shape != (PATCH[1], PATCH[0], 3) or image.dtype != np.uint8:
        raise ValueError("not a view of a mouth")
    if points.shape != (len(LIPS), 2) or not np.isfinite(points).all():
        raise ValueError("not the points of lips")
    numbers = (float(quality), (float(facing[0]), float(facing[1])))
    return ClosedLips(image, points.astype(np.float32), skin.astype(np.float32), *numbers)
