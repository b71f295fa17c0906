/* What the mouse and fingers do to the plot. */
(() => {
  "use strict";

  const STEEPEST = (89 / 180) * Math.PI; // radians; straight from above there is no "up"

  /** Turns and zooms the plot: one finger or the mouse turns, two fingers or the wheel zoom.
   *
   * Plotly's own turntable cannot be used: every restyle holds it still for half a second (it plans its way ahead) and
   * puts the layout's angle back, so the skeleton could not be turned while it plays. Here the layout always knows.
   */
  class Turntable {
    constructor(plot, on) {
      Object.assign(this, { plot, fingers: new Map(), change: null });
      on(plot, "pointerdown", (event) => this.down(event));
      on(plot, "pointermove", (event) => this.move(event));
      for (const name of ["pointerup", "pointercancel"]) on(plot, name, (event) => this.fingers.delete(event.pointerId));
      on(plot, "wheel", (event) => this.wheel(event));
    }
    down(event) {
      if (event.button) return;
      this.plot.setPointerCapture(event.pointerId);
      this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    }
    move(event) {
      const before = this.fingers.get(event.pointerId);
      if (!before) return;
      const spread = this.spread();
      const [x, y] = [event.clientX, event.clientY];
      this.fingers.set(event.pointerId, [x, y]);
      const speed = Math.PI / this.plot.clientHeight; // half a turn from the lower edge to the upper
      if (this.fingers.size === 1) this.turn((before[0] - x) * speed, (y - before[1]) * speed, 1);
      else if (spread) this.turn(0, 0, spread / this.spread());
    }
    wheel(event) {
      event.preventDefault();
      this.turn(0, 0, Math.exp(Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 100) * 0.001));
    }
    /** Pixels between the first two fingers. */
    spread() {
      const [a, b] = this.fingers.values();
      return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1]) || 1 : 0;
    }
    /** Angles in radians; several calls before the next picture become one change. */
    turn(around, up, farther) {
      if (!this.plot.layout) return;
      if (!this.change) requestAnimationFrame(() => this.apply());
      const { around: a, up: u, farther: f } = this.change ?? { around: 0, up: 0, farther: 1 };
      this.change = { around: a + around, up: u + up, farther: f * farther };
    }
    apply() {
      const { around, up, farther } = this.change;
      this.change = null;
      if (!this.plot.layout) return; // taken down meanwhile
      const { eye, center } = this.plot.layout.scene.camera;
      const [x, y, z] = ["x", "y", "z"].map((axis) => eye[axis] - center[axis]);
      const distance = Math.min(Math.max(Math.hypot(x, y, z) * farther, 0.2), 20);
      const azimuth = Math.atan2(y, x) + around;
      const elevation = Math.min(Math.max(Math.atan2(z, Math.hypot(x, y)) + up, -STEEPEST), STEEPEST);
      const flat = distance * Math.cos(elevation);
      const camera = {
        eye: {
          x: center.x + flat * Math.cos(azimuth),
          y: center.y + flat * Math.sin(azimuth),
          z: center.z + distance * Math.sin(elevation),
        },
        center: { ...center },
        up: { x: 0, y: 0, z: 1 },
      };
      Plotly.relayout(this.plot, { "scene.camera": camera });
    }
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { Turntable });
})();
