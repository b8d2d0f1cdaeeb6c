"""Piper voices of our own, where nobody supplied any: for tests and benches.

One has the shape of a real voice and weights by chance: it costs as much and makes noise. The
other is a hand-made network in which each sound is a steady tone of its own for a time of its
own: what is said when can be read back from its sound. Needs onnx, the first torch as well (the
extra `neural`).
"""

import importlib
import json
import sys
import types
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

RATE, HOP = 22050, 256
_SIGNS = 256
_LOWEST_HZ, _STEP_HZ = 200.0, 25.0
_STRESS = ("\u02c8", "\u02cc")
_SILENT = ("_", "^", "$", " ", ",", ".", "?", "!", ";", ":", *_STRESS)

SHAPES: dict[str, dict[str, Any]] = {
    "medium": {
        "inter_channels": 192,
        "hidden_channels": 192,
        "filter_channels": 768,
        "n_heads": 2,
        "n_layers": 6,
        "resblock": "2",
        "resblock_kernel_sizes": (3, 5, 7),
        "resblock_dilation_sizes": ((1, 2), (2, 6), (3, 12)),
        "upsample_rates": (8, 8, 4),
        "upsample_initial_channel": 256,
        "upsample_kernel_sizes": (16, 16, 8),
    }
}


def pitch(sign: str) -> float:
    """The tone of a sound in the hand-made voice, in Hz; 0 for what is silent."""
    return 0.0 if sign in _SILENT else _LOWEST_HZ + _STEP_HZ * DEFAULT_PHONEME_ID_MAP[sign][0]


def tones(folder: Path, voice: str = "es", frames: int = 6) -> Path:
    """The hand-made voice; each sound lasts `frames` hops, every third one twice as long."""
    lengths = np.full(_SIGNS, frames, np.float32)
    lengths[::3] *= 2
    pitches = np.zeros(_SIGNS, np.float32)
    for sign, (number, *_) in DEFAULT_PHONEME_ID_MAP.items():
        pitches[number] = pitch(sign)
        if sign == "_":
            lengths[number] = 0
        elif sign in _STRESS:
            lengths[number] = 1
    path = folder / f"{voice}-tones.onnx"
    onnx.save(_tone_network(lengths, pitches), str(path))
    _describe(path, voice, length_scale=1.0)
    return folder


def by_chance(folder: Path, voice: str = "es", shape: str = "medium") -> Path:
    """A voice of the real shape whose weights are chance, at about the pace of speech."""
    with warnings.catch_warnings():
        # PyTorch warns about the functions that Piper's code calls, and that this exporter is.
        warnings.simplefilter("ignore")
        return _by_chance(folder, voice, shape)


def _by_chance(folder: Path, voice: str, shape: str) -> Path:
    import torch

    torch.manual_seed(0)
    network = _training_code().SynthesizerTrn(
        n_vocab=_SIGNS,
        spec_channels=513,
        segment_size=32,
        kernel_size=3,
        p_dropout=0.1,
        n_speakers=1,
        use_sdp=True,
        **SHAPES[shape],
    )
    network.eval()
    with torch.no_grad():
        network.dec.remove_weight_norm()

    def forward(text: Any, lengths: Any, scales: Any, sid: Any = None) -> Any:
        return network.infer(
            text,
            lengths,
            noise_scale=scales[0],
            length_scale=scales[1],
            noise_scale_w=scales[2],
            sid=sid,
        )[0].unsqueeze(1)

    network.forward = forward
    path = folder / f"{voice}-chance-{shape}.onnx"
    example = (torch.randint(0, _SIGNS, (1, 50)), torch.tensor([50]), torch.tensor([0.667, 1, 0.8]))
    torch.onnx.export(
        network,
        (*example, None),
        str(path),
        opset_version=15,
        dynamo=False,
        input_names=["input", "input_lengths", "scales"],
        output_names=["output"],
        dynamic_axes={
            "input": {0: "batch", 1: "signs"},
            "input_lengths": {0: "batch"},
            "output": {0: "batch", 2: "samples"},
        },
    )
    # By chance it speaks too fast by so much on average.
    _describe(path, voice, length_scale=1.4)
    return folder


def _tone_network(lengths: Any, pitches: Any) -> onnx.ModelProto:
    """input -> frames of each sign (ceiled, as in real voices) -> its tone for as long."""
    constants = {
        "lengths": lengths,
        "pitches": pitches,
        "one": np.array([1], np.int64),
        "minus_one": np.array([-1], np.int64),
        "row": np.array([1, -1], np.int64),
        "hop": np.array(HOP, np.float32),
        "hop_size": np.array([HOP], np.int64),
        "turn": np.array(2 * np.pi / RATE, np.float32),
        "level": np.array(0.4, np.float32),
        "zero": np.array(0.0, np.float32),
        "step": np.array(1.0, np.float32),
        "out": np.array([1, 1, -1], np.int64),
        "axis": np.array(1, np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["lengths", "input"], ["natural"]),
        helper.make_node("Slice", ["scales", "one", "two_", "axis0"], ["scale"]),
        helper.make_node("Mul", ["natural", "scale"], ["scaled"]),
        helper.make_node("Ceil", ["scaled"], ["w_ceil"]),
        helper.make_node("CumSum", ["w_ceil", "axis"], ["ends"]),
        helper.make_node("ReduceMax", ["ends"], ["whole"], keepdims=0),
        helper.make_node("Range", ["zero", "whole", "step"], ["frames"]),
        # Which sign a frame belongs to: as many as have ended before it.
        helper.make_node("Reshape", ["frames", "column"], ["frame"]),
        helper.make_node("LessOrEqual", ["ends", "frame"], ["over"]),
        helper.make_node("Cast", ["over"], ["counted"], to=TensorProto.INT64),
        helper.make_node("ReduceSum", ["counted", "one"], ["which"], keepdims=0),
        helper.make_node("Reshape", ["input", "minus_one"], ["signs"]),
        helper.make_node("Gather", ["signs", "which"], ["sign"]),
        helper.make_node("Gather", ["pitches", "sign"], ["hertz"]),
        helper.make_node("Reshape", ["hertz", "column"], ["hertz_column"]),
        helper.make_node("Expand", ["hertz_column", "frame_shape"], ["hertz_frames"]),
        helper.make_node("Reshape", ["hertz_frames", "minus_one"], ["hertz_samples"]),
        helper.make_node("Mul", ["whole", "hop"], ["size"]),
        helper.make_node("Range", ["zero", "size", "step"], ["samples"]),
        helper.make_node("Mul", ["samples", "turn"], ["time"]),
        helper.make_node("Mul", ["time", "hertz_samples"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["wave"]),
        helper.make_node("Mul", ["wave", "level"], ["loud"]),
        helper.make_node("Reshape", ["loud", "out"], ["output"]),
    ]
    constants |= {
        "two_": np.array([2], np.int64),
        "axis0": np.array([0], np.int64),
        "column": np.array([-1, 1], np.int64),
        "frame_shape": np.array([1, HOP], np.int64),
    }
    graph = helper.make_graph(
        nodes,
        "tones",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, ["batch", "signs"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["batch"]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", 1, "samples"])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
    model.ir_version = 8
    return model


def _describe(path: Path, voice: str, length_scale: float) -> None:
    described = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": voice},
        "phoneme_type": "espeak",
        "num_symbols": _SIGNS,
        "num_speakers": 1,
        "inference": {"noise_scale": 0.667, "length_scale": length_scale, "noise_w": 0.8},
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "speaker_id_map": {},
        "hop_length": HOP,
    }
    text = json.dumps(described, ensure_ascii=False)
    path.with_name(f"{path.name}.json").write_text(text, "utf-8")


def _training_code() -> Any:
    """Piper's networks without what only training needs (lightning)."""
    import piper

    folder = Path(piper.__file__).parent / "train" / "vits"
    package = types.ModuleType("piper_vits")
    package.__path__ = [str(folder)]
    sys.modules.setdefault("piper_vits", package)
    return importlib.import_module("piper_vits.models")
