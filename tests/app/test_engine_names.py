"""Engines that the user names."""

from dataclasses import replace

import pytest

from app.engine_names import refuse_unknown
from core.config import Engines
from core.errors import UsageError


@pytest.mark.parametrize("kind", ["vad", "turn", "stt", "mt", "tts", "face", "lips"])
def test_an_engine_that_does_not_exist_is_refused_and_those_that_do_are_named(kind):
    with pytest.raises(UsageError, match=f"no {kind} engine named 'nonsense'; there are: auto, "):
        refuse_unknown(replace(Engines(), **{kind: "nonsense"}))


@pytest.mark.parametrize("name", ["auto", "own_mouth", "wav2lip", "off"])
def test_those_that_there_are_may_be_named(name):
    refuse_unknown(Engines(lips=name))


def test_only_lips_can_be_off():
    with pytest.raises(UsageError, match="no stt engine named 'off'"):
        refuse_unknown(Engines(stt="off"))
