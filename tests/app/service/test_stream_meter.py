"""What is measured of a live stream while it runs."""

from app.service.meters import Meters
from app.service.stream_meter import StreamMeter


def test_stages_and_pictures_of_a_stream_are_told_while_it_runs(monkeypatch):
    monkeypatch.setattr("app.service.meters.look", lambda: [])
    now = [10.0]
    meters = Meters()
    meter = StreamMeter(meters, lambda: now[0])
    assert not meter.due
    for _ in range(50):
        meter.heard()
        meter.drew()
        now[0] += 0.0625
    assert meter.due
    meter.take({"segment": [0.01] * 50, "picture": [0.02] * 50})
    assert not meter.due
    meters.fps.labels("job").set(31.0)
    told = meters.text({}).decode()
    assert 'translated_camera_fps{kind="stream"} 16.0' in told
    assert 'translated_camera_fps{kind="job"} 31.0' in told
    assert 'translated_camera_stage_seconds_count{stage="segment"} 50.0' in told
    times = meter.times()
    assert (times.interval, times.computing) == (0.0625, 0.01)
