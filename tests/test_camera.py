import json

import numpy as np
import pytest

from pose3d.core.camera import Camera, presets
from pose3d.core.errors import ConfigError

POINTS = np.array([[0.1, -0.2, 3.0], [-0.5, 0.4, 2.0], [0, 0, 5.0]], np.float32)


def test_rays_undo_projection():
    camera = Camera(640, 480, 500, 510, 300, 250)
    np.testing.assert_allclose(camera.rays(camera.project(POINTS)), POINTS[:, :2] / POINTS[:, 2:], atol=1e-6)


def test_rays_undo_distortion():
    camera = Camera(640, 480, 500, 510, 300, 250, (-0.2, 0.05, 0.001, -0.002))
    np.testing.assert_allclose(camera.rays(camera.project(POINTS)), POINTS[:, :2] / POINTS[:, 2:], atol=1e-4)


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


def test_presets():
    name = next(iter(presets()))
    assert Camera.from_preset(name, 640, 480).fov == pytest.approx(presets()[name])
    with pytest.raises(ConfigError, match=name):
        Camera.from_preset("brownie", 640, 480)


def test_calibration_file(tmp_path):
    path = tmp_path / "camera.json"
    fields = {"width": 640, "height": 480, "fx": 500, "fy": 510, "cx": 300, "cy": 250}
    path.write_text(json.dumps(fields | {"distortion": [0.1, 0, 0, 0]}))
    assert Camera.from_file(path) == Camera(**fields, distortion=(0.1, 0, 0, 0))
    path.write_text("[]")
    with pytest.raises(ConfigError, match=r"camera\.json is not a camera file"):
        Camera.from_file(path)


@pytest.mark.parametrize("degrees", [0, 179, -60])
def test_impossible_field_of_view(degrees):
    with pytest.raises(ConfigError, match="between 5 and 160"):
        Camera.from_fov(640, 480, degrees)
