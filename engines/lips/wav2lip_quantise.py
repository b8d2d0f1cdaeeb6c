"""A Wav2Lip network in eight bits: calibrated on faces and voices of our own, as QDQ in ONNX."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from engines.lips.wav2lip_network import input_names

Floats = NDArray[np.float32]


_PERCENTILE = 99.999


def is_quantised(model: Path) -> bool:
    graph = onnx.load(model, load_external_data=False).graph
    return any(node.op_type == "QuantizeLinear" for node in graph.node)


def quantise(model: Path, to: Path, material: Iterable[tuple[Floats, Floats]]) -> None:
    """Write the FP32 network in eight bits; `material` are mel windows and faces that it will
    typically see, as `Network.draw` takes them. Some 80 MB of memory are needed for each."""
    names = input_names(model)
    with _quiet(), TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.onnx"
        quant_pre_process(str(model), str(ready), skip_symbolic_shape=True)
        quantize_static(
            str(ready),
            str(to),
            _Reader(names, material),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            # Unsigned: signed activations lose a bit behind each ReLU.
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            # A single outlier must not widen the range for all.
            calibrate_method=CalibrationMethod.Percentile,
            nodes_to_exclude=_last(ready),
            extra_options={"CalibPercentile": _PERCENTILE},
        )


def _last(model: Path) -> list[str]:
    """What makes the colours: one small convolution and its sigmoid. They stay in FP32, which
    costs nothing and is seen."""
    graph = onnx.load(model, load_external_data=False).graph
    makers = {name: node for node in graph.node for name in node.output}
    sigmoid = makers[graph.output[0].name]
    before = makers.get(sigmoid.input[0])
    return [node.name for node in (sigmoid, before) if node is not None]


class _Reader(CalibrationDataReader):  # type: ignore[misc]
    def __init__(self, names: tuple[str, str], material: Iterable[tuple[Floats, Floats]]) -> None:
        self._names = names
        self._material = iter(material)

    def get_next(self) -> dict[str, Any] | None:
        pair = next(self._material, None)
        return None if pair is None else dict(zip(self._names, pair, strict=True))


@contextmanager
def _quiet() -> Iterator[None]:
    """The quantiser gives its advice to the root logger, and prints."""
    root = logging.getLogger()
    root.addFilter(_not_from_it)
    try:
        with redirect_stdout(StringIO()):
            yield
    finally:
        root.removeFilter(_not_from_it)


def _not_from_it(record: logging.LogRecord) -> bool:
    return "onnxruntime" not in record.pathname or record.levelno >= logging.ERROR
