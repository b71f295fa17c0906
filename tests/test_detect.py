"""The person detector: its geometry by itself, the networks against mediapipe, whom it finds in composed pictures."""

import dataclasses
import itertools
import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from pose3d.core.config import RunConfig
from pose3d.core.errors import ConfigError, WeightsError
from pose3d.core.skeleton import H36M17
from pose3d.core.video import Frame, Span
from pose3d.detect import blazepose, load_detector
from pose3d.detect.appearance import PARTS, appearance
from pose3d.detect.attention import Attention
from pose3d.detect.blazepose import person
from pose3d.detect.bodies import Body
from pose3d.detect.follower import MOST_HELD, Follower, windows
from pose3d.detect.landmarks import COUNT, INPUT, LANDMARKS, Landmarks, refined, to_h36m
from pose3d.detect.looks import coarse_tiles, fine_tiles, tiles
from pose3d.detect.regions import Region
from pose3d.detect.same import covered, doubles, real_ones, same_body
from pose3d.detect.sightings import ANCHORS, Sighting, intersection_over_union, merged, sightings
from pose3d.io.models.runner import load_network
from pose3d.io.video import frames
from pose3d.lift import load_lifter
from pose3d.pipelines import Pipeline

GOLDEN = np.load(Path(__file__).parent / "data" / "golden_blazepose.npz")
CLIPS = ("arm_raises", "jumping_jacks", "squats", "walk")


@pytest.fixture(scope="module")
def full():
    return load_detector("blazepose-full")


@pytest.fixture(scope="module")
def pictures(examples):
    """First frames of the example clips."""
    return {clip: list(frames(examples / f"{clip}.mp4", Span(max_frames=4))) for clip in CLIPS}


# regions


def test_a_region_is_turned_so_that_its_rim_is_up():
    upright = Region.around(np.array([100.0, 200.0]), np.array([100.0, 120.0]))
    assert (upright.side, upright.angle) == (200.0, 0.0)
    on_its_side = Region.around(np.array([100.0, 200.0]), np.array([180.0, 200.0]))
    assert on_its_side.angle == pytest.approx(math.pi / 2)
    np.testing.assert_allclose(on_its_side.to_picture(np.array([0.5, 0.1])), [180, 200], atol=1e-9)


@pytest.mark.parametrize("degrees", [0, 30, 90, 200])
@pytest.mark.parametrize("side", [128.0, 256.0, 700.0])
def test_what_a_region_shows_is_where_it_says(degrees, side):
    """A soft spot of the picture is found again through the cut's pixels, to a tenth of a pixel."""
    spot = np.array([407.3, 291.8])
    y, x = np.mgrid[:600, :800] + 0.5
    light = 255 * np.exp(-((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / (2 * 12**2))
    image = np.repeat(light[..., None], 3, -1).astype(np.uint8)
    region = Region(np.array([430.0, 280.0]), side, math.radians(degrees))
    cut = region.cut(image, 256)[..., 0].astype(float)
    v, u = np.mgrid[:256, :256] + 0.5
    middle = np.array([(cut * u).sum(), (cut * v).sum()]) / cut.sum() / 256
    np.testing.assert_allclose(region.to_picture(middle), spot, atol=0.1)


def test_outside_of_the_picture_is_black():
    cut = Region(np.array([0.0, 50.0]), 100.0, 0.0).cut(np.full((100, 100, 3), 200, np.uint8), 64)
    assert (cut[:, :31] == 0).all()
    assert (cut[:, 33:] == 200).all()


# the person detector's numbers


def test_anchors_cover_the_picture_layer_by_layer():
    assert ANCHORS.shape == (28 * 28 * 2 + 14 * 14 * 2 + 7 * 7 * 6, 2)
    np.testing.assert_allclose(ANCHORS[[0, 1, 2, 1568, 1960, 2253]] * 224, [
        [4, 4], [4, 4], [12, 4], [8, 8], [16, 16], [208, 208],
    ])  # fmt: skip


def test_boxes_and_points_count_from_their_anchor():
    boxes, scores = np.zeros((2254, 12), np.float32), np.full((2254, 1), -20, np.float32)
    boxes[2] = [10, -4, 20, 30, 0, 50, 0, 10, 1, 2, 3, 4]
    scores[2] = 3
    (found,) = sightings(boxes, scores, least=0.5)
    np.testing.assert_allclose(found.box * 224, [12, -15, 32, 15], atol=1e-4)
    np.testing.assert_allclose(found.points * 224, [[12, 54], [12, 14], [13, 6], [15, 8]], atol=1e-4)
    assert found.score == pytest.approx(1 / (1 + math.exp(-3)))
    assert found.region.angle == 0
    assert found.region.side * 224 == pytest.approx(2 * 40 * 1.25)


def test_raw_scores_may_be_huge():
    assert sightings(np.zeros((2254, 12)), np.full((2254, 1), -1e4), 0.5) == []


def sighting(left, score, size=10.0):
    box = np.array([left, 0.0, left + size, size])
    return Sighting(box, np.full((4, 2), left), score)


def test_overlapping_sightings_become_their_weighted_mean():
    one, other, apart = sighting(0.0, 0.9), sighting(2.0, 0.3), sighting(9.0, 0.6)
    found = merged([other, apart, one])
    assert [round(s.score, 3) for s in found] == [0.9, 0.6]
    np.testing.assert_allclose(found[0].box, [0.5, 0, 10.5, 10])
    np.testing.assert_allclose(found[0].points, 0.5)
    assert found[1] == apart


def test_intersection_over_union():
    a, b = np.array([0.0, 0, 2, 2]), np.array([1.0, 1, 3, 3])
    assert intersection_over_union(a, b) == pytest.approx(1 / 7)
    assert intersection_over_union(a, b + 5) == 0


# landmarks


def test_a_sure_heat_map_moves_its_landmark_and_a_weak_one_does_not():
    y, x = np.mgrid[:64, :64]
    sure = 40 * np.exp(-((x - 30) ** 2 + (y - 41) ** 2) / 4) - 20
    maps = np.full((1, COUNT, 64, 64), -20.0)
    maps[0, 0], maps[0, 1] = sure, sure / 2 - 11
    xy = np.full((1, COUNT, 2), 0.5)
    xy[0, :2] = (29.2 / 64, 40.9 / 64)
    moved = refined(xy, maps)
    np.testing.assert_allclose(moved[0, 0] * 64, [30, 41], atol=0.02)
    np.testing.assert_array_equal(moved[0, 1:], xy[0, 1:])


def test_a_heat_map_counts_only_inside_the_picture_and_the_window():
    maps = np.full((1, COUNT, 64, 64), -20.0)
    maps[0, 0, 0, 1] = 20  # near the corner
    maps[0, 0, 10, 10] = 20  # further off than the window reaches
    xy = np.full((1, COUNT, 2), 0.5)
    xy[0, 0], xy[0, 1] = (0.9 / 64, 0.5 / 64), (-0.2, 1.3)
    moved = refined(xy, maps)
    np.testing.assert_allclose(moved[0, 0] * 64, [1, 0], atol=1e-6)
    np.testing.assert_array_equal(moved[0, 1], xy[0, 1])


def test_the_networks_numbers_are_read_by_their_place():
    rows = np.zeros((2, COUNT, 5), np.float32)
    rows[1, 7] = [64, 192, 5, 2, -3]
    maps = np.full((2, COUNT, 64, 64), -50, np.float32)
    maps[1, :33, 0, 0] = 50
    found = Landmarks.decode(rows.reshape(2, -1), np.array([[0.2], [0.9]], np.float32), maps)
    np.testing.assert_allclose(found.xy[1, 7], [64 / INPUT, 192 / INPUT])
    assert found.visibility[1, 7] == pytest.approx(1 / (1 + math.exp(-2)))
    np.testing.assert_allclose(found.flag, [0.2, 0.9])
    np.testing.assert_allclose(found.sharpness, [0, 1], atol=1e-6)


def test_joints_by_name():
    landmarks = np.stack([np.arange(33.0), np.arange(33.0) ** 2], -1)
    joints = to_h36m(landmarks)
    for name in ("LHip", "RKnee", "LAnkle", "RShoulder", "LElbow", "RWrist"):
        np.testing.assert_array_equal(joints[H36M17.index(name)], landmarks[LANDMARKS[name]])
    pelvis, spine, thorax = joints[H36M17.indices("Pelvis", "Spine", "Thorax")]
    np.testing.assert_array_equal(pelvis, landmarks[[23, 24]].mean(0))
    np.testing.assert_array_equal(spine, (pelvis + thorax) / 2)
    above = landmarks[[7, 8]].mean(0) + 2 * (landmarks[[2, 5]].mean(0) - landmarks[[9, 10]].mean(0))
    np.testing.assert_array_equal(joints[H36M17.index("Head")], above)


# where to look


@pytest.mark.parametrize("size", [(1920, 1080), (540, 960), (640, 480), (500, 500)])
@pytest.mark.parametrize("across", [1, 2, 3])
def test_whoever_is_a_third_of_a_tile_is_whole_in_one(size, across):
    width, height = size
    found = tiles(width, height, across)
    if width == height and across == 1:
        return  # the whole picture is looked at anyway
    side = found[0].side
    rng = np.random.default_rng(0)
    low = rng.uniform(0, np.array(size) - side / 3.01, (300, 2))
    high = low + side / 3.01
    inside = [((low >= t.centre - side / 2 - 1e-6) & (high <= t.centre + side / 2 + 1e-6)).all(-1) for t in found]
    assert np.any(inside, axis=0).all()


def test_small_pictures_have_no_tiles():
    assert tiles(100, 80, 1) == []


def test_attention_goes_to_what_moves_and_forgets_nothing():
    width, height = 960, 540
    still = np.full((height, width, 3), 90, np.uint8)
    attention = Attention(still)
    walker = still.copy()
    walker[300:400, 700:740] = 250
    (looked,) = attention.next(walker, [], 1)
    assert (np.abs(looked.centre - (720, 350)) <= looked.side / 2).all()
    seen = {id(looked)}
    parts = [*coarse_tiles(width, height), *fine_tiles(width, height)]
    for _ in range(len(parts) + 5):
        seen.update(map(id, attention.next(walker, [], 1)))
    assert len(seen) >= len(parts) + 3  # the turned pictures too


def test_attention_ignores_what_moves_where_somebody_is_known():
    still = np.full((540, 960, 3), 90, np.uint8)
    attention = Attention(still)
    walker = still.copy()
    walker[300:400, 700:740] = 250
    (looked,) = attention.next(walker, [np.array([650.0, 250, 800, 450])], 1)
    assert looked is attention.coarse[0]  # the first that waits


# who is who


def standing_body(x, size=200.0, sharpness=0.8, visibility=0.9):
    """A body of straight limbs whose region's middle is at x, 300."""
    shape = {
        11: (-0.09, -0.2), 12: (0.09, -0.2), 13: (-0.14, -0.1), 14: (0.14, -0.1), 15: (-0.16, 0), 16: (0.16, 0),
        23: (-0.06, 0.02), 24: (0.06, 0.02), 25: (-0.07, 0.2), 26: (0.07, 0.2), 27: (-0.07, 0.36), 28: (0.07, 0.36),
    }  # fmt: skip
    head = dict.fromkeys(range(11), (0, -0.3))
    hands = {number: shape[15 if number % 2 else 16] for number in range(17, 23)}
    feet = {number: shape[27 if number % 2 else 28] for number in range(29, 33)}
    places = shape | head | hands | feet
    xy = np.array([places[i] for i in range(33)]) * size + (x, 300)
    return Body(xy, np.full(33, visibility), 1.0, sharpness, Region(np.array([x, 300.0]), size, 0.0))


def test_two_people_side_by_side_are_two():
    one, other = standing_body(300.0), standing_body(380.0)
    assert not doubles(one, other)
    assert len(real_ones([one], [other])) == 2


def test_the_same_place_twice_is_one():
    one, again = standing_body(300.0), standing_body(304.0, sharpness=0.7)
    assert same_body(one, again)
    assert real_ones([], [again, one]) == [one]


def test_a_small_body_in_the_limbs_of_another_is_a_part_of_it():
    one, leg = standing_body(300.0), standing_body(300.0, size=60.0, sharpness=0.5)
    assert covered(leg.xy, one).mean() > 0.8
    assert real_ones([leg], [one]) == [one]


def test_somebody_before_a_hidden_one_stays():
    adult = standing_body(300.0)
    hidden = dataclasses.replace(adult, visibility=np.where(np.arange(33) > 10, 0.1, 0.9))
    child = standing_body(300.0, size=90.0)
    assert not doubles(child, hidden)


# the whole way


@pytest.mark.parametrize(("model", "median", "most"), [("full", 0.0055, 0.02), ("heavy", 0.0055, 0.02)])
def test_landmarks_are_mediapipes(examples, model, median, most):
    """Of the body's height, over 60 frames; most: of 99 % of the landmarks that mediapipe sees well."""
    networks = blazepose.load("blazepose", model, "cpu").networks
    errors, visible = [], []
    for clip in CLIPS:
        golden = GOLDEN[f"{clip}_{model}"]
        followed = Follower(networks)(frames(examples / f"{clip}.mp4", Span(max_frames=len(golden))))
        for (_, bodies), truth in zip(followed, golden, strict=True):
            (body,) = bodies
            errors.append(np.linalg.norm(body.xy - truth[:, :2], axis=-1) / np.ptp(truth[:, 1]))
            visible.append(truth[:, 2] > 0.5)
    errors, visible = np.array(errors), np.array(visible)
    assert np.median(errors) < median
    assert np.quantile(errors[visible], 0.99) < most


def heights(found):
    return [np.ptp(person.xy[:, 1]) for detection in found for person in detection.people]


def test_everybody_is_found_at_their_size(full, pictures):
    """Four people of 250 to 560 px in one picture of 1080."""
    canvas = [np.full((1080, 1920, 3), 110, np.uint8) for _ in range(4)]
    corners = {"arm_raises": (0, 0), "walk": (0, 540), "squats": (680, 60), "jumping_jacks": (1260, 100)}
    truth = []
    for clip, (x, y) in corners.items():
        for picture, frame in zip(canvas, pictures[clip], strict=True):
            height, width = frame.image.shape[:2]
            picture[y : y + height, x : x + width] = frame.image[: 1080 - y, : 1920 - x]
        truth += [p.xy + (x, y) for p in next(iter(full.detect(pictures[clip]))).people]
    found = list(full.detect(Frame(i / 30, picture) for i, picture in enumerate(canvas)))
    assert [len(detection.people) for detection in found] == [4] * 4
    for xy in truth:
        nearest = min(found[0].people, key=lambda person: np.abs(person.xy - xy).mean())
        assert np.linalg.norm(nearest.xy - xy, axis=-1).mean() < 0.02 * np.ptp(xy[:, 1])


@pytest.mark.parametrize("noisy", [False, True])
def test_a_person_of_an_eighth_of_the_picture_is_found(full, pictures, noisy):
    clip = pictures["squats"]
    whole = next(iter(full.detect(clip))).people[0]
    scale = 0.12 * 1080 / np.ptp(whole.xy[:, 1])
    small = cv2.resize(clip[0].image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    rng = np.random.default_rng(0)
    blocks = rng.integers(0, 255, (90, 160, 3), dtype=np.uint8) if noisy else np.full((90, 160, 3), 120, np.uint8)
    picture = cv2.resize(blocks, (1920, 1080))
    height, width = small.shape[:2]
    picture[700 : 700 + height, 300 : 300 + width] = small
    (detection,) = full.detect([Frame(0.0, np.asarray(picture, np.uint8))])
    (found,) = detection.people
    assert np.linalg.norm(found.xy - whole.xy * scale - (300, 700), axis=-1).mean() < 0.04 * 0.12 * 1080


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_people_who_lie_or_hang_are_found(full, pictures, quarters):
    turned = [Frame(f.time, np.ascontiguousarray(np.rot90(f.image, quarters))) for f in pictures["squats"]]
    assert [len(detection.people) for detection in full.detect(turned)] == [1] * 4


def test_who_comes_in_is_followed_back_to_the_first_frame(full, pictures):
    """Nobody for 7 frames, then somebody until the end: not seen late, though new people are looked for rarely."""
    alone = [f.image for f in pictures["arm_raises"]]
    height, width = alone[0].shape[:2]
    shown = []
    for index in range(30):
        picture = np.full((height, 2 * width, 3), 110, np.uint8)
        picture[:, :width] = alone[index % 4]
        if index >= 7:
            picture[:, width:] = alone[3 - index % 4][:, ::-1]
        shown.append(Frame(index / 30, picture))
    assert [len(detection.people) for detection in full.detect(shown)] == [1] * 7 + [2] * 23


def test_nobody(full):
    rng = np.random.default_rng(0)
    plain = np.full((360, 640, 3), 130, np.uint8)
    noise = rng.integers(0, 255, (360, 640, 3), dtype=np.uint8)
    found = list(full.detect(Frame(i / 30, picture) for i, picture in enumerate([plain, noise, plain])))
    assert [detection.people for detection in found] == [(), (), ()]
    assert list(full.detect([])) == []


def test_legs_outside_of_the_picture_score_low(full, pictures):
    hips = next(iter(full.detect(pictures["squats"]))).people[0].xy[0, 1]
    upper = [Frame(f.time, np.ascontiguousarray(f.image[: int(hips) + 20])) for f in pictures["squats"]]
    legs = H36M17.indices("LKnee", "RKnee", "LAnkle", "RAnkle")
    for detection in full.detect(upper):
        (found,) = detection.people
        assert found.score[legs].max() < 0.1
        assert found.score[H36M17.indices("Thorax", "LShoulder", "RShoulder")].min() > 0.8


def test_joints_outside_of_the_picture_score_nothing():
    body = standing_body(300.0)
    found = person(np.zeros((350, 400, 3), np.uint8), body)
    outside = found.xy[:, 1] >= 350
    assert outside.any()
    assert (found.score[outside] == 0).all()
    np.testing.assert_allclose(found.score[~outside], 0.9, atol=1e-6)


def test_times_and_counts_are_the_frames(full, pictures):
    shown = [Frame(time, pictures["walk"][0].image) for time in (0.0, 0.4, 0.45, 3.0, 3.9)]
    assert [detection.time for detection in full.detect(shown)] == [frame.time for frame in shown]


def test_windows_span_half_a_second_and_hold_few():
    def shown(rate, count):
        return windows(Frame(i / rate, np.zeros((1, 1, 3), np.uint8)) for i in range(count))

    assert [len(held) for held in shown(10, 14)] == [1, 5, 5, 3]
    assert [len(held) for held in shown(240, 40)] == [1, MOST_HELD, MOST_HELD, 7]


# clothes


def dressed(trunk, legs):
    """A picture of somebody in these colours, and their joints."""
    image = np.full((600, 600, 3), 30, np.uint8)
    image[200:300, 250:350], image[300:520, 250:350] = trunk, legs
    xy = np.full((17, 2), 300.0)
    places = {"RShoulder": (260, 205), "LShoulder": (340, 205), "RHip": (270, 300), "LHip": (330, 300),
              "RKnee": (272, 400), "LKnee": (328, 400)}  # fmt: skip
    for joint, place in places.items():
        xy[H36M17.index(joint)] = place
    return image, xy


def likeness(a, b):
    """1 for equal histograms, 0 for disjoint ones (Bhattacharyya)."""
    return float(np.sqrt(a * b).sum(1).mean())


def test_appearance_tells_clothes_apart_and_bears_other_light():
    red, blue = (appearance(*dressed(colour, (40, 40, 45))) for colour in ((200, 40, 40), (40, 60, 200)))
    white = appearance(*dressed((230, 230, 230), (40, 40, 45)))
    darker = appearance(*dressed((130, 26, 26), (26, 26, 29)))
    for found in (red, blue, white, darker):
        assert len(found) == PARTS
        assert found.dtype == np.float32
        assert found.sum(1) == pytest.approx(1, abs=1e-5)
    assert likeness(red, darker) > 0.95
    assert max(likeness(red, blue), likeness(red, white), likeness(blue, white)) < 0.7


def test_appearance_of_somebody_outside_of_the_picture():
    image, xy = dressed((200, 40, 40), (40, 40, 45))
    assert not appearance(image, xy + 5000).any()
    trunk, thighs = appearance(image[:300], xy)
    assert trunk.sum() == pytest.approx(1, abs=1e-5) and not thighs.any()


# what can go wrong


def test_unknown_names_list_the_known_ones():
    with pytest.raises(ConfigError, match="blazepose, blazepose-full, hrnet"):
        load_detector("openpose")


def test_damaged_network_is_named(tmp_path):
    path = tmp_path / "full.onnx"
    path.write_bytes(b"no graph")
    with pytest.raises(WeightsError, match=r"full\.onnx"):
        load_network(path, "cpu")


def test_a_detector_says_which_weights_it_has(full):
    import hashlib

    from pose3d.core.resources import ASSETS

    digest = hashlib.sha256((ASSETS / "blazepose" / "full.onnx").read_bytes()).hexdigest()
    assert (full.info.name, full.info.sha256) == ("blazepose-full", digest)


def test_finding_ends_with_the_frame_at_which_it_shall(examples, full):
    """Of the frames that were decoded ahead none is lost, and none more is asked for."""
    asked = itertools.count(1)
    whole = Pipeline(full, load_lifter("hdformer"))
    found = whole.find(examples / "squats.mp4", RunConfig(), stop=lambda: next(asked) == 20)
    assert len(found.video) == len(found.tracks[0]) == 20 and not found.video.ends_early
    assert next(asked) == 21
