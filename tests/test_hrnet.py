import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from golden import fill
from pose3d.core.errors import WeightsError
from pose3d.core.models import ModelInfo
from pose3d.core.skeleton import H36M17
from pose3d.core.video import Frame, Span
from pose3d.detect import Detection, Person, load_detector
from pose3d.detect.hrnet import BATCH, BOX_EVERY, JOINTS, Box, Crop, HRNetDetector, boxed, decode, linked, to_h36m
from pose3d.detect.hrnet_by_torch import load_hrnet
from pose3d.detect.hrnet_net import HRNet
from pose3d.io.video import frames

GOLDEN = np.load(Path(__file__).parent / "data" / "golden_hrnet.npz")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hrnet")
    torch.save(fill(HRNet()).state_dict(), folder / "pytorch_model.pt")
    return folder


@pytest.fixture(scope="module")
def detector(folder):
    return load_detector(str(folder))


@pytest.mark.parametrize("runner", ["ONNX Runtime", "PyTorch"])
def test_network_equals_the_published_one(folder, detector, runner):
    network = detector.network if runner == "ONNX Runtime" else load_hrnet(folder / "pytorch_model.pt", "cpu")
    assert np.abs(network(GOLDEN["hrnet_in"]) - GOLDEN["hrnet_out"]).max() < 2e-5


def peaks(places):
    """Heat maps (J, 32, 32) with a Gaussian bump at each of the places (J, 2), x and y in cells."""
    y, x = np.mgrid[:32, :32]
    return np.stack([np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * 1.5**2)) for px, py in places])


@pytest.mark.parametrize("size", [(640, 480), (300, 900), (90, 70), (1920, 1080)])
def test_crop_and_decode_come_back_to_the_picture(size):
    """Peaks a quarter off a cell are found exactly, so that only crop and scale can err."""
    width, height = size
    box = Box(np.array([0.21 * width, 0.1 * height]), np.array([0.62 * width, 0.93 * height]))
    crop = Crop.cut(np.zeros((height, width, 3), np.uint8), box)
    assert crop
    rng = np.random.default_rng(0)
    cells = 1.0 * rng.integers(4, 28, (15, 2)) + rng.choice([-0.25, 0.25], (15, 2))
    places = crop.to_picture(cells)
    found, score = decode(peaks(cells))
    np.testing.assert_allclose(crop.to_picture(found), places, atol=0.5)
    assert (score > 0.9).all()


def test_crop_maps_to_where_its_pixels_came_from():
    """A bright spot of the picture is where the crop's bright spot says it is."""
    picture = np.zeros((720, 1280, 3), np.uint8)
    picture[391:415, 591:615] = 255  # middle at (603, 403)
    crop = Crop.cut(picture, Box(np.array([500.3, 200.7]), np.array([700.2, 620.1])))
    assert crop
    light = crop.image[..., 0].astype(float)
    y, x = np.mgrid[: len(light), : len(light)]
    index = np.array([(light * x).sum(), (light * y).sum()]) / light.sum()
    np.testing.assert_allclose(crop.to_picture(index / 4), [603, 403], atol=0.5)


def test_any_peak_is_found_to_a_quarter_cell():
    cells = np.random.default_rng(1).uniform(2, 29, (200, 2))
    assert np.abs(decode(peaks(cells))[0] - cells).max() <= 0.25 + 1e-6


@pytest.mark.parametrize(("x", "y"), [(0, 0), (31, 31), (0, 17)])
def test_peak_at_the_edge(x, y):
    found, _ = decode(peaks([(x, y)]))
    assert np.abs(found[0] - (x, y)).max() <= 0.25


def test_box_outside_the_picture_gives_no_crop():
    assert Crop.cut(np.zeros((50, 50, 3), np.uint8), Box(np.array([60.0, 60]), np.array([90.0, 90]))) is None


def test_joints_by_name():
    published = {0: 10, 1: 8, 2: 14, 3: 15, 4: 16, 5: 11, 6: 12, 7: 13, 8: 1, 9: 2, 10: 3, 11: 4, 12: 5, 13: 6, 14: 0}
    assert [H36M17.index(name) for name in JOINTS] == list(published.values())
    joints = to_h36m(np.arange(30.0).reshape(15, 2))
    np.testing.assert_array_equal(joints[7], (joints[0] + joints[8]) / 2)
    np.testing.assert_array_equal(joints[9], (joints[8] + joints[10]) / 2)


class Looks:
    """Stands for the person detector where only its timing matters: two people walk right, unseen at some looks."""

    info = ModelInfo("looks", "")

    def __init__(self, unseen=()):
        self.times, self.unseen = [], unseen

    def detect(self, frames):
        for frame in frames:
            self.times.append(frame.time)
            near, far = (walker(start + frame.time) for start in (0, 500))
            people = (near, far) if len(self.times) % 2 else (far, near)  # their order means nothing
            yield Detection(frame.time, () if frame.time in self.unseen else people)


def walker(x):
    """Somebody whose joints reach from x to x + 10 pixels."""
    xy = np.linspace([0, 0], [10, 20], 17) + [x, 0]
    return Person(xy.astype(np.float32), np.ones(17, np.float32), np.empty((0, 0), np.float32))


def blank(count):
    return (Frame(float(t), np.zeros((4, 4, 3), np.uint8)) for t in range(count))


@pytest.mark.parametrize("count", [1, 2, BOX_EVERY, BOX_EVERY + 1, 30])
def test_boxes_between_looks(count):
    looks = Looks()
    made = list(boxed(blank(count), looks))
    assert [frame.time for frame, _ in made] == list(range(count))
    assert looks.times == sorted({*range(0, count, BOX_EVERY), count - 1})
    lows = np.array([sorted(box.low[0] for box in boxes) for _, boxes in made])
    assert lows.shape == (count, 2)
    np.testing.assert_allclose(np.diff(lows, axis=0), 1, atol=1e-4)


def test_boxes_around_a_look_without_a_person():
    made = list(boxed(blank(17), Looks(unseen=(8,))))
    assert [len(boxes) for _, boxes in made] == [2] * 4 + [0] * 8 + [2] * 5


def test_boxes_far_apart_are_of_two_people():
    left, right = (Box(np.array([x, 0.0]), np.array([x + 10.0, 20.0])) for x in (0.0, 300.0))
    assert linked([left], [right]) == []
    assert linked([left, right], [right, left]) == [(0, 1), (1, 0)]
    assert linked([], [left]) == []


def test_end_to_end_in_batches(detector, examples):
    """One call of the network per BATCH frames; every frame gets its joints."""
    calls = []

    def network(crops):
        calls.append(crops.shape)
        return detector.network(crops)

    counted = HRNetDetector(network, detector.boxes, detector.info)
    found = list(counted.detect(frames(examples / "walk.mp4", Span(max_frames=BATCH + 3))))
    assert calls == [(BATCH, 3, 128, 128), (3, 3, 128, 128)]
    assert len(found) == BATCH + 3
    assert all(len(d.people) == 1 for d in found)
    assert all(np.isfinite(d.people[0].xy).all() for d in found)
    assert all(d.people[0].appearance.sum(1) == pytest.approx(1, abs=1e-5) for d in found)
    assert all(b.time > a.time for a, b in itertools.pairwise(found))


def test_through_the_command_line(folder, detector, examples, tmp_path):
    video = examples / "walk.mp4"
    command = ["run", video, "-o", tmp_path, "--detector", folder, "--device", "cpu", "--max-frames", 3, "--no-render"]
    done = subprocess.run(
        [sys.executable, "-m", "pose3d", *map(str, command)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    content = json.loads((tmp_path / "keypoints.json").read_text())
    found = list(detector.detect(frames(video, Span(max_frames=3))))
    scores = np.stack([d.people[0].score for d in found])
    np.testing.assert_allclose(content["scores"], scores, atol=1e-3)


def test_damaged_folder_is_named(folder, tmp_path):
    with pytest.raises(WeightsError, match=r"pytorch_model\.pt"):
        load_detector(str(tmp_path))
    state = torch.load(folder / "pytorch_model.pt", weights_only=True)
    del state["bn1.weight"]
    torch.save({"state_dict": state}, tmp_path / "pytorch_model.pt")
    with pytest.raises(WeightsError, match=r"1 missing: bn1\.weight"):
        load_detector(str(tmp_path))
