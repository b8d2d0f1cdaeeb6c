"""Training on sayings made by code: a few steps of it."""

import numpy as np
import pytest

from engines.enhance.corpus import Saying
from engines.enhance.features import BELOW_VOICE, LIPS
from engines.enhance.mixing import Mixer
from engines.enhance.sparing import Sparing

torch = pytest.importorskip("torch", reason="needs torch; it is in the extra neural")
pytest.importorskip("onnx", reason="needs onnx; it is in the extra neural")

from engines.enhance import train  # noqa: E402
from engines.enhance.av import AvEnhancer  # noqa: E402
from engines.enhance.network import SIZES, Network, write_onnx  # noqa: E402
from engines.enhance.train import Batch, Plan, Training  # noqa: E402
from engines.enhance.trying import streamed  # noqa: E402

MILLIONS = {"small": 0.2, "medium": 0.6, "large": 1.5}


def _saying(voice, pitch, rng):
    times = np.arange(24000) / 16000
    opening = (0.5 + 0.5 * np.sin(2 * np.pi * 2 * times + rng.uniform(0, 6))).astype(np.float32)
    tones = sum(np.sin(2 * np.pi * pitch * n * times) / n for n in range(1, 12))
    lips = np.stack((opening[::160], np.zeros(150, np.float32)), axis=1)
    return Saying(voice, (0.2 * opening * tones).astype(np.float16), lips)


@pytest.fixture(scope="module")
def mixer():
    rng = np.random.default_rng(0)
    return Mixer([_saying(f"voice {n % 4}", 90 + 40 * (n % 4), rng) for n in range(8)], 1.0)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _weights(training):
    return torch.cat([one.detach().flatten() for one in training.network.parameters()])


def test_training_that_was_stopped_goes_on_where_it_was(mixer, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "BATCH", 2)
    through = Training(Plan(steps=3), mixer, tmp_path)
    through.run()
    again = tmp_path / "again"
    again.mkdir()
    stopped = Training(Plan(steps=3), mixer, again)
    stopped._advance()
    stopped.step = 1
    stopped._keep()
    resumed = Training(Plan(steps=3), mixer, again)
    assert resumed.step == 1
    resumed.run()
    torch.testing.assert_close(_weights(through), _weights(resumed), rtol=0, atol=0)


@pytest.mark.parametrize("size", SIZES)
def test_every_size_is_as_large_as_it_is_called_and_runs(size, mixer, tmp_path):
    network = Network(SIZES[size])
    assert network.parameter_count / 1e6 == pytest.approx(MILLIONS[size], rel=0.1)
    write_onnx(network, tmp_path / "it.onnx")
    scene = mixer.scene(np.random.default_rng(1), "talker")
    made = streamed(AvEnhancer(model=tmp_path / "it.onnx"), scene)
    assert len(made) == len(scene.heard)
    assert np.isfinite(made).all()


def test_the_same_network_is_written_as_the_same_file(tmp_path):
    torch.manual_seed(1)
    network = Network(SIZES["small"])
    for name in ("one.onnx", "two.onnx"):
        write_onnx(network, tmp_path / name)
    assert (tmp_path / "one.onnx").read_bytes() == (tmp_path / "two.onnx").read_bytes()


def test_what_is_written_gives_the_gains_that_were_trained(mixer, tmp_path, monkeypatch):
    monkeypatch.setattr(Sparing, "shares", lambda self, gain, *_: np.ones(len(gain), np.float32))
    torch.manual_seed(1)
    network = Network(SIZES["small"])
    write_onnx(network, tmp_path / "it.onnx")
    scene = mixer.scene(np.random.default_rng(1), "noise", 0.0)
    made = streamed(AvEnhancer(model=tmp_path / "it.onnx"), scene, lips=False)
    found = train.spectra(torch.from_numpy(scene.heard)[None])
    with torch.no_grad():
        rows = torch.zeros(1, found.shape[1], LIPS)
        gain, *_ = network(train.magnitude(found), rows, *network.fresh(1))
    gain[..., :BELOW_VOICE] = 0
    wanted = train.samples(found * gain, len(scene.heard))[0].numpy()
    np.testing.assert_allclose(made[:-800], wanted[:-800], atol=2e-3)


def test_a_twin_without_lips_never_sees_any(mixer):
    scenes = [mixer.scene(np.random.default_rng(2), "talker") for _ in range(2)]
    assert Batch.of(scenes).lips.abs().sum() > 0
    assert Batch.of(scenes, lips=False).lips.abs().sum() == 0
