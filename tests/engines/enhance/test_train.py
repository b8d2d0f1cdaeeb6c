"""Training on sayings made by code: a few steps of it."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from engines.enhance.corpus import Saying
from engines.enhance.features import (
    BEFORE,
    BELOW_VOICE,
    HOP,
    LIPS,
    RATE,
    Analysis,
    Synthesis,
    banded,
    spread,
)
from engines.enhance.mixing import CLEAN, TALKER, Mixer
from engines.enhance.sparing import Bounds, Sparing

torch = pytest.importorskip("torch", reason="needs torch; it is in the extra neural")
pytest.importorskip("onnx", reason="needs onnx; it is in the extra neural")

from engines.enhance import train  # noqa: E402
from engines.enhance.av import BOUNDS, AvEnhancer  # noqa: E402
from engines.enhance.crowd import Crowd  # noqa: E402
from engines.enhance.judging import judged, loudness, ratio, unseen  # noqa: E402
from engines.enhance.network import SIZES, Network, write_about, write_onnx  # noqa: E402
from engines.enhance.train import Plan, Training  # noqa: E402
from engines.enhance.trying import streamed  # noqa: E402

MILLIONS = {"small": 0.18, "medium": 0.6, "large": 1.5}


def _saying(voice, pitch, rng):
    times = np.arange(24000) / 16000
    opening = (0.5 + 0.5 * np.sin(2 * np.pi * 2 * times + rng.uniform(0, 6))).astype(np.float32)
    tones = sum(np.sin(2 * np.pi * pitch * n * times) / n for n in range(1, 12))
    lips = np.stack((opening[::160], np.zeros(150, np.float32)), axis=1)
    return Saying(voice, (0.2 * opening * tones).astype(np.float16), lips)


def _sayings():
    rng = np.random.default_rng(0)
    return [_saying(f"voice {n % 4}", 90 + 40 * (n % 4), rng) for n in range(8)]


@pytest.fixture(scope="module")
def mixer():
    return Mixer(_sayings(), 1.0)


@pytest.fixture(scope="module")
def crowd():
    return Crowd(_sayings(), 1.0, noises=4)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _weights(training):
    return torch.cat([one.detach().flatten() for one in training.network.parameters()])


def test_training_that_was_stopped_goes_on_where_it_was(crowd, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "BATCH", 2)
    through = Training(Plan(steps=3), crowd, tmp_path)
    through.run()
    again = tmp_path / "again"
    again.mkdir()
    stopped = Training(Plan(steps=3), crowd, again)
    stopped._advance()
    stopped.step = 1
    stopped._keep()
    resumed = Training(Plan(steps=3), crowd, again)
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
    monkeypatch.setattr(Sparing, "spared", lambda self, gain, *_: gain)
    torch.manual_seed(1)
    network = Network(SIZES["small"])
    write_onnx(network, tmp_path / "it.onnx")
    scene = mixer.scene(np.random.default_rng(1), "noise", 0.0)
    made = streamed(AvEnhancer(model=tmp_path / "it.onnx"), scene, lips=False)
    whole = scene.heard[: len(scene.heard) // HOP * HOP]
    spectra = Analysis().spectra(whole)
    with torch.no_grad():
        rows, powers = torch.zeros(1, len(spectra), LIPS), torch.from_numpy(banded(spectra))[None]
        gain, *_ = network(powers, rows, *network.fresh(1))
    gain[..., :BELOW_VOICE] = 0
    wanted = Synthesis().samples(spectra * spread(gain[0].numpy()))[BEFORE:]
    np.testing.assert_allclose(made[: len(wanted) - 800], wanted[:-800], atol=2e-3)


def test_the_bounds_that_lie_in_a_network_tell_when_it_is_let_in(mixer, tmp_path):
    torch.manual_seed(1)
    scene = mixer.scene(np.random.default_rng(1), TALKER, 0.0)
    changed = []
    for name, bounds in (("never", Bounds(unsure=0.0)), ("always", Bounds(2.0, 3.0, -50, -50))):
        path = tmp_path / f"{name}.onnx"
        write_onnx(Network(SIZES["small"]), path)
        write_about(path, {BOUNDS: json.dumps(asdict(bounds))})
        made = streamed(AvEnhancer(model=path), scene)
        changed.append(float(np.abs(made - scene.heard)[RATE // 2 : -RATE // 4].max()))
    assert changed[0] < 1e-4
    assert changed[1] > 0.01


def test_voices_come_out_as_loud_as_they_went_in_once_levelled(crowd):
    torch.manual_seed(1)
    network = Network(SIZES["small"])
    train.level(network, crowd)
    batch = crowd.batch(np.random.default_rng(5), 16, TALKER)
    with torch.no_grad():
        gain, *_ = network(batch.heard, batch.lips, *network.fresh(16))
    assert abs(float(loudness(batch, gain).median())) < 1.0


def test_what_is_left_of_voices_is_to_be_as_much_in_one_scene_as_in_another(crowd):
    network = Network(SIZES["small"])
    batch = crowd.batch(np.random.default_rng(5), 4, TALKER)
    network.eval()
    with torch.no_grad():
        uneven, even = (judged(network, batch, counts)[0] for counts in (1.0, 0.0))
    assert float(uneven) > float(even)


def test_a_twin_without_lips_never_sees_any(crowd):
    batch = crowd.batch(np.random.default_rng(2), 4)
    assert batch.lips.abs().sum() > 0
    assert unseen(batch).lips.abs().sum() == 0


def test_a_crowd_hears_each_with_somebody_else(crowd):
    batch = crowd.batch(np.random.default_rng(2), 6, TALKER)
    before = ratio(batch, torch.ones_like(batch.heard))
    assert float(before.min()) > -10
    assert float(before.max()) < 12
    assert float(batch.plain.mean()) < 0.2


def test_where_nobody_disturbs_a_crowd_says_so(crowd):
    batch = crowd.batch(np.random.default_rng(2), 6, CLEAN)
    assert float(batch.plain[:, -1].mean()) > 0.5


def test_gains_that_know_the_voice_bring_it_out(crowd):
    batch = crowd.batch(np.random.default_rng(3), 4, TALKER)
    best = (batch.common / batch.heard.clamp_min(1e-9)).clamp(0, 1)
    assert float((ratio(batch, best) - ratio(batch, torch.ones_like(best))).min()) > 3


def test_a_network_that_learns_is_less_wrong(crowd):
    torch.manual_seed(1)
    network = Network(SIZES["small"])
    adam = torch.optim.Adam(network.parameters(), 3e-3)
    batch = crowd.batch(np.random.default_rng(4), 4, hard=0.0)
    losses = []
    for _ in range(6):
        loss, _ = judged(network, batch)
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0]
