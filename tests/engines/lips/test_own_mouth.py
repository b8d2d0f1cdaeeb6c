"""The speaker's own mouth, moved as asked."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import CannotWrite, UnreadableInput
from core.head import FACE_HEIGHT
from core.mouth_shape import Lips
from core.types import Face, Frame
from engines.lips.own_mouth import OwnMouth

Talk = list[tuple[Frame, Face]]
Track = Callable[[NDArray[np.uint8]], Face]
Seen = Callable[[Face], Lips]


def _shape(**wanted: float) -> NDArray[np.float32]:
    names = ("jaw", "width", "round", "upper", "press", "tuck")
    return np.array([wanted.get(name, 0.0) for name in names], np.float32)


@pytest.fixture
def lips(talk: Talk) -> OwnMouth:
    """Lips of a speaker who was seen talking."""
    lips = OwnMouth()
    for frame, face in talk:
        lips.observe(frame, face)
    return lips


def test_the_mouth_opens_as_far_as_asked(
    lips: OwnMouth, portrait: Frame, face: Face, track: Track, seen: Seen
) -> None:
    asked = [0.0, 0.25, 0.5, 0.75, 1.0]
    shown = [lips.render(portrait, face, _shape(jaw=jaw)).image for jaw in asked]
    gaps = [seen(track(image)).gap for image in shown]
    assert np.corrcoef(asked, gaps)[0, 1] > 0.97
    assert gaps[-1] > 0.18


def test_a_smile_that_shows_teeth_is_closed_for_a_p(
    lips: OwnMouth, portrait: Frame, face: Face, track: Track, seen: Seen
) -> None:
    assert seen(face).gap > 0.05
    image = lips.render(portrait, face, _shape(press=0.9)).image
    assert seen(track(image)).gap < 0.02


def test_rounded_lips_are_narrow_and_spread_lips_wide(
    lips: OwnMouth, portrait: Frame, face: Face, track: Track, seen: Seen
) -> None:
    shapes = {
        "oo": _shape(jaw=0.2, round=1),
        "ee": _shape(jaw=0.3, width=0.7),
        "uh": _shape(jaw=0.3),
    }
    width = {
        name: seen(track(lips.render(portrait, face, shape).image)).width
        for name, shape in shapes.items()
    }
    assert width["oo"] < 0.88 * width["uh"]
    assert width["ee"] > 1.05 * width["uh"]


def test_little_is_left_of_what_the_speakers_own_mouth_does(
    lips: OwnMouth, talk: Talk, track: Track, seen: Seen
) -> None:
    own = [seen(face).gap for _, face in talk]
    rest = [lips.render(frame, face, _shape()).image for frame, face in talk]
    left = [seen(track(image)).gap for image in rest]
    assert np.std(left) < 0.15 * np.std(own)


def test_nothing_changes_away_from_the_mouth(lips: OwnMouth, portrait: Frame, face: Face) -> None:
    shown = lips.render(portrait, face, _shape(jaw=1)).image
    rows, columns = np.nonzero((shown != portrait.image).any(2))
    points = face.landmarks[:, :2]
    chin, nose = points[152], points[4]
    assert len(rows) > 500
    assert rows.min() > nose[1] - 10 and rows.max() < chin[1] + 0.6 * (chin[1] - nose[1])
    assert columns.min() > points[:, 0].min() - 10 and columns.max() < points[:, 0].max() + 10


def test_beside_a_tilted_head_nothing_moves(lips: OwnMouth, portrait: Frame, track: Track) -> None:
    turn = cv2.getRotationMatrix2D((220, 150), 30, 1.0)
    image = cv2.warpAffine(portrait.image, turn, (512, 512), borderMode=cv2.BORDER_REFLECT)
    tilted = track(np.asarray(image, np.uint8))
    shown = lips.render(Frame(image, 0.0, 0), tilted, _shape(jaw=1)).image
    changed = (shown != image).any(2)
    unit = float(tilted.pose[5]) / FACE_HEIGHT
    down = np.array([-np.sin(tilted.pose[2]), np.cos(tilted.pose[2])]) * unit
    face = tilted.landmarks[:, :2]
    hull = cv2.convexHull(np.concatenate([face, face + 0.6 * down]).astype(np.float32))
    allowed = np.zeros(changed.shape, np.uint8)
    cv2.fillConvexPoly(allowed, np.rint(hull).astype(np.int32), 1)
    reach = max(3, round(0.3 * unit))
    allowed = cv2.dilate(allowed, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    assert changed.sum() > 500
    assert not changed[allowed == 0].any()


def test_without_strength_the_frame_itself_comes_back(
    lips: OwnMouth, portrait: Frame, face: Face
) -> None:
    assert lips.render(portrait, face, _shape(jaw=1), 0.0) is portrait


def test_strength_leads_from_the_real_mouth_to_the_asked_one(
    lips: OwnMouth, portrait: Frame, face: Face
) -> None:
    frames = [lips.render(portrait, face, _shape(jaw=1), s).image for s in (0.02, 0.5, 1.0)]
    changes = [np.abs(image.astype(int) - portrait.image).mean() for image in frames]
    assert changes[0] < 0.1 * changes[2]
    assert changes[0] < changes[1] < changes[2]


def test_a_given_frame_is_never_written_to(lips: OwnMouth, portrait: Frame, face: Face) -> None:
    image = portrait.image.copy()
    image.flags.writeable = False
    lips.observe(replace(portrait, image=image), face)
    lips.render(replace(portrait, image=image), face, _shape(jaw=1))
    assert (image == portrait.image).all()


def test_a_speaker_never_seen_before_gets_a_mouth_all_the_same(
    portrait: Frame, face: Face, track: Track, seen: Seen
) -> None:
    lips = OwnMouth()
    image = lips.render(portrait, face, _shape(jaw=0.9)).image
    assert lips.views == 0
    assert seen(track(image)).gap > 0.12


@pytest.mark.parametrize(
    "spoil",
    [
        lambda points: np.full_like(points, np.nan),
        lambda points: np.where(np.arange(468)[:, None] == 13, np.inf, points),
        lambda points: points * 0,
        lambda points: points * 0.05,
        lambda points: points[:100],
        lambda points: points + 5000,
        lambda points: points * 1e9,
    ],
)
def test_landmarks_that_make_no_face_leave_the_frame_alone(
    lips: OwnMouth, portrait: Frame, face: Face, spoil: Callable[[NDArray[np.float32]], object]
) -> None:
    spoilt = replace(face, landmarks=np.asarray(spoil(face.landmarks), np.float32))
    lips.observe(portrait, spoilt)
    assert lips.render(portrait, spoilt, _shape(jaw=1)) is portrait


@pytest.mark.parametrize("part", [(0, 0, 230, 125), (215, 60, 512, 512), (0, 150, 301, 512)])
def test_a_face_cut_by_the_pictures_edge_is_still_drawn(
    lips: OwnMouth, portrait: Frame, face: Face, part: tuple[int, int, int, int]
) -> None:
    left, top, right, bottom = part
    image = np.ascontiguousarray(portrait.image[top:bottom, left:right])
    moved = face.landmarks - np.array([left, top, 0], np.float32)
    shown = lips.render(Frame(image, 0.0, 0), replace(face, landmarks=moved), _shape(jaw=1))
    assert shown.image.shape == image.shape


@pytest.mark.parametrize("shape", [(16, 16, 3), (17, 333, 3), (1, 1, 3), (40, 40), (0, 0, 3)])
def test_odd_pictures_do_no_harm(lips: OwnMouth, face: Face, shape: tuple[int, ...]) -> None:
    frame = Frame(np.zeros(shape, np.uint8), 0.0, 0)
    lips.observe(frame, face)
    assert lips.render(frame, face, _shape(jaw=1)).image.shape == shape


def test_wishes_that_are_no_numbers_are_not_followed(
    lips: OwnMouth, portrait: Frame, face: Face
) -> None:
    assert lips.render(portrait, face, np.full(6, np.nan, np.float32)) is portrait
    assert lips.render(portrait, face, _shape(jaw=1), float("nan")) is portrait


def test_what_was_learnt_survives_in_a_file(
    lips: OwnMouth, portrait: Frame, face: Face, tmp_path: Path
) -> None:
    lips.save(tmp_path / "mouth.npz")
    again = OwnMouth()
    again.load(tmp_path / "mouth.npz")
    assert again.views == lips.views > 2
    first, second = (one.render(portrait, face, _shape(jaw=0.7)).image for one in (lips, again))
    assert np.abs(first.astype(int) - second).max() <= 3


def test_a_forgotten_speaker_leaves_nothing(lips: OwnMouth, tmp_path: Path) -> None:
    lips.forget()
    assert lips.views == 0
    lips.save(tmp_path / "mouth.npz")
    again = OwnMouth()
    again.load(tmp_path / "mouth.npz")
    assert again.views == 0


@pytest.mark.parametrize("content", [None, b"", b"not an archive", b"PK\x03\x04 broken"])
def test_a_file_that_holds_no_mouth_is_refused_and_changes_nothing(
    lips: OwnMouth, content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "mouth.npz"
    if content is not None:
        path.write_bytes(content)
    before = lips.views
    with pytest.raises(UnreadableInput):
        lips.load(path)
    assert lips.views == before


def test_a_place_that_cannot_be_written_to_is_named(lips: OwnMouth, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="mouth"):
        lips.save(tmp_path / "missing" / "mouth.npz")


def test_doubtful_faces_teach_nothing(talk: Talk) -> None:
    lips = OwnMouth()
    for frame, face in talk:
        lips.observe(frame, replace(face, confidence=0.2))
    assert lips.views == 0
