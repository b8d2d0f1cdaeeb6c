"""The graphics card and the libraries that compute on it."""

from collections.abc import Iterator

from app.card import lacking, wanted
from app.devices.machine import Machine
from app.doctor.mending import command, mended, packages
from core.findings import Finding, State

CARD, NETWORKS, TORCH, TENSORRT, ONNX = (
    "Graphics card",
    "CUDA for recognition and translation",
    "PyTorch",
    "TensorRT",
    "ONNX Runtime",
)
_NVIDIA = "0x10de"
_DISPLAY = "0x03"
_GPU_EXTRA = 'pip install "translated-camera[gpu]"'
_CUDA_WHEELS = "pip install nvidia-cublas-cu12 nvidia-cudnn-cu12"


def check(machine: Machine) -> Iterator[Finding]:
    yield _onnx(machine)
    names = _cards(machine)
    if names:
        yield Finding(CARD, State.OK, ", ".join(names))
        yield from _libraries(machine)
    elif _present(machine):
        yield _without_driver(machine)
    elif wanted(machine.config):
        yield Finding(CARD, State.HINT, lacking(machine.config, 0))
    else:
        says = "There is none of NVIDIA's; everything is computed on the processor."
        yield Finding(CARD, State.OK, says)


def _cards(machine: Machine) -> list[str]:
    query = "--query-gpu=name,driver_version,memory.total"
    answer = machine.system.run("nvidia-smi", query, "--format=csv,noheader", timeout=15.0)
    if not answer.good:
        return []
    rows = (line.split(", ") for line in answer.out.splitlines() if line.strip())
    return [f"{row[0]}, driver {row[1]}, {row[2]}" for row in rows if len(row) == 3]


def _present(machine: Machine) -> bool:
    """Whether there is a card of NVIDIA's, driver or not."""
    system = machine.system
    for vendor in system.files("/sys/bus/pci/devices", "*/vendor"):
        kind = system.text(vendor.removesuffix("vendor") + "class")
        if system.text(vendor).strip() == _NVIDIA and kind.startswith(_DISPLAY):
            return True
    return False


def _without_driver(machine: Machine) -> Finding:
    says = "There is one of NVIDIA's, but its driver does not answer; the processor is used."
    finding = Finding(CARD, State.HINT, says)
    if machine.system.which("ubuntu-drivers"):
        then = "Start the machine anew."
        return mended(finding, command(machine, "ubuntu-drivers", "install", root=True, then=then))
    return mended(finding, packages(machine, apt="nvidia-driver", dnf="akmod-nvidia",
                                    pacman="nvidia"))  # fmt: skip


def _libraries(machine: Machine) -> Iterator[Finding]:
    cuda = machine.probes.cuda()
    if cuda.ctranslate2:
        yield Finding(NETWORKS, State.OK, "CTranslate2 computes on the card.")
    else:
        says = "CTranslate2 finds no card it can compute on: cuBLAS or cuDNN is missing."
        yield mended(Finding(NETWORKS, State.HINT, says), None, _CUDA_WHEELS)
    yield _torch(machine, cuda.torch)
    if found := machine.system.package("tensorrt"):
        yield Finding(TENSORRT, State.OK, found)
    else:
        says = "Not installed; lips are drawn without it, more slowly."
        yield mended(Finding(TENSORRT, State.HINT, says), None, _GPU_EXTRA)


def _torch(machine: Machine, cuda: str) -> Finding:
    found = machine.system.package("torch")
    if not found:
        says = "Not installed; what needs it is left out."
        return mended(Finding(TORCH, State.HINT, says), None, _GPU_EXTRA)
    if not cuda:
        says = (
            f"{found} computes on the processor only: built without CUDA, or the driver is too old."
        )
        return mended(Finding(TORCH, State.HINT, says), None, "pip install --force-reinstall torch")
    return Finding(TORCH, State.OK, f"{found} with CUDA {cuda}")


def _onnx(machine: Machine) -> Finding:
    try:
        found = machine.probes.onnx_providers()
    except (ImportError, OSError) as exc:
        return Finding(ONNX, State.TROUBLE, f"It cannot be loaded: {exc}")
    short = ", ".join(one.removesuffix("ExecutionProvider") for one in found)
    version = machine.system.package("onnxruntime") or machine.system.package("onnxruntime-gpu")
    return Finding(ONNX, State.OK, f"{version} on {short}".strip())
