from engines.link.report import LinkTimes, ServiceTimes


def test_a_link_holds_while_chunks_come_back_before_they_would_have_ended():
    times = LinkTimes()
    for number, took in enumerate([0.01] * 19 + [0.2]):
        times.sent(1, number, 1.0)
        times.answered(1, number, 1.0 + took)
    assert times.report().holds
    times.sent(1, 20, 1.0)
    times.answered(1, 20, 2.0)
    assert not times.report().holds


def test_the_report_tells_how_many_times_smaller_things_were_made():
    times = LinkTimes()
    assert times.report().factor == 1.0
    times.compressed(1280, 120)
    times.compressed(3000, 94)
    assert times.report().factor == 20.0
    assert "compressed 20.0:1" in str(times.report())


def test_what_the_service_measured_is_told_with_the_rest():
    times = LinkTimes()
    assert "service" not in str(times.report())
    times.service = ServiceTimes(0.04, 0.002)
    assert "t_Δ 40.0 ms > t_a 2.0 ms" in str(times.report())
