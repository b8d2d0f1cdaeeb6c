"""Opening a small ONNX network for one compute thread."""

from pathlib import Path

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as errors

from core.errors import EngineUnavailable

# onnxruntime's errors have no other base in common than Exception.
LOAD_ERRORS = (
    errors.EPFail,
    errors.Fail,
    errors.InvalidArgument,
    errors.InvalidGraph,
    errors.InvalidProtobuf,
    errors.NoModel,
    errors.NoSuchFile,
    errors.NotImplemented,
    errors.RuntimeException,
)


def open_network(
    model: Path, what: str, data: bytes | None = None, *, arena: bool = False
) -> onnxruntime.InferenceSession:
    """The network, on the CPU; `data` is taken in place of what the file holds. EngineUnavailable,
    which names `what`, when it cannot be loaded.

    One thread, and no memory `arena`: most of these networks are called every few milliseconds next
    to real-time threads. One that works for longer at a time is faster with it.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = arena
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(
            str(model) if data is None else data, options, providers=["CPUExecutionProvider"]
        )
    except LOAD_ERRORS as exc:
        raise EngineUnavailable(f"{what} {model.name} cannot be loaded: {exc}") from exc
