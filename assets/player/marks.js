/* What a person leaves on the floor: the skeleton's shadow, and rings around feet that stand. Display axes, z up. */
(() => {
  "use strict";

  const SOLE = 0.08; // metres below an ankle whose foot stands
  const LYING = -0.03; // metres: just above the floor's lines, which Plotly draws too low (SUNK in view/figure.py)
  const RADIUS = 0.13; // metres
  const CORNERS = 20; // of a ring
  const GAP = [null, null, null]; // Plotly lifts the pen

  /** Points of the lines below the limbs, with light from straight above; limbs: as the data have them. */
  function shadow(joints, limbs) {
    return limbs.flat().map((j) => (j === null ? GAP : [joints[j][0], joints[j][1], LYING]));
  }

  /** A closed line around the sole below an ankle; drawn by Plotly, it lies where that draws the floor. */
  function ring([x, y, z], plotly) {
    const height = Math.max(z - SOLE, 0) + (plotly ? LYING : 0);
    return Array.from({ length: CORNERS + 1 }, (_, n) => {
      const angle = (2 * Math.PI * n) / CORNERS;
      return [x + RADIUS * Math.cos(angle), y + RADIUS * Math.sin(angle), height];
    });
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { shadow, ring });
})();
