"""The graphics card that the settings ask for, and what is said where it is not."""

from core.config import Config

ABSENT = (
    "CUDA was asked for (models.device), but no graphics card that has it is found; the processor "
    "works instead. Install NVIDIA's driver with cuBLAS and cuDNN, or set models.device to auto."
)


def wanted(config: Config) -> bool:
    return config.models.device == "cuda"


def absence(config: Config) -> str:
    """For the user, when the settings ask for a card and none can be computed on; else empty."""
    if not wanted(config):
        return ""
    try:
        from engines.device import cards
    except (ImportError, OSError):
        return ABSENT
    return "" if cards() else ABSENT
