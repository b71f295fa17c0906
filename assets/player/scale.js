/* The lengths along the floor: those that can be read from where one looks. */
(() => {
  "use strict";

  const HALF_VIEW = Math.tan(Math.PI / 8); // Plotly's perspective opens 45 degrees
  const [LETTER, LINE] = [6.5, 22]; // pixels: a letter at most; from a place to the lower end of what Plotly writes below
  const SIDES = { bottom: 0, top: -LINE }; // pixels from a point to the upper end of the text on this side of it
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

  /** On which side of its point each text is neither cut off nor over one before: "bottom", or null.
   *
   * Where that is none, as on a small floor whose front is out of the picture: "top", or null.
   */
  function legible(points, texts, camera, size) {
    const places = points.map((point) => seen(point, camera, size));
    const [below, above] = Object.keys(SIDES).map((side) => free(places, texts, side, size));
    return below.some(Boolean) ? below : above;
  }

  function free(places, texts, side, [width, height]) {
    const kept = [];
    return places.map((place, n) => {
      if (!place) return null;
      const half = (texts[n].length * LETTER) / 2;
      const top = place[1] + SIDES[side];
      const box = { left: place[0] - half, right: place[0] + half, top, bottom: top + LINE };
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      if (!inside || kept.some((other) => overlap(box, other))) return null;
      kept.push(box);
      return side;
    });
  }

  function overlap(a, b) {
    const across = a.left <= b.right + AIR && b.left <= a.right + AIR;
    return across && a.top <= b.bottom + AIR && b.top <= a.bottom + AIR;
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
