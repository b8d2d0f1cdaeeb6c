"""What Prometheus is told."""

import os

from app.service import meters
from app.service.cards import Card, read
from app.service.meters import Meters, memory_of

TABLE = "0, 1024, 81559, 37\n1, 3, 81559, 0\n2, [N/A], 40960, [N/A]\n"


def test_cards_are_read_from_nvidias_table_and_one_that_does_not_tell_is_left_out():
    mib = 1024 * 1024
    assert list(read(TABLE)) == [
        Card(0, 1024 * mib, 81559 * mib, 0.37),
        Card(1, 3 * mib, 81559 * mib, 0.0),
    ]
    assert list(read("NVIDIA-SMI has failed because it could not talk to the driver\n")) == []


def test_what_is_measured_is_told_in_prometheus_form(monkeypatch):
    monkeypatch.setattr(meters, "look", lambda: list(read(TABLE)))
    told = Meters()
    told.jobs.labels("done").inc()
    told.stages({"speak": [0.01, 0.3], "write": []})
    text = told.text({"worker-0": os.getpid(), "gone": 2**22 + 1}).decode()
    assert 'translated_camera_jobs_total{outcome="done"} 1.0' in text
    assert 'translated_camera_stage_seconds_count{stage="speak"} 2.0' in text
    assert 'translated_camera_memory_bytes{process="worker-0"}' in text
    assert 'process="gone"' not in text
    assert 'translated_camera_gpu_busy{card="0"} 0.37' in text
    assert "translated_camera_gpus 2.0" in text


def test_the_memory_of_a_process_that_is_gone_is_not_told():
    assert memory_of(2**22 + 1) is None
    assert (memory_of(os.getpid()) or 0) > 1e6
