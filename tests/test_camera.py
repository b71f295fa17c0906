import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pose3d.core.camera import Camera, presets
from pose3d.core.errors import ConfigError

LENS = Camera(640, 480, 500, 510, 300, 250, (-0.2, 0.05, 0.001, -0.002))
POINTS = np.array([[0.1, -0.2, 3.0], [-0.5, 0.4, 2.0], [0, 0, 5.0]], np.float32)


def test_rays_undo_projection():
    camera = Camera(640, 480, 500, 510, 300, 250)
    np.testing.assert_allclose(camera.rays(camera.project(POINTS)), POINTS[:, :2] / POINTS[:, 2:], atol=1e-6)


def test_rays_undo_distortion():
    np.testing.assert_allclose(LENS.rays(LENS.project(POINTS)), POINTS[:, :2] / POINTS[:, 2:], atol=1e-4)


def test_field_of_view_is_across_the_longer_side():
    assert Camera.from_fov(1920, 1080, 90).fx == pytest.approx(960)
    assert Camera.from_fov(1080, 1920, 90).fx == pytest.approx(960)
    assert Camera.from_fov(1080, 1920, 71).fov == pytest.approx(71)


@pytest.mark.parametrize("distortion", [None, (-0.2, 0.05, 0.001, -0.002)])
def test_fitting_keeps_the_lens(distortion):
    camera = Camera(1000, 1000, 1145, 1143, 512, 515, distortion)
    half = camera.fitted(500, 500)
    np.testing.assert_allclose(half.project(POINTS), camera.project(POINTS) / 2, atol=1e-4)
    assert camera.fitted(1000, 1000) == camera


def test_fitting_to_another_shape_keeps_the_angle_across_the_longer_side():
    wide = Camera(1920, 1080, 1500, 1500, 970, 530)
    tall = wide.fitted(1080, 1920)
    assert (tall.fx, tall.fy) == (1500, 1500), "pixels stay square"
    assert (tall.cx, tall.cy) == (550, 950), "the centre keeps its place off the middle"
    assert wide.fitted(960, 544).fy == pytest.approx(wide.fy * 544 / 1080), "encoders add rows"


def test_fitting_to_another_size_and_shape():
    """Three quarters of the longer side: so are focal lengths and the centre's place off the middle."""
    fitted = Camera(1920, 1080, 1500, 1400, 970, 530).fitted(1440, 1440)
    assert (fitted.fx, fitted.fy, fitted.cx, fitted.cy) == (1125, 1050, 727.5, 712.5)
    assert fitted.fitted(1440, 1424).fy == 1050, "one row in ninety is no rounding"


def test_without_a_word_a_camera_sees_60_degrees_around_the_middle():
    camera = Camera.from_fov(1920, 1080)
    assert camera.fov == pytest.approx(60) and (camera.cx, camera.cy) == (960, 540)


@pytest.mark.parametrize("camera", [LENS, replace(LENS, distortion=None)], ids=["distortion", "pinhole"])
def test_any_shape_of_points_is_seen_alike(camera):
    many = np.stack([POINTS, 2 * POINTS, POINTS + 1, POINTS - 0.5])
    seen = camera.project(many)
    assert seen.dtype == np.float32 and seen.shape == (4, 3, 2)
    np.testing.assert_array_equal(seen[2, 1], camera.project(many[2, 1]))
    np.testing.assert_array_equal(camera.rays(seen)[2, 1], camera.rays(seen[2, 1]))


def test_matrix_projects():
    seen = POINTS @ LENS.matrix.T
    np.testing.assert_allclose(seen[:, :2] / seen[:, 2:], replace(LENS, distortion=None).project(POINTS), rtol=1e-6)


IMPOSSIBLE = {
    "no width": ({"width": 0}, "1 to 100000 pixels, got 0x480"),
    "no height": ({"height": 0}, "1 to 100000 pixels, got 640x0"),
    "no focal length across": ({"fx": 0}, "must lie between 0.01 and 10000000 pixels, got fx 0, fy 510"),
    "no focal length down": ({"fy": 0}, "must lie between 0.01 and 10000000 pixels, got fx 500, fy 0"),
    "centre nowhere": ({"cx": float("nan")}, "principal point must lie within 1000000 pixels"),
}


@pytest.mark.parametrize(("field", "sentence"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_impossible_cameras(field: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        replace(LENS, **field)


def test_smallest_camera_and_widest_views():
    assert Camera(1, 1, 0.1, 0.1, 0, 0).width == 1
    assert [Camera.from_fov(640, 480, fov).fov for fov in (5, 160)] == pytest.approx([5, 160])


def test_presets():
    name = next(iter(presets()))
    assert Camera.from_preset(name, 640, 480).fov == pytest.approx(presets()[name])
    with pytest.raises(ConfigError, match=name):
        Camera.from_preset("brownie", 640, 480)


def test_calibration_file(tmp_path):
    path = tmp_path / "camera.json"
    fields: dict[str, Any] = {"width": 640, "height": 480, "fx": 500, "fy": 510, "cx": 300, "cy": 250}
    path.write_text(json.dumps(fields | {"distortion": [0.1, 0, 0, 0]}))
    assert Camera.from_file(path) == Camera(**fields, distortion=(0.1, 0, 0, 0))
    path.write_text(json.dumps(fields))
    assert Camera.from_file(path) == Camera(**fields)
    path.write_text(json.dumps(fields | {"distortion": None}))
    assert Camera.from_file(path) == Camera(**fields)


@pytest.mark.parametrize("content", ["[]", "{}", "fx: 500", '{"distortion": 3}'])
def test_what_is_no_calibration_file_is_named(content, tmp_path):
    path = tmp_path / "camera.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match=r"camera\.json is not a camera file"):
        Camera.from_file(path)
    with pytest.raises(ConfigError, match=r"none\.json is not a camera file.*No such file"):
        Camera.from_file(tmp_path / "none.json")


@pytest.mark.parametrize("degrees", [0, 179, -60])
def test_impossible_field_of_view(degrees):
    with pytest.raises(ConfigError, match="between 5 and 160"):
        Camera.from_fov(640, 480, degrees)
