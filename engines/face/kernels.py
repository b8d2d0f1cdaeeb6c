"""Which of OpenVINO's kernels a network's convolutions run on.

OpenVINO takes its newest kernels. For few channels, as the mesh network has, those that compile
themselves for one shape are faster by a sixth; where the processor has none of them, nothing
changes.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

_FIRST = "cpu:jit_avx512_1x1,cpu:jit_avx512"


def with_quick_convolutions(ov: Any, core: Any, model: Any) -> Any:
    """The same model with the wish in it. It can be written into a model's file only, so the
    model goes through one."""
    with TemporaryDirectory() as folder:
        described, numbers = Path(folder, "model.xml"), Path(folder, "model.bin")
        ov.serialize(model, described, numbers)
        wished = _with_wish(described.read_bytes())
        return core.read_model(wished, numbers.read_bytes())


def _with_wish(described: bytes) -> bytes:
    net = ElementTree.fromstring(described)
    for layer in net.iterfind("layers/layer[@type='Convolution']"):
        notes = layer.find("rt_info")
        if notes is None:
            notes = ElementTree.SubElement(layer, "rt_info")
        wish = {"name": "primitives_priority", "version": "0", "value": _FIRST}
        ElementTree.SubElement(notes, "attribute", wish)
    return ElementTree.tostring(net)
