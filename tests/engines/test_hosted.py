"""What a worker process takes to be there."""

import subprocess
import sys

import numpy as np
import psutil
import pytest

from core.types import AudioChunk, Segment
from engines.hosted import hosted


def imported(statements):
    """The modules that a fresh process has after them."""
    code = f"import sys; sys.path[:] = {sys.path!r}; {statements}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], stdout=-1, check=True).stdout.split())


def test_a_worker_does_not_begin_with_what_it_may_not_need():
    there = imported("import core.worker, engines.hosted")
    assert b"engines.registry" in there
    unneeded = {b"engines.measured", b"filelock", b"importlib.metadata", b"core.placed_lips"}
    assert not unneeded & there


@pytest.mark.parametrize("special", [None, {"sphinx": {}, "whisper": {"beam": 2}}])
def test_pocketsphinx_needs_no_second_process_where_it_has_one_to_itself(special):
    before = len(psutil.Process().children())
    stage = hosted("stt", "sphinx", {"language": "en"}, special)
    assert len(psutil.Process().children()) == before
    silence = Segment(0, AudioChunk(np.zeros(16000, np.float32), 16000, 0.0))
    (heard,) = stage.process(silence)
    assert heard.text == ""
    stage.close()
