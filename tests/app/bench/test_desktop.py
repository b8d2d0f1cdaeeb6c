from app.bench.desktop import preview_cpu_ms
from app.desktop.global_keys import parts
from ui.watchdog import Watchdog


def test_the_preview_costs_something_and_less_than_a_frame_lasts(qtbot):
    assert 0 < preview_cpu_ms(frames=20) < 33


def test_the_watchdog_counts_ticks_that_come_late(qtbot, monkeypatch):
    moments = iter((0.0, 0.010, 0.020, 0.130, 0.140))
    monkeypatch.setattr("ui.watchdog.time.perf_counter", lambda: next(moments))
    dog = Watchdog()
    for _ in range(4):
        dog.tick()
    assert dog.stalls == 1
    assert round(dog.longest, 3) == 0.1


def test_combinations_fall_into_key_and_modifiers(qtbot):
    key, modifiers = parts("Ctrl+Alt+P")
    assert key == ord("P") and modifiers == 0x04000000 | 0x08000000
