"""The network that is shipped is the one that training wrote, and its report tells so."""

import hashlib
import json
from importlib.resources import files

import pytest

SHIPPED = ("enhance", "enhance_sound")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_report_is_of_the_weights_that_lie_beside_it(name):
    weights = files("resources").joinpath(f"{name}.onnx").read_bytes()
    report = json.loads(files("resources").joinpath(f"{name}.json").read_text("utf-8"))
    assert hashlib.sha256(weights).hexdigest() == report["sha256"]
    assert len(weights) == report["bytes"] <= 1_000_000


def test_the_twin_differs_by_its_lips_alone():
    ours, twin = (
        json.loads(files("resources").joinpath(f"{name}.json").read_text("utf-8"))
        for name in SHIPPED
    )
    for about in ("size", "steps", "seed", "parameters", "minutes", "voices"):
        assert ours[about] == twin[about]
    assert (ours["lips"], twin["lips"]) == (True, False)


def test_what_was_shipped_is_what_training_does_unless_told_otherwise():
    pytest.importorskip("torch", reason="needs torch; it is in the extra neural")
    from engines.enhance.train import Plan

    report = json.loads(files("resources").joinpath("enhance.json").read_text("utf-8"))
    plan = Plan()
    assert (report["size"], report["steps"], report["seed"]) == (plan.size, plan.steps, plan.seed)
