"""Which card a job and a stream have. No card, and no process."""

import asyncio
import json
import os
from dataclasses import replace

import pytest

from app.card import device_of
from app.service import pool as pools
from app.service import streams as module
from app.service.card_turns import CardTurns
from app.service.meters import Meters
from app.service.options import ServiceOptions
from app.service.pool import Pool
from app.service.streams import Streams
from app.service.work import Work
from core.config import Cards, Config, Models
from core.errors import EngineUnavailable
from engines.device import device

OPTIONS = ServiceOptions(Config(), "127.0.0.1", 0, open_to_all=True)


@pytest.fixture
def allow(monkeypatch):
    """Sets what whoever starts the service lets it use."""

    def variable(told):
        if told is None:
            monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        else:
            monkeypatch.setenv("CUDA_VISIBLE_DEVICES", told)

    variable(None)
    return variable


@pytest.mark.parametrize(
    ("told", "found", "taken"),
    [
        (None, 0, ["", "", ""]),
        (None, 2, ["0", "1", "0"]),
        ("2,3", 2, ["2", "3", "2"]),
        ("GPU-8a2f, GPU-77c1", 2, ["GPU-8a2f", "GPU-77c1", "GPU-8a2f"]),
        ("3,9,1", 1, ["3", "3", "3"]),  # CUDA stops at the first that it does not know
        ("", 0, ["", "", ""]),
        ("-1", 0, ["", "", ""]),
    ],
)
def test_only_cards_that_the_service_was_given_are_given_on(allow, told, found, taken):
    allow(told)
    turns = CardTurns(Config(), found)
    assert [turns.take() for _ in range(3)] == taken


def test_a_card_that_was_given_back_is_the_next(allow):
    turns = CardTurns(Config(), 3)
    assert [turns.take() for _ in range(3)] == ["0", "1", "2"]
    turns.give_back("1")
    assert turns.take() == "1"


def test_where_the_settings_name_a_card_every_process_sees_them_all(allow, monkeypatch):
    allow("2,3")
    config = replace(Config(), cards=Cards(lips="cuda:1"))
    card = CardTurns(config, 2).take()
    pytest.importorskip("resource")
    monkeypatch.setattr("os.nice", lambda step: step)
    monkeypatch.setattr("resource.setrlimit", lambda *limit: None)
    Work(card)
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "2,3"
    seen = len(os.environ["CUDA_VISIBLE_DEVICES"].split(","))
    monkeypatch.setattr("engines.device.ctranslate2.get_cuda_device_count", lambda: seen)
    monkeypatch.setattr(
        "engines.device.ctranslate2.get_supported_compute_types", lambda name: {"float16"}
    )
    monkeypatch.setattr("engines.device.lacking", lambda: "")
    assert device(device_of("lips", config)).card == 1


def test_settings_that_only_ask_for_some_card_leave_the_choice_to_the_service(allow):
    config = replace(Config(), models=Models(device="cuda"), cards=Cards(mt="cpu"))
    assert CardTurns(config, 2).take() == "0"


class Socket:
    """Says hello, and takes what it is told."""

    async def accept(self):
        pass

    async def receive_text(self):
        hello = {"type": "hello", "version": 1, "source_language": "en", "target_language": "es"}
        return json.dumps(hello)

    async def send_text(self, text):
        pass

    async def close(self, code, reason):
        pass


def test_a_stream_has_the_card_that_the_jobs_leave_free(allow, tmp_path, monkeypatch):
    allow("2,3")
    jobs, streams = [], []

    class Slot:
        def __init__(self, card):
            jobs.append(card)

    def remote(factory, options, **how):
        streams.append(options["card"])
        raise EngineUnavailable("It cannot work here.")

    monkeypatch.setattr(pools, "Slot", Slot)
    monkeypatch.setattr(module, "Remote", remote)
    turns, meters = CardTurns(Config(), 2), Meters()
    options = replace(OPTIONS, folder=tmp_path, workers=1)
    Pool(options, meters, turns).store.close()
    served = Streams(options, meters, turns)
    asyncio.run(served.serve(Socket()))
    asyncio.run(served.serve(Socket()))
    assert jobs == ["2"]
    assert streams == ["3", "3"]
