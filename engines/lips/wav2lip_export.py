"""From a Wav2Lip network in PyTorch to ONNX."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from engines.lips.wav2lip_model import Wav2Lip, folded

MEL, FACE, DRAWN = "mel", "face", "drawn"
_OPSET = 18
_CHATTY = ("onnxscript", "onnx_ir", "torch.onnx._internal.exporter._registration")


def export(network: Wav2Lip, path: Path) -> None:
    """One picture at a time, FP32, without batch norms."""
    example = (torch.zeros(1, 1, 80, 16), torch.zeros(1, 6, 96, 96))
    with quiet():
        torch.onnx.export(
            folded(network),
            example,
            path,
            input_names=[MEL, FACE],
            output_names=[DRAWN],
            opset_version=_OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )


@contextmanager
def quiet() -> Iterator[None]:
    """The exporter warns about its own future, and logs each of its steps."""
    loggers = [logging.getLogger(name) for name in _CHATTY]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
