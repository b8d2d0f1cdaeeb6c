"""A microphone that is somebody's own, while others that are called alike come and go, and
the processes that hear it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from core.devices import SoundInfo
from core.errors import DeviceUnavailable
from engines.microphone import followed
from engines.microphone.followed import FollowedMicrophone

YETI, NANO = SoundInfo("Yeti", "a"), SoundInfo("Yeti Nano", "b")
TWIN, OTHER_TWIN = SoundInfo("USB Audio", "c"), SoundInfo("USB Audio (2)", "d")


@pytest.fixture
def bench(monkeypatch):
    """`there` are the microphones, `busy` the ids that cannot be opened; `hers` makes one that is
    somebody's own, `ours` the user's, and `look` says what is heard of it after a while."""
    bench = SimpleNamespace(there=[], busy=set(), made=[])

    def open_(info):
        if info.id in bench.busy:
            raise DeviceUnavailable(f"{info.name} is busy.")
        return SimpleNamespace(close=lambda: None, dropped=0)

    def hers(wanted, **options):
        bench.made.append(FollowedMicrophone(wanted, only="microphone", **options))
        return bench.made[-1]

    def ours(**options):
        bench.made.append(FollowedMicrophone("", **options))
        return bench.made[-1]

    def look(one):
        for _ in range(3):
            one._follower.step()
            one._follower.device()
        return one.device.name

    monkeypatch.setattr(followed, "microphones", lambda: list(bench.there))
    monkeypatch.setattr(followed, "open_device", open_)
    monkeypatch.setattr(followed.Follower, "watch", lambda self: None)
    bench.hers, bench.ours, bench.look = hers, ours, look
    yield bench
    for one in bench.made:
        one.close()


def test_a_longer_name_does_not_take_the_place_of_what_was_unplugged(bench):
    bench.there = [YETI, NANO]
    hers = bench.hers("yeti")
    assert bench.look(hers) == "Yeti"
    bench.there = [NANO]
    assert bench.look(hers) == ""
    assert hers.device.says == "The microphone Yeti was unplugged."
    bench.there = [NANO, YETI]
    assert bench.look(hers) == "Yeti"


def test_a_twin_that_takes_over_the_name_of_what_was_unplugged_is_not_heard(bench):
    bench.there = [TWIN, OTHER_TWIN]
    hers = bench.hers("USB Audio")
    assert bench.look(hers) == "USB Audio"
    bench.there = [SoundInfo("USB Audio", OTHER_TWIN.id)]
    assert bench.look(hers) == ""
    bench.there = [SoundInfo("USB Audio", OTHER_TWIN.id), SoundInfo("USB Audio (2)", TWIN.id)]
    assert bench.look(hers) == "USB Audio (2)"


def test_what_is_busy_is_waited_for_though_another_name_holds_it(bench):
    bench.there, bench.busy = [YETI, NANO], {YETI.id}
    hers = bench.hers("Yeti")
    assert bench.look(hers) == ""
    assert hers.device.says == "Yeti is busy."


def test_before_anything_was_opened_a_part_of_the_name_will_do(bench):
    bench.there = [NANO]
    assert bench.look(bench.hers("yeti")) == "Yeti Nano"


def test_that_several_fit_is_told(bench):
    bench.there = [SoundInfo("Blue Yeti", "e"), NANO]
    hers = bench.hers("yeti")
    assert bench.look(hers) == "Blue Yeti"
    assert hers.device.says.startswith("2 microphones fit yeti; the first is used.")


def test_a_list_that_fails_ends_what_is_heard_only_if_it_goes_on(bench, monkeypatch):
    bench.there = [YETI]
    hers = bench.hers("Yeti")
    assert bench.look(hers) == "Yeti"

    def fails():
        raise DeviceUnavailable("No server.")

    monkeypatch.setattr(followed, "microphones", fails)
    hers._follower.step()
    assert hers.device.works
    assert bench.look(hers) == ""


def test_another_process_knows_which_one_it_was_while_that_is_unplugged(bench):
    bench.there = [YETI, NANO]
    before = bench.hers("yeti")
    assert bench.look(before) == "Yeti"
    bench.there = [NANO]
    after = bench.hers("yeti", known=before.known)
    assert bench.look(after) == ""
    assert after.device.says == "The microphone Yeti was unplugged."
    bench.there = [NANO, YETI]
    assert bench.look(bench.hers("yeti", known=after.known)) == "Yeti"


def test_another_process_does_not_give_the_user_what_is_somebody_elses(bench):
    bench.there = [replace(YETI, default=True), NANO]
    before = bench.ours(spared=["Yeti Nano"])
    assert bench.look(before) == "Yeti"
    bench.there = [replace(NANO, default=True)]
    after = bench.ours(spared=["Yeti Nano"], known=before.known)
    assert bench.look(after) == ""
    assert after.device.says == "The microphone Yeti was unplugged; there is no other."


def test_what_was_chosen_since_is_not_taken_for_what_is_known(bench):
    bench.there = [YETI, TWIN]
    before = bench.hers("Yeti")
    assert bench.look(before) == "Yeti"
    assert bench.look(bench.hers("USB Audio", known=before.known)) == "USB Audio"
