import threading

import pytest

from core.channel import Closed, Full, LocalChannel


def test_items_come_out_in_the_order_they_went_in():
    channel = LocalChannel[int]("numbers")
    for n in range(5):
        channel.put(n)
    assert [channel.get() for _ in range(5)] == [0, 1, 2, 3, 4]


def test_a_full_waiting_channel_holds_the_writer_until_there_is_room():
    channel = LocalChannel[int]("numbers", depth=1)
    channel.put(1)
    done = threading.Event()
    writer = threading.Thread(target=lambda: (channel.put(2), done.set()))
    writer.start()
    assert not done.wait(0.05)
    assert channel.get() == 1
    assert done.wait(2)
    assert channel.get() == 2
    writer.join()
    assert channel.dropped == 0


def test_a_full_dropping_channel_keeps_the_old_and_counts_the_new():
    channel = LocalChannel[int]("numbers", depth=2, full=Full.DROP_NEWEST)
    assert [channel.put(n) for n in range(4)] == [True, True, False, False]
    assert (channel.get(), channel.get(), channel.dropped) == (0, 1, 2)


def test_a_latest_channel_keeps_the_new_and_counts_the_old():
    channel = LocalChannel[int]("numbers", depth=1, full=Full.KEEP_LATEST)
    assert [channel.put(n) for n in range(4)] == [True] * 4
    assert (channel.get(), channel.dropped) == (3, 3)


def test_what_is_superseded_is_replaced_and_not_counted_as_lost():
    channel = LocalChannel[str]("drafts", supersedes=lambda new, old: new[0] == old[0])
    for item in ("a1", "b1", "a2", "a3"):
        channel.put(item)
    channel.close()
    assert [channel.get(), channel.get()] == ["b1", "a3"]
    assert channel.dropped == 0


def test_a_closed_channel_gives_out_what_it_holds_and_then_ends():
    channel = LocalChannel[int]("numbers")
    channel.put(1)
    channel.close()
    assert channel.put(2) is False
    assert channel.get() == 1
    with pytest.raises(Closed):
        channel.get()


def test_cancel_frees_a_writer_that_waits_and_a_reader_that_waits():
    full, empty = LocalChannel[int]("full", depth=1), LocalChannel[int]("empty")
    full.put(1)
    results = []

    def read():
        try:
            empty.get()
        except Closed:
            results.append("closed")

    threads = [
        threading.Thread(target=lambda: results.append(full.put(2))),
        threading.Thread(target=read),
    ]
    for thread in threads:
        thread.start()
    full.cancel()
    empty.cancel()
    for thread in threads:
        thread.join(2)
    assert sorted(map(str, results)) == ["False", "closed"]


def test_an_item_is_pending_until_it_is_acknowledged():
    channel = LocalChannel[int]("numbers")
    channel.put(1)
    channel.get()
    assert channel.pending == 1
    channel.ack()
    assert channel.pending == 0


def test_nothing_in_time_is_a_timeout():
    with pytest.raises(TimeoutError, match="numbers"):
        LocalChannel[int]("numbers").get(timeout=0.01)
