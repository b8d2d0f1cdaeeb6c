"""The ways to a graphics card, as far as they can be gone without one."""

import sys
import types
from pathlib import Path

import numpy as np
import pytest

NEEDED = "it is in the extra neural (packaging/setup dev neural)"
torch = pytest.importorskip("torch", reason=f"needs torch; {NEEDED}")
pytest.importorskip("onnx", reason=f"needs onnx; {NEEDED}")
pytest.importorskip("onnxscript", reason=f"needs onnxscript; {NEEDED}")

from skimage.metrics import structural_similarity  # noqa: E402

from core.errors import EngineFailed, EngineUnavailable  # noqa: E402
from engines.lips import wav2lip, wav2lip_gpu, wav2lip_tensorrt  # noqa: E402
from engines.lips.wav2lip_cuda import MOST, Batches, CudaFaces, OnCard  # noqa: E402
from engines.lips.wav2lip_files import full_network, half_network  # noqa: E402
from engines.lips.wav2lip_gpu import OrtGpuNetwork, gpu_network  # noqa: E402
from engines.lips.wav2lip_material import calibration  # noqa: E402
from engines.lips.wav2lip_network import ReferenceNetwork  # noqa: E402
from engines.lips.wav2lip_stand_in import train  # noqa: E402
from engines.lips.wav2lip_torch import TorchNetwork  # noqa: E402


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("wav2lip")


@pytest.fixture(scope="module")
def checkpoint(folder):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    path = folder / "weights.pth"
    torch.save({"state_dict": train(steps=2).state_dict()}, path)
    torch.set_num_threads(threads)
    return path


@pytest.fixture(scope="module")
def half(checkpoint, folder):
    return half_network(checkpoint, folder / "cache")


@pytest.fixture(scope="module")
def full(checkpoint, folder):
    return full_network(checkpoint, folder / "cache")


@pytest.fixture(scope="module")
def pairs():
    return list(calibration(3, seed=5))


def alike(one, other):
    return structural_similarity(one[0], other[0], channel_axis=0, data_range=1.0)


def test_the_fp16_network_draws_the_same_faces_with_fp32_inputs_and_outputs(full, half, pairs):
    reference, small = ReferenceNetwork(full), ReferenceNetwork(half)
    for pair in pairs:
        drawn = small.draw(*pair)
        assert drawn.dtype == np.float32
        assert alike(reference.draw(*pair), drawn) > 0.99
    assert half.stat().st_size < 0.6 * full.stat().st_size


def test_the_fp16_network_takes_several_faces_at_a_time(half, pairs):
    network = ReferenceNetwork(half)
    mels, faces = (np.concatenate(part) for part in zip(*pairs, strict=True))
    together = network.draw(mels, faces)
    assert together.shape == (3, 3, 96, 96)
    for number, pair in enumerate(pairs):
        np.testing.assert_allclose(together[number], network.draw(*pair)[0], atol=0.02)


def test_a_network_that_is_onnx_already_is_halved(full, folder, pairs):
    small = half_network(full, folder / "other")
    assert (
        alike(ReferenceNetwork(full).draw(*pairs[0]), ReferenceNetwork(small).draw(*pairs[0]))
        > 0.99
    )


def test_pytorch_draws_what_the_exported_network_draws(checkpoint, full, pairs):
    network = TorchNetwork(checkpoint, device="cpu")
    reference = ReferenceNetwork(full)
    for pair in pairs:
        np.testing.assert_allclose(network.draw(*pair), reference.draw(*pair), atol=2e-3)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a graphics card here")
def test_without_a_card_every_way_is_named_with_its_reason(checkpoint, folder):
    with pytest.raises(EngineUnavailable) as refused:
        gpu_network(checkpoint, folder / "cache")
    said = str(refused.value)
    assert "TensorRT: " in said
    assert "ONNX Runtime: this ONNX Runtime has no provider" in said
    assert "PyTorch: " in said and "CUDA" in said


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a graphics card here")
@pytest.mark.parametrize(("device", "here"), [("cuda", 0), ("cuda:1", 0), ("auto", 1)])
def test_where_there_is_no_way_to_a_card_the_processor_works_and_why_is_said(
    folder, monkeypatch, full, device, here
):
    monkeypatch.setattr(wav2lip, "cards", lambda: here)
    lips = wav2lip.Wav2LipLips(
        checkpoint=full, precision="fp32", device_name=device, cache=folder / "cache"
    )
    assert lips.note.startswith("on the processor, no way to the graphics card: TensorRT")


class Way:
    note = "fast"

    def draw(self, mel, face):
        return face[:, 3:]


def refuse(reason):
    def way(checkpoint, cache):
        raise reason

    return way


def test_the_first_way_that_works_is_taken(tmp_path):
    ways = {
        "one": refuse(ImportError("no", name="tensorrt")),
        "two": refuse(EngineUnavailable("too old.")),
        "three": lambda checkpoint, cache: Way(),
        "four": refuse(AssertionError),
    }
    assert gpu_network(tmp_path, tmp_path, ways).note == "fast"
    with pytest.raises(EngineUnavailable, match=r"one: tensorrt is not installed; two: too old\.$"):
        gpu_network(tmp_path, tmp_path, {name: ways[name] for name in ("one", "two")})


def test_onnx_runtime_that_goes_back_to_the_processor_is_refused(half, folder, monkeypatch):
    given = []

    class Session:
        def __init__(self, model, options, providers):
            given.extend(providers)

        def get_providers(self):
            return ["CPUExecutionProvider"]

    runtime = types.SimpleNamespace(
        get_available_providers=lambda: [*reversed(wav2lip_gpu.PROVIDERS), "CPUExecutionProvider"],
        SessionOptions=types.SimpleNamespace,
        InferenceSession=Session,
    )
    monkeypatch.setattr(wav2lip_gpu, "onnxruntime", runtime)
    with pytest.raises(EngineUnavailable, match="went back to the processor"):
        OrtGpuNetwork(half, folder)
    assert [name for name, _ in given] == list(wav2lip_gpu.PROVIDERS)
    assert given[0][1]["trt_engine_cache_path"] == str(folder)


def fake_tensorrt(version="11.4", understands=True, compiles=True):
    """As much of TensorRT's interface as is called; a plan is what it was compiled from."""
    made = []

    class Builder:
        def __init__(self, logger):
            self.shapes = {}

        def create_network(self, flags):
            return types.SimpleNamespace(flags=flags)

        def create_builder_config(self):
            return types.SimpleNamespace(
                set_memory_pool_limit=lambda pool, size: None,
                add_optimization_profile=lambda profile: None,
            )

        def create_optimization_profile(self):
            return types.SimpleNamespace(
                set_shape=lambda name, *shapes: self.shapes.update({name: shapes})
            )

        def build_serialized_network(self, network, config):
            made.append((network.flags, self.shapes))
            return b"plan" if compiles else None

    parser = types.SimpleNamespace(
        parse_from_file=lambda path: understands, num_errors=1, get_error=lambda n: "no such op"
    )
    return types.SimpleNamespace(
        __version__=version,
        made=made,
        Logger=type("Logger", (), {"WARNING": 2, "__init__": lambda self, level: None}),
        Builder=Builder,
        OnnxParser=lambda network, logger: parser,
        MemoryPoolType=types.SimpleNamespace(WORKSPACE=0),
        NetworkDefinitionCreationFlag=types.SimpleNamespace(__members__={"STRONGLY_TYPED": 3}),
        Runtime=lambda logger: types.SimpleNamespace(
            deserialize_cuda_engine=lambda plan: object() if plan == b"plan" else None
        ),
    )


def plan(trt, half, cache, where="H100 9.0 driver 12080"):
    return wav2lip_tensorrt.kept_plan(trt, None, half, ("mel", "face"), cache, where)


def test_a_network_is_compiled_once_for_each_model_version_card_and_driver(half, full, tmp_path):
    trt = fake_tensorrt()
    assert plan(trt, half, tmp_path) == b"plan"
    assert plan(trt, half, tmp_path) == b"plan"
    assert len(trt.made) == 1
    flags, shapes = trt.made[0]
    assert flags == 1 << 3
    assert shapes["face"] == ((1, 6, 96, 96), (1, 6, 96, 96), (MOST, 6, 96, 96))
    plan(trt, half, tmp_path, "H100 9.0 driver 13000")
    plan(trt, full, tmp_path)
    other = fake_tensorrt("10.9")
    plan(other, half, tmp_path)
    assert (len(trt.made), len(other.made)) == (3, 1)
    assert len(list(tmp_path.glob("*.plan"))) == 4
    assert not list(tmp_path.glob("*.partial"))


def test_a_compiled_network_that_cannot_be_read_is_made_again(half, tmp_path):
    trt = fake_tensorrt()
    plan(trt, half, tmp_path)
    (kept,) = tmp_path.glob("*.plan")
    kept.write_bytes(b"half of a pl")
    assert plan(trt, half, tmp_path) == b"plan"
    assert kept.read_bytes() == b"plan"


@pytest.mark.parametrize(
    ("trt", "message"),
    [
        (fake_tensorrt(understands=False), "does not understand.*no such op"),
        (fake_tensorrt(compiles=False), "could not compile"),
    ],
)
def test_what_tensorrt_cannot_do_is_a_refusal(trt, message, half, tmp_path):
    with pytest.raises(EngineUnavailable, match=message):
        plan(trt, half, tmp_path)


def test_bindings_without_their_library_are_a_refusal(half, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorrt", None)
    with pytest.raises(EngineUnavailable, match="tensorrt is not installed"):
        wav2lip_tensorrt.TensorRtNetwork(half, tmp_path)


class FakeCuda:
    """As much of torch.cuda as is called, on the processor."""

    OutOfMemoryError = torch.cuda.OutOfMemoryError

    def __init__(self, records=True, room=100):
        self.records, self.room = records, room
        self.replays = self.emptied = 0
        self.devices = set()

    def empty_cache(self):
        self.emptied += 1

    def Stream(self, device):
        self.devices.add(device)
        return types.SimpleNamespace(synchronize=lambda: None)

    def stream(self, stream):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def graph(self, graph, stream):
        if not self.records:
            raise RuntimeError("operation not permitted when stream is capturing")
        return self

    def CUDAGraph(self):
        return types.SimpleNamespace(replay=self._replay)

    def _replay(self):
        self.replays += 1
        self.work()


def fake_torch(cuda):
    def zeros(shape, pin_memory=False, device=""):
        if device:
            cuda.devices.add(device)
            if shape[0] > cuda.room:
                raise cuda.OutOfMemoryError("CUDA out of memory")
        return torch.zeros(shape)

    return types.SimpleNamespace(cuda=cuda, zeros=zeros)


@pytest.mark.parametrize("records", [True, False])
def test_faces_go_there_and_back_in_any_number_with_or_without_a_graph(records):
    cuda = FakeCuda(records)
    sizes = []

    def made(batch):
        sizes.append(batch)

        def work(mel, face, drawn):
            drawn.copy_(face[:, 3:] * 0.5)

        faces = CudaFaces(fake_torch(cuda), batch, work)
        cuda.work = lambda: work(*faces._there)
        return faces

    batches = Batches(made)
    faces = np.random.default_rng(1).random((11, 6, 96, 96), np.float32)
    drawn = batches.draw(np.zeros((11, 1, 80, 16), np.float32), faces)
    np.testing.assert_allclose(drawn, faces[:, 3:] * 0.5)
    assert sizes == [MOST, 3]
    assert (cuda.replays > 0) is records


def halved(mel, face, drawn):
    drawn.copy_(face[:, 3:] * 0.5)


def test_faces_are_drawn_on_the_card_that_is_named():
    cuda = FakeCuda(records=False)
    faces = CudaFaces(fake_torch(cuda), 1, halved, OnCard(1))
    faces.draw(np.zeros((1, 1, 80, 16), np.float32), np.zeros((1, 6, 96, 96), np.float32))
    assert cuda.devices == {"cuda:1"}
    for provider in wav2lip_gpu.PROVIDERS:
        assert wav2lip_gpu.settings(provider, Path("cache"), OnCard(1))["device_id"] == 1


def test_what_was_taken_in_vain_is_given_back_and_fewer_are_drawn_at_a_time():
    cuda = FakeCuda(records=False, room=2)
    batches = Batches(lambda batch: CudaFaces(fake_torch(cuda), batch, halved))
    faces = np.random.default_rng(1).random((3, 6, 96, 96), np.float32)
    drawn = batches.draw(np.zeros((3, 1, 80, 16), np.float32), faces)
    np.testing.assert_allclose(drawn, faces[:, 3:] * 0.5)
    assert cuda.emptied == 1


class FakeFaces:
    """Of a card that has room for so many buffers in all, and fills up as they are made."""

    def __init__(self, room, made):
        self.room, self.made = room, made

    @property
    def used(self):
        return sum(batch for batch in self.made if batch) / self.room

    def __call__(self, batch):
        if self.used + batch / self.room > 1:
            raise EngineUnavailable("there is no memory")
        self.made.append(batch)
        return types.SimpleNamespace(draw=lambda mel, face: face[:, 3:])


def drawn_by(batches, count=11):
    faces = np.random.default_rng(1).random((count, 6, 96, 96), np.float32)
    drawn = batches.draw(np.zeros((count, 1, 80, 16), np.float32), faces)
    np.testing.assert_array_equal(drawn, faces[:, 3:])


@pytest.mark.parametrize(("room", "made"), [(100, [8, 3]), (6, [4, 1]), (3, [2, 1]), (1, [1])])
def test_a_card_with_little_room_draws_fewer_faces_at_a_time_and_all_of_them(room, made):
    card = FakeFaces(room, [])
    batches = Batches(card)
    for _ in range(2):
        drawn_by(batches)
    assert card.made == made


def test_a_card_that_others_fill_is_not_filled_further():
    card, used = FakeFaces(100, []), [0.2]
    batches = Batches(card, lambda: used[0], 0.85)
    drawn_by(batches, 4)
    used[0] = 0.9
    drawn_by(batches, 11)
    assert card.made == [4, 1]
    used[0] = 0.5
    drawn_by(batches, 11)
    assert card.made == [4, 1, 8, 3]


def test_a_card_without_room_for_one_face_is_told():
    with pytest.raises(EngineUnavailable, match="no memory"):
        drawn_by(Batches(FakeFaces(0.5, [])))


def test_a_card_that_breaks_is_told(monkeypatch):
    def work(mel, face, drawn):
        if mel[0, 0, 0, 0] > 0:
            raise RuntimeError("an illegal memory access was encountered")

    faces = CudaFaces(fake_torch(FakeCuda(records=False)), 1, work)
    with pytest.raises(EngineFailed, match="graphics card stopped"):
        faces.draw(np.ones((1, 1, 80, 16), np.float32), np.zeros((1, 6, 96, 96), np.float32))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card")
def test_on_a_card_the_same_faces_are_drawn(checkpoint, folder, full, pairs):
    network = gpu_network(checkpoint, folder / "cache")
    for pair in pairs:
        assert alike(ReferenceNetwork(full).draw(*pair), network.draw(*pair)) > 0.95
