import sys

import numpy as np
import pytest

from app.bench import lips
from core.errors import EngineUnavailable, UsageError


def pair(level):
    face = np.random.default_rng(1).random((1, 6, 96, 96), np.float32) * level
    return np.zeros((1, 1, 80, 16), np.float32), face.astype(np.float32)


def test_the_same_face_is_wholly_alike_and_a_noisy_one_is_not():
    def exact(_, face):
        return face[:, 3:]

    def noisy(_, face):
        return face[:, 3:] + np.random.default_rng(2).normal(0, 0.3, (1, 3, 96, 96))

    assert lips.likeness(exact, exact, [pair(1.0), pair(0.5)]) == pytest.approx([1.0, 1.0])
    assert max(lips.likeness(exact, noisy, [pair(1.0), pair(0.5)])) < 0.9


def test_what_computes_more_costs_more():
    def little(_, face):
        return face

    def much(_, face):
        return np.sort(np.tile(face.ravel(), 20))

    cost = lips.milliseconds({"little": little, "much": much}, [pair(1.0)])

    assert cost["much"] > 5 * cost["little"]


def test_without_torch_the_bench_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(lips, "default_cache", lambda: tmp_path)
    for name in [name for name in sys.modules if name.startswith("engines.lips.wav2lip_stand_in")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(EngineUnavailable, match=r"torch.*pip install.*neural"):
        lips.run()


def test_a_device_that_does_not_exist_is_the_users_mistake():
    with pytest.raises(UsageError, match="cpu or cuda"):
        lips.run(device="tpu")


def test_a_card_is_measured_against_itself_and_without_one_every_refusal_is_told(
    monkeypatch, tmp_path
):
    torch = pytest.importorskip("torch", reason="needs torch; it is in the extra neural")
    if torch.cuda.is_available():
        pytest.skip("there is a graphics card here")
    from app.bench import lips_card

    monkeypatch.setattr(lips_card, "ROUNDS", 1)
    monkeypatch.setattr(lips_card, "CALLS", 1)
    monkeypatch.setattr(lips_card, "eager", lambda checkpoint: lambda _, face: face[:, 3:])
    with pytest.raises(EngineUnavailable, match=r"TensorRT: .*ONNX Runtime: .*PyTorch: "):
        lips_card.on_card(tmp_path / "weights.pth", tmp_path, 2)

    class Exact:
        def draw(self, _, face):
            return face[:, 3:]

    monkeypatch.setattr(lips_card, "WAYS", {"ONNX Runtime": lambda checkpoint, cache: Exact()})
    figures = lips_card.on_card(tmp_path / "weights.pth", tmp_path, 2)
    assert figures["fp16_ssim"].value == pytest.approx(1.0)
    assert figures["fp16_ms"].value == figures["onnxruntime_ms"].value > 0
