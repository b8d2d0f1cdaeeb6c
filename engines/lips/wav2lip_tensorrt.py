"""Wav2Lip's network on TensorRT, by its own interface: the FP16 network is compiled for this very
graphics card, which takes minutes, and kept; then each face takes a fraction of a millisecond."""

import hashlib
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from core.errors import EngineUnavailable
from engines.lips.wav2lip_cuda import (
    FIRST,
    MOST,
    Batches,
    CudaFaces,
    Floats,
    OnCard,
    cuda,
    memory_used,
)
from engines.lips.wav2lip_network import FACE_SHAPE, MEL_SHAPE, input_names

log = logging.getLogger(__name__)

_WORKSPACE = 1 << 30


class TensorRtNetwork:
    """`model` is the FP16 network as ONNX, with float inputs and outputs and any batch."""

    note = "TensorRT FP16"

    def __init__(self, model: Path, cache: Path, where: OnCard = FIRST) -> None:
        """EngineUnavailable without a card, without TensorRT, or when it cannot compile."""
        trt = _tensorrt()
        self._torch = cuda()
        names = input_names(model)
        logger = trt.Logger(trt.Logger.WARNING)
        self._where = where
        with self._torch.cuda.device(where.number):
            plan = kept_plan(trt, logger, model, names, cache, card(self._torch, where))
            self._engine = _engine(trt, logger, plan)
        self._names = (*names, _output(trt, self._engine))
        self._batches = Batches(self._faces, memory_used(self._torch, where), where.memory)

    def draw(self, mel: Floats, face: Floats) -> Floats:
        return self._batches.draw(mel, face)

    def _faces(self, batch: int) -> CudaFaces:
        with self._torch.cuda.device(self._where.number):
            context = self._engine.create_execution_context()
        if context is None:
            raise EngineUnavailable("TensorRT has no memory left on the graphics card")
        for name, shape in zip(self._names, (MEL_SHAPE, FACE_SHAPE), strict=False):
            context.set_input_shape(name, (batch, *shape))

        def work(*tensors: Any) -> None:
            for name, tensor in zip(self._names, tensors, strict=True):
                context.set_tensor_address(name, tensor.data_ptr())
            context.execute_async_v3(self._torch.cuda.current_stream().cuda_stream)

        return CudaFaces(self._torch, batch, work, self._where)


def card(torch: Any, where: OnCard = FIRST) -> str:
    """The graphics card and its driver, as far as a compiled network depends on them."""
    about = torch.cuda.get_device_properties(where.number)
    driver = getattr(torch._C, "_cuda_getDriverVersion", lambda: 0)()
    return f"{about.name} {about.major}.{about.minor} driver {driver}"


def kept_plan(
    trt: Any, logger: Any, model: Path, names: tuple[str, str], cache: Path, where: str
) -> bytes:
    """The compiled network: what an earlier run kept for the same model, TensorRT, card and
    driver, or compiled now. One that cannot be read any more is compiled again."""
    kept = cache / _plan_name(model, trt.__version__, where)
    if kept.is_file():
        plan = kept.read_bytes()
        if trt.Runtime(logger).deserialize_cuda_engine(plan) is not None:
            return plan
        log.warning("%s cannot be read by TensorRT; it is made again", kept.name)
    log.info("Compiling %s for %s; this takes minutes, once.", model.name, where)
    plan = _compiled(trt, logger, model, names)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        partial = kept.with_name(f"{uuid4().hex}.partial")
        partial.write_bytes(plan)
        partial.replace(kept)
    except OSError as exc:
        log.warning("the compiled network cannot be kept in %s: %s", cache, exc.strerror)
    return plan


def _plan_name(model: Path, version: str, where: str) -> str:
    digest = hashlib.sha256(model.read_bytes()).hexdigest()[:16]
    place = re.sub(r"[^a-z0-9.]+", "-", f"{where} trt {version}".lower()).strip("-")
    return f"{digest}-{place}-b{MOST}.plan"


def _compiled(trt: Any, logger: Any, model: Path, names: tuple[str, str]) -> bytes:
    builder = trt.Builder(logger)
    network = builder.create_network(_flags(trt))
    parser = trt.OnnxParser(network, logger)
    if not parser.parse_from_file(str(model)):
        said = "; ".join(str(parser.get_error(number)) for number in range(parser.num_errors))
        raise EngineUnavailable(f"TensorRT does not understand {model.name}: {said}")
    config = builder.create_builder_config()
    config.set_memory_pool_limit(trt.MemoryPoolType.WORKSPACE, _WORKSPACE)
    profile = builder.create_optimization_profile()
    for name, shape in zip(names, (MEL_SHAPE, FACE_SHAPE), strict=True):
        profile.set_shape(name, (1, *shape), (1, *shape), (MOST, *shape))
    config.add_optimization_profile(profile)
    plan = builder.build_serialized_network(network, config)
    if plan is None:
        raise EngineUnavailable(f"TensorRT could not compile {model.name}")
    return bytes(plan)


def _flags(trt: Any) -> int:
    """Precision is that of the file. Newer versions know nothing else and have no flag for it."""
    flags: Mapping[str, Any] = getattr(trt.NetworkDefinitionCreationFlag, "__members__", {})
    return 1 << int(flags["STRONGLY_TYPED"]) if "STRONGLY_TYPED" in flags else 0


def _engine(trt: Any, logger: Any, plan: bytes) -> Any:
    engine = trt.Runtime(logger).deserialize_cuda_engine(plan)
    if engine is None:
        raise EngineUnavailable("TensorRT cannot load what it has compiled")
    return engine


def _output(trt: Any, engine: Any) -> str:
    names = [engine.get_tensor_name(number) for number in range(engine.num_io_tensors)]
    outputs = [one for one in names if engine.get_tensor_mode(one) == trt.TensorIOMode.OUTPUT]
    if len(outputs) != 1:
        raise EngineUnavailable("the compiled network is not Wav2Lip's")
    return str(outputs[0])


def _tensorrt() -> Any:
    try:
        import tensorrt
    except ImportError as exc:
        raise EngineUnavailable("tensorrt is not installed") from exc
    # Its bindings install without the library that does the work.
    except (OSError, RuntimeError, FileNotFoundError) as exc:
        raise EngineUnavailable(f"TensorRT's library cannot be loaded ({exc})") from exc
    return tensorrt
