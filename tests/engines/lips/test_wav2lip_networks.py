"""From checkpoint to networks that run. What torch and onnx are needed for; the extra `neural`."""

import pickle
from collections.abc import Iterator

import numpy as np
import pytest

NEEDED = "it is in the extra neural (packaging/setup dev neural)"
torch = pytest.importorskip("torch", reason=f"needs torch; {NEEDED}")
onnx = pytest.importorskip("onnx", reason=f"needs onnx; {NEEDED}")
pytest.importorskip("onnxscript", reason=f"needs onnxscript; {NEEDED}")

from core.errors import EngineUnavailable  # noqa: E402
from engines.lips import wav2lip_files  # noqa: E402
from engines.lips.wav2lip import Wav2LipLips  # noqa: E402
from engines.lips.wav2lip_checkpoint import read_checkpoint  # noqa: E402
from engines.lips.wav2lip_files import full_network, small_network  # noqa: E402
from engines.lips.wav2lip_material import calibration  # noqa: E402
from engines.lips.wav2lip_model import Wav2Lip, folded  # noqa: E402
from engines.lips.wav2lip_network import OpenVinoNetwork, ReferenceNetwork  # noqa: E402
from engines.lips.wav2lip_stand_in import train  # noqa: E402


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def network():
    return train(steps=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("wav2lip")


@pytest.fixture(scope="module")
def checkpoint(network, folder):
    """As the training of the original writes it, on several GPUs."""
    path = folder / "weights.pth"
    weights = {f"module.{name}": value for name, value in network.state_dict().items()}
    torch.save({"state_dict": weights, "optimizer": None, "global_step": 7}, path)
    return path


@pytest.fixture(scope="module")
def full(checkpoint, folder):
    return full_network(checkpoint, folder / "cache")


@pytest.fixture(scope="module")
def pairs():
    return list(calibration(6, seed=3))


def drawn(network, pair):
    with torch.inference_mode():
        return network(*map(torch.from_numpy, pair)).numpy()


def test_the_network_is_that_of_the_public_checkpoints():
    shapes = {name: tuple(value.shape) for name, value in Wav2Lip().state_dict().items()}
    assert len(shapes) == 352
    assert sum(one.numel() for one in Wav2Lip().parameters()) == 36_298_035
    assert shapes["face_encoder_blocks.0.0.conv_block.0.weight"] == (16, 6, 7, 7)
    assert shapes["face_encoder_blocks.6.1.conv_block.1.running_var"] == (512,)
    assert shapes["audio_encoder.12.conv_block.0.weight"] == (512, 512, 1, 1)
    assert shapes["face_decoder_blocks.1.0.conv_block.0.weight"] == (1024, 512, 3, 3)
    assert shapes["face_decoder_blocks.6.2.conv_block.0.bias"] == (64,)
    assert shapes["output_block.1.weight"] == (3, 32, 1, 1)


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize("prefix", ["", "module."])
def test_weights_are_found_in_every_kind_of_checkpoint(network, tmp_path, nested, prefix):
    weights = {prefix + name: value for name, value in network.state_dict().items()}
    torch.save({"state_dict": weights} if nested else weights, tmp_path / "w.pth")

    read = read_checkpoint(tmp_path / "w.pth").state_dict()

    assert all(torch.equal(read[name], value) for name, value in network.state_dict().items())


def test_a_network_of_another_shape_is_refused_with_the_first_difference(network, tmp_path):
    weights = network.state_dict()
    weights["output_block.1.weight"] = torch.zeros(3, 16, 1, 1)
    torch.save(weights, tmp_path / "w.pth")
    with pytest.raises(EngineUnavailable, match=r"output_block\.1\.weight.*\(3, 16, 1, 1\)"):
        read_checkpoint(tmp_path / "w.pth")


@pytest.mark.parametrize("change", ["missing", "more", "nan"])
def test_a_network_with_other_parts_is_refused(network, tmp_path, change):
    weights = network.state_dict()
    if change == "missing":
        del weights["audio_encoder.0.conv_block.0.bias"]
    elif change == "more":
        weights["sam.conv1.weight"] = torch.zeros(1)
    else:
        weights["output_block.1.bias"] = torch.full((3,), torch.nan)
    torch.save(weights, tmp_path / "w.pth")
    with pytest.raises(EngineUnavailable, match="not a Wav2Lip generator"):
        read_checkpoint(tmp_path / "w.pth")


def test_a_file_that_ends_too_early_is_refused(checkpoint, tmp_path):
    whole = checkpoint.read_bytes()
    for size in (0, 100, len(whole) // 2, len(whole) - 10):
        (tmp_path / "w.pth").write_bytes(whole[:size])
        with pytest.raises(EngineUnavailable, match=r"w\.pth"):
            read_checkpoint(tmp_path / "w.pth")


class _Runs:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("by_torch", [True, False])
def test_code_in_a_checkpoint_never_runs(tmp_path, by_torch):
    trace, path = tmp_path / "trace", tmp_path / "w.pth"
    if by_torch:
        torch.save({"state_dict": _Runs(trace)}, path)
    else:
        path.write_bytes(pickle.dumps(_Runs(trace)))
    with pytest.raises(EngineUnavailable, match=r"w\.pth"):
        read_checkpoint(path)
    assert not trace.exists()


@pytest.mark.parametrize("content", [[1, 2], {"state_dict": {"a": 1}}, {"epoch": 3}])
def test_a_file_without_weights_is_refused(tmp_path, content):
    torch.save(content, tmp_path / "w.pth")
    with pytest.raises(EngineUnavailable, match="holds no weights"):
        read_checkpoint(tmp_path / "w.pth")


def test_folding_the_batch_norms_changes_nothing_that_is_seen(network, pairs):
    assert np.abs(drawn(network, pairs[1]) - drawn(folded(network), pairs[1])).max() < 1e-4


def test_the_exported_network_draws_what_the_original_draws(network, full, pairs):
    for kind in (ReferenceNetwork, OpenVinoNetwork):
        runs = kind(full)
        for pair in pairs[:3]:
            assert np.abs(runs.draw(*pair) - drawn(network, pair)).max() < 1e-3


def test_the_exported_network_has_no_batch_norms(full):
    operations = {node.op_type for node in onnx.load(full).graph.node}
    assert operations == {"Conv", "ConvTranspose", "Relu", "Add", "Concat", "Sigmoid"}


def test_an_onnx_file_is_taken_whatever_its_inputs_are_called(full, folder, pairs):
    model = onnx.load(full)
    names = {"mel": "audio_frames", "face": "video_frames"}
    for node in model.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
    for given in model.graph.input:
        given.name = names[given.name]
        given.type.tensor_type.shape.dim[0].dim_param = "batch"
    model.graph.input.reverse()
    onnx.save(model, folder / "other.onnx")
    expected = ReferenceNetwork(full).draw(*pairs[0])
    for kind in (ReferenceNetwork, OpenVinoNetwork):
        assert np.abs(kind(folder / "other.onnx").draw(*pairs[0]) - expected).max() < 1e-4


def test_an_onnx_file_with_another_network_is_refused(tmp_path):
    ports = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, 4]) for name in "xy"
    ]
    node = onnx.helper.make_node("Relu", ["x"], ["y"])
    graph = onnx.helper.make_graph([node], "other", ports[:1], ports[1:])
    opset = onnx.helper.make_opsetid("", 18)
    path = tmp_path / "other.onnx"
    onnx.save(onnx.helper.make_model(graph, opset_imports=[opset], ir_version=10), path)
    for kind in (ReferenceNetwork, OpenVinoNetwork):
        with pytest.raises(EngineUnavailable, match=r"other\.onnx is no Wav2Lip network"):
            kind(path)


def test_eight_bits_draw_almost_the_same_and_are_made_once(
    checkpoint, full, folder, pairs, monkeypatch
):
    small = small_network(checkpoint, folder / "cache")
    reference, eight = ReferenceNetwork(full), OpenVinoNetwork(small)
    off = [reference.draw(*pair) - eight.draw(*pair) for pair in pairs]
    assert -10 * np.log10(np.mean(np.square(off))) > 26  # in decibels
    assert small.stat().st_size < full.stat().st_size / 3.5

    monkeypatch.setattr(wav2lip_files, "_quantise", None)
    assert small_network(checkpoint, folder / "cache") == small
    assert Wav2LipLips(checkpoint=checkpoint, cache=folder / "cache")


def test_a_cache_that_cannot_be_written_to_is_named(checkpoint, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(EngineUnavailable, match="cannot be kept"):
        full_network(checkpoint, tmp_path / "file" / "cache")


def test_what_stands_in_for_a_checkpoint_draws_faces_after_a_few_steps(network, pairs):
    def off(one):
        return np.mean([np.abs(drawn(one, pair) - pair[1][:, 3:]).mean() for pair in pairs])

    assert off(network) < 0.9 * off(train(steps=0))
