from core.chosen import absent, choose, told_apart
from core.devices import CameraInfo

INFOS = (
    CameraInfo("Integrated Camera", "/dev/video0"),
    CameraInfo("Logitech BRIO", "/dev/video2"),
    CameraInfo("USB Camera", "/dev/video4"),
    CameraInfo("USB Camera", "/dev/video6"),
    CameraInfo("Translated Camera", "/dev/video10", ours=True),
)


def chosen(wanted, infos=INFOS):
    found = choose(wanted, infos, "camera")
    return found and found.info.id


def test_a_name_its_part_or_an_id_is_enough():
    assert chosen("Logitech BRIO") == "/dev/video2"
    assert chosen("brio") == "/dev/video2"
    assert chosen("/dev/video6") == "/dev/video6"
    assert chosen("Nokia") is None


def test_without_a_wish_the_first_that_is_not_ours_is_taken():
    assert chosen("") == "/dev/video0"
    assert chosen("", INFOS[::-1]) == "/dev/video6"
    assert chosen("", INFOS[-1:]) is None


def test_of_two_with_one_name_the_first_is_used_and_the_user_told_how_to_choose():
    found = choose("USB Camera", INFOS, "camera")
    assert found.info.id == "/dev/video4"
    assert "2 cameras fit USB Camera" in found.remark
    assert "/dev/video4, /dev/video6" in found.remark


def test_what_is_absent_is_told_with_what_is_there():
    text = absent("Nokia", INFOS[:2], "camera")
    assert text == "There is no camera called Nokia. There are: Integrated Camera, Logitech BRIO."
    assert absent("", (), "camera") == "There is no camera."


def test_blanks_around_a_name_do_not_matter():
    found = choose(" logitech BRIO ", INFOS, "camera")
    assert found is not None and found.info.name == "Logitech BRIO"


def test_no_two_names_that_are_told_apart_are_alike():
    assert told_apart(["BRIO", "BRIO (2)", "Built-in", "BRIO", "BRIO"]) == [
        "BRIO", "BRIO (2)", "Built-in", "BRIO (3)", "BRIO (4)",
    ]  # fmt: skip
