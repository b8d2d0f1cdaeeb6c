import itertools
from dataclasses import dataclass, field

import pytest

from core.chosen import choose
from core.devices import CameraInfo, DeviceLost, SourceEnded
from core.errors import DeviceUnavailable, UnreadableInput
from core.following import Follower, Kind, Known

BRIO, BUILT_IN = CameraInfo("BRIO", "usb1"), CameraInfo("Built-in", "pci1")
OTHER = CameraInfo("Other", "usb9")
OURS = CameraInfo("Translated Camera", "loop1", ours=True)


@dataclass
class FakeDevice:
    id: str
    closed: bool = False
    remark: str = ""

    def close(self):
        assert not self.closed
        self.closed = True


@dataclass
class Bench:
    """The machine's cameras, as the test plugs them."""

    there: list = field(default_factory=lambda: [BUILT_IN, BRIO])
    refusals: dict = field(default_factory=dict)
    opened: list = field(default_factory=list)
    told: list = field(default_factory=list)
    tries: list = field(default_factory=list)
    trouble: Exception | None = None
    default: object = None
    now: float = 0.0

    def follower(self, wanted, known=None, **more):
        kind = Kind(
            noun="camera",
            shown="shown",
            listing=self.listing,
            find=lambda wanted, infos: choose(wanted, infos, "camera"),
            open=lambda info: self.open(info.id),
            is_source=lambda wanted: wanted.startswith("file:"),
            open_source=self.open,
            remark=lambda device: device.remark,
            **more,
        )
        return Follower(
            wanted,
            kind,
            now=lambda: self.now,
            on_change=self.told.append,
            known=known or Known(),
        )

    def listing(self):
        if self.trouble:
            raise self.trouble
        return list(self.there)

    def open(self, id_):
        self.tries.append((id_, self.now))
        if id_ in self.refusals:
            raise self.refusals[id_]
        self.opened.append(FakeDevice(id_))
        return self.opened[-1]

    def all_closed_but(self, device):
        return all(one.closed == (one is not device) for one in self.opened)


@pytest.fixture
def bench():
    return Bench()


def seconds(bench, follower, count):
    for _ in range(count):
        bench.now += 1.0
        follower.step()
    return follower.device()


def test_the_wanted_camera_is_opened_and_nothing_is_said(bench):
    follower = bench.follower("BRIO")
    assert seconds(bench, follower, 3).id == "usb1"
    assert follower.status.name == "BRIO"
    assert follower.status.works
    assert follower.status.says == ""
    assert len(bench.opened) == 1


def test_an_unplugged_camera_is_replaced_until_it_is_back(bench):
    follower = bench.follower("BRIO")
    seconds(bench, follower, 1)
    bench.there = [BUILT_IN]
    follower.lost(DeviceLost("gone"))
    assert seconds(bench, follower, 1).id == "pci1"
    assert follower.status.says == (
        "The camera BRIO was unplugged; Built-in is shown until it is back."
    )
    bench.there = [BUILT_IN, CameraInfo("BRIO", "usb7")]
    back = seconds(bench, follower, 1)
    assert back.id == "usb7"
    assert follower.status.says == ""
    assert bench.all_closed_but(back)


def test_what_is_somebody_elses_takes_nobodys_place_but_is_had_by_name(bench):
    bench.there = [BRIO, BUILT_IN, OTHER]
    follower = bench.follower("BRIO", spared=lambda infos: {"pci1"})
    seconds(bench, follower, 1)
    bench.there = [BUILT_IN]
    assert seconds(bench, follower, 3) is None
    assert follower.status.says == "The camera BRIO was unplugged; there is no other."
    bench.there = [BUILT_IN, OTHER]
    assert seconds(bench, follower, 1).id == "usb9"
    follower.choose("Built-in")
    assert seconds(bench, follower, 1).id == "pci1"


def test_nor_does_it_when_the_system_makes_it_its_default(bench):
    bench.there, bench.default = [BRIO, BUILT_IN], BRIO
    follower = bench.follower(
        "",
        default=lambda infos: bench.default if bench.default in infos else None,
        spared=lambda infos: {"pci1"},
    )
    assert seconds(bench, follower, 1).id == "usb1"
    bench.default = BUILT_IN
    assert seconds(bench, follower, 3).id == "usb1"
    bench.there = [BUILT_IN]
    assert seconds(bench, follower, 3) is None


def test_what_is_had_already_is_not_taken_away_for_being_somebody_elses(bench):
    bench.there, spared = [BUILT_IN], set()
    follower = bench.follower("", default=lambda infos: infos[0], spared=lambda infos: spared)
    seconds(bench, follower, 1)
    spared.add("pci1")
    assert seconds(bench, follower, 3).id == "pci1"


def test_a_camera_that_is_gone_from_the_list_is_given_up_without_an_error_of_its_own(bench):
    follower = bench.follower("BRIO")
    seconds(bench, follower, 1)
    bench.there = [BUILT_IN]
    assert seconds(bench, follower, 1).id == "usb1", "one look may be mistaken"
    assert follower.status.says == ""
    assert seconds(bench, follower, 1).id == "pci1"


def test_with_no_other_camera_there_is_none_and_the_user_knows(bench):
    bench.there = [BRIO]
    follower = bench.follower("BRIO")
    seconds(bench, follower, 1)
    bench.there = []
    follower.lost(DeviceLost("gone"))
    assert seconds(bench, follower, 1) is None
    assert not follower.status.works
    assert follower.status.says == "The camera BRIO was unplugged; there is no other."


def test_an_absent_camera_is_awaited(bench):
    bench.there = [BUILT_IN]
    follower = bench.follower("BRIO")
    assert seconds(bench, follower, 1).id == "pci1"
    assert follower.status.says == (
        "There is no camera called BRIO; Built-in is shown until it is there."
    )
    bench.there = [BUILT_IN, BRIO]
    assert seconds(bench, follower, 1).id == "usb1"


def test_a_busy_camera_is_tried_again_less_and_less_often(bench):
    bench.refusals["usb1"] = DeviceUnavailable("The camera BRIO is used by zoom.")
    follower = bench.follower("BRIO")
    assert seconds(bench, follower, 1).id == "pci1"
    assert follower.status.says == (
        "The camera BRIO is used by zoom. Built-in is shown until it works."
    )
    seconds(bench, follower, 40)
    tries = [when for id_, when in bench.tries if id_ == "usb1"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert gaps == sorted(gaps)
    assert gaps[0] >= 2
    assert gaps[-1] > 10
    del bench.refusals["usb1"]
    assert seconds(bench, follower, 31).id == "usb1"
    assert follower.status.says == ""


def test_a_camera_without_pictures_is_replaced_and_tried_again(bench):
    follower = bench.follower("BRIO")
    seconds(bench, follower, 1)
    follower.lost(DeviceLost("The camera BRIO gives no pictures."))
    assert seconds(bench, follower, 1).id == "pci1"
    assert follower.status.says == (
        "The camera BRIO gives no pictures. Built-in is shown until it works."
    )
    assert seconds(bench, follower, 3).id == "usb1"


def test_our_own_camera_is_refused_and_never_a_replacement(bench):
    bench.there = [OURS, BUILT_IN]
    follower = bench.follower("Translated Camera")
    assert seconds(bench, follower, 1).id == "pci1"
    assert "only go round in circles" in follower.status.says
    assert "Until then Built-in is shown." in follower.status.says
    bench.there = [OURS]
    follower.lost(DeviceLost("gone"))
    assert seconds(bench, follower, 2) is None


def test_without_a_wish_the_camera_that_was_opened_first_is_kept_to(bench):
    follower = bench.follower("")
    assert seconds(bench, follower, 1).id == "pci1"
    bench.there = [BRIO, BUILT_IN]
    assert seconds(bench, follower, 2).id == "pci1"
    bench.there = [BRIO]
    assert seconds(bench, follower, 2).id == "usb1"
    bench.there = [BRIO, BUILT_IN]
    assert seconds(bench, follower, 1).id == "pci1"


def test_the_systems_default_is_gone_with_unless_it_is_ours(bench):
    follower = bench.follower("", default=lambda infos: bench.default)
    bench.default = BRIO
    assert seconds(bench, follower, 1).id == "usb1"
    bench.default = BUILT_IN
    assert seconds(bench, follower, 1).id == "pci1"
    bench.default = None
    bench.there = [BRIO, BUILT_IN]
    assert seconds(bench, follower, 3).id == "pci1"


def test_another_choice_replaces_what_is_open_when_it_is_there(bench):
    follower = bench.follower("BRIO")
    first = seconds(bench, follower, 1)
    follower.choose("Built-in")
    assert follower.device() is first
    second = seconds(bench, follower, 1)
    assert second.id == "pci1"
    assert bench.all_closed_but(second)


def test_a_source_is_opened_once_and_its_end_is_told(bench):
    follower = bench.follower("file:talk.mp4")
    assert seconds(bench, follower, 2).id == "file:talk.mp4"
    follower.lost(SourceEnded("The picture of talk.mp4 has ended."))
    assert seconds(bench, follower, 5) is None
    assert follower.status.says == "The picture of talk.mp4 has ended."
    assert len(bench.opened) == 1


def test_a_file_that_cannot_be_read_is_told(bench):
    bench.refusals["file:x"] = UnreadableInput("x does not exist.")
    follower = bench.follower("file:x")
    assert seconds(bench, follower, 1) is None
    assert follower.status.says == "x does not exist."


def test_a_source_makes_room_for_a_camera(bench):
    follower = bench.follower("file:talk.mp4")
    seconds(bench, follower, 1)
    follower.choose("BRIO")
    camera = seconds(bench, follower, 1)
    assert camera.id == "usb1"
    assert bench.all_closed_but(camera)


def test_remarks_of_a_working_camera_are_passed_on(bench):
    follower = bench.follower("BRIO")
    seconds(bench, follower, 1).remark = "It is dark."
    seconds(bench, follower, 1)
    assert follower.status.says == "It is dark."
    assert follower.status.works


def test_each_change_is_told_once(bench):
    follower = bench.follower("BRIO")
    seconds(bench, follower, 5)
    bench.there = [BUILT_IN]
    seconds(bench, follower, 5)
    assert [status.name for status in bench.told] == ["BRIO", "Built-in"]


def test_a_list_that_fails_changes_nothing_at_first(bench):
    follower = bench.follower("BRIO")
    device = seconds(bench, follower, 1)
    bench.trouble = OSError("the server is starting")
    assert seconds(bench, follower, 1) is device
    bench.trouble = None
    assert seconds(bench, follower, 3) is device
    assert len(bench.opened) == 1


def test_closing_closes_what_was_opened_and_not_yet_read(bench):
    follower = bench.follower("BRIO")
    follower.step()
    follower.close()
    assert bench.all_closed_but(None)


def test_watched_by_its_own_thread_the_reader_gets_the_camera(bench):
    follower = bench.follower("BRIO")
    follower.watch(0.01)
    assert follower.device(5.0).id == "usb1"
    follower.close()
    assert bench.all_closed_but(None)


def test_whatever_goes_wrong_while_looking_it_looks_again(bench, caplog):
    bench.trouble = RuntimeError("nobody thought of this")
    follower = bench.follower("BRIO")
    follower.watch(0.01)
    while not caplog.records:
        assert follower.device(0.01) is None
    bench.trouble = None
    assert follower.device(5.0).id == "usb1"
    follower.close()
    assert "nobody thought of this" in caplog.text


def test_the_follower_after_this_one_keeps_to_the_one_that_was_found_first(bench):
    before = bench.follower("")
    assert seconds(bench, before, 1).id == "pci1"
    bench.there = [BRIO, BUILT_IN]
    after = bench.follower("", known=before.known)
    assert seconds(bench, after, 1).id == "pci1"


def test_what_is_known_of_another_one_counts_for_nothing(bench):
    before = bench.follower("BRIO")
    seconds(bench, before, 1)
    bench.there = [BUILT_IN]
    after = bench.follower("Other", known=before.known)
    seconds(bench, after, 1)
    assert after.status.says.startswith("There is no camera called Other;")
