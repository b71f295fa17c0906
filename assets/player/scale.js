/* The lengths along the floor: those that can be read from where one looks. */
(() => {
  "use strict";

  const HALF_VIEW = Math.tan(Math.PI / 8); // Plotly's perspective opens 45 degrees
  const [LETTER, LINE] = [6.5, 22]; // pixels: a letter at most; from a place to the lower end of what Plotly writes below
  const AIR = 4; // pixels between two texts

  /** Where a point is in the picture, [x, y] pixels from its upper left corner; null behind the viewer.
   *
   * All in Plotly's units but for the picture's size.
   */
  function seen([x, y, z], { eye, center }, [width, height]) {
    const ahead = unit(["x", "y", "z"].map((axis) => center[axis] - eye[axis]));
    const right = unit([ahead[1], -ahead[0], 0]);
    const up = [ahead[2] * right[1], -ahead[2] * right[0], right[0] * ahead[1] - right[1] * ahead[0]];
    const way = [x - eye.x, y - eye.y, z - eye.z];
    const far = dot(way, ahead) * HALF_VIEW;
    if (far <= 0) return null;
    const scale = height / 2 / far;
    return [width / 2 + dot(way, right) * scale, height / 2 - dot(way, up) * scale];
  }

  /** Which of the texts are neither cut off nor over one before. */
  function legible(points, texts, camera, [width, height]) {
    const kept = [];
    return points.map((point, n) => {
      const place = seen(point, camera, [width, height]);
      if (!place) return false;
      const half = (texts[n].length * LETTER) / 2;
      const [left, right, top, bottom] = [place[0] - half, place[0] + half, place[1], place[1] + LINE];
      const free = kept.every(
        (other) =>
          left > other.right + AIR || right < other.left - AIR || top > other.bottom + AIR || bottom < other.top - AIR,
      );
      if (!free || left < 0 || right > width || top < 0 || bottom > height) return false;
      kept.push({ left, right, top, bottom });
      return true;
    });
  }

  function dot(a, b) {
    return a.reduce((sum, value, k) => sum + value * b[k], 0);
  }

  function unit(way) {
    const length = Math.hypot(...way);
    return way.map((value) => value / length);
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { seen, legible });
})();
