import threading

from core.latest import Latest


def test_an_empty_one_gives_nothing():
    latest: Latest[int] = Latest()
    assert (latest.peek(), latest.take(), latest.get(), latest.version) == (None, None, None, 0)


def test_what_is_put_replaces_what_was_there():
    latest: Latest[str] = Latest()
    assert latest.put("first") == 1
    assert latest.put("second") == 2
    assert latest.peek() == "second"


def test_get_tells_the_version_and_gives_only_what_is_newer():
    latest: Latest[str] = Latest()
    latest.put("first")
    assert latest.get() == (1, "first")
    assert latest.get(after=1) is None
    latest.put("second")
    assert latest.get(after=1) == (2, "second")


def test_take_gives_each_value_once_and_counts_what_it_missed():
    latest: Latest[int] = Latest()
    for number in range(5):
        latest.put(number)
    assert latest.take() == 4
    assert latest.take() is None
    assert latest.skipped == 4
    latest.put(5)
    assert latest.take() == 5
    assert latest.skipped == 4


def test_none_is_a_value_like_any_other_to_get():
    latest: Latest[None] = Latest()
    latest.put(None)
    assert latest.get() == (1, None)


def test_under_two_threads_values_only_get_newer_and_every_one_is_accounted_for():
    latest: Latest[int] = Latest()
    last = 50_000

    def write() -> None:
        for number in range(1, last + 1):
            latest.put(number)

    writer = threading.Thread(target=write)
    writer.start()
    seen, newest = 0, 0
    while newest < last:
        found = latest.get(after=newest)
        value = latest.take()
        if found is not None:
            assert found[0] == found[1], "a value with the version of another"
        if value is not None:
            assert value > newest
            newest, seen = value, seen + 1
    writer.join()
    assert seen + latest.skipped == last
