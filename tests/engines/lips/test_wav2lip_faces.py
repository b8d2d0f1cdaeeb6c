import cv2
import numpy as np
import pytest

from engines.lips.wav2lip_faces import SIZE, FaceBox, drawn_face, network_input, paste


def lower(picture):
    return picture[SIZE // 2 + 8 : SIZE - 8, 16 : SIZE - 16].astype(np.float32)


def test_the_network_sees_blue_first_and_the_lower_half_only_as_a_reference():
    face = np.zeros((SIZE, SIZE, 3), np.uint8)
    face[...] = (255, 51, 0)

    given = network_input(face)

    assert given.shape == (1, 6, SIZE, SIZE)
    assert given[0, :, 0, 0] == pytest.approx([0.0, 0.2, 1.0, 0.0, 0.2, 1.0])
    assert given[0, :, SIZE // 2, 0] == pytest.approx([0.0, 0.0, 0.0, 0.0, 0.2, 1.0])


def test_what_the_network_draws_is_the_colours_that_it_was_given():
    face = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3)).astype(np.uint8)
    assert np.array_equal(drawn_face(network_input(face)[:, 3:]), face)


def test_a_face_that_is_pasted_back_as_it_was_cut_lies_where_it_was(seen_speaker):
    frame, face = seen_speaker[1]
    crop = FaceBox().cut(frame.image, face.landmarks)

    pasted = paste(frame.image, crop, crop.image, 1.0)

    again = FaceBox().cut(pasted, face.landmarks)
    grey = [cv2.cvtColor(one.image, cv2.COLOR_RGB2GRAY).astype(np.float32) for one in (crop, again)]
    (x, y), _ = cv2.phaseCorrelate(lower(grey[0]), lower(grey[1]))
    assert np.hypot(x, y) < 0.3
    assert np.abs(lower(crop.image) - lower(again.image)).mean() < 4


def test_only_the_lower_face_changes(seen_speaker):
    frame, face = seen_speaker[0]
    crop = FaceBox().cut(frame.image, face.landmarks)

    pasted = paste(frame.image, crop, np.zeros_like(crop.image), 1.0)

    rows, columns = np.nonzero((pasted != frame.image).any(2))
    points = face.landmarks[:, :2]
    assert rows.min() > points[[33, 263], 1].max()  # below the eyes
    assert rows.max() < points[152, 1] + 0.1 * np.ptp(points[:, 1])
    assert columns.min() >= points[:, 0].min() - 2
    assert columns.max() <= points[:, 0].max() + 2


def test_half_the_strength_is_half_the_way(seen_speaker):
    frame, face = seen_speaker[0]
    crop = FaceBox().cut(frame.image, face.landmarks)
    dark = np.zeros_like(crop.image)

    whole, half = (paste(frame.image, crop, dark, strength) for strength in (1.0, 0.5))

    between = (frame.image.astype(np.float32) + whole) / 2
    assert np.abs(half - between).max() <= 2


def test_a_drawn_face_takes_on_the_light_of_the_real_one(seen_speaker):
    frame, face = seen_speaker[0]
    crop = FaceBox().cut(frame.image, face.landmarks)
    tinted = np.clip(crop.image + np.array([12, -10, 8]), 0, 255).astype(np.uint8)

    pasted = paste(frame.image, crop, tinted, 1.0)

    again = FaceBox().cut(pasted, face.landmarks)
    assert np.abs(lower(again.image) - lower(crop.image)).mean() < 4


def test_a_tilted_head_is_cut_upright(seen_speaker):
    frame, face = seen_speaker[0]
    turn = cv2.getRotationMatrix2D((320.0, 240.0), 20.0, 1.0)
    tilted = cv2.warpAffine(frame.image, turn, (640, 480), borderMode=cv2.BORDER_REPLICATE)
    points = face.landmarks.copy()
    points[:, :2] = points[:, :2] @ turn[:, :2].T + turn[:, 2]

    crops = [FaceBox().cut(*one).image for one in ((frame.image, face.landmarks), (tilted, points))]

    middle = [crop[20:80, 20:76].astype(np.float32) for crop in crops]
    assert np.abs(middle[0] - middle[1]).mean() < 6


def test_the_box_hardly_breathes_with_the_mouth(seen_speaker):
    (closed, face), (opened, open_face) = seen_speaker
    box = FaceBox()
    for _ in range(30):
        before = box.cut(closed.image, face.landmarks)

    after = box.cut(opened.image, open_face.landmarks)

    assert np.linalg.det(after.matrix[:, :2]) == pytest.approx(
        np.linalg.det(before.matrix[:, :2]), rel=0.04
    )


def test_a_face_that_leaves_the_picture_is_drawn_as_far_as_it_is_in_it(seen_speaker):
    frame, face = seen_speaker[0]
    for away in ((-300, 0), (330, 40), (0, 300), (0, -320), (3000, 0)):
        points = face.landmarks + np.array([*away, 0], np.float32)
        crop = FaceBox().cut(frame.image, points)
        pasted = paste(frame.image, crop, np.zeros_like(crop.image), 1.0)
        assert pasted.shape == frame.image.shape
    assert np.array_equal(pasted, frame.image)
