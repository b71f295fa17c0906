/* The floor of the avatar's scene, with all that lies on it, from the traces of the plot's. Display axes: z up. */
(() => {
  "use strict";

  const LAYERS = { tiles: 3, shadow: 1 }; // the higher, the farther behind what lies in the same place
  const WIDTHS = { grid: 1, path: 3, trail: 4, ring: 4 }; // CSS pixels
  const SHADE = { light: 0.25, dark: 0.5 }; // what a shadow takes from the floor, by theme
  const [LETTERS, WRITTEN] = [11, 44]; // CSS pixels: how high lengths are written, sharply, and on how large a sheet
  const ABOVE = 0.7; // of the sheet's height: where the letters end, the sheet's lower edge being 0
  const SHARP = 4; // pixels of the sheet for one on the page

  class Ground {
    /** three: window.Pose3DThree; traces: the plot's, the floor's first; rings: the colours of those around feet */
    constructor(three, [floor, lines, path, scale], rings) {
      this.three = three;
      this.group = new three.Group();
      const shape = this.shape(floor);
      this.tiles = new three.Mesh(shape, new three.MeshBasicMaterial({ side: three.DoubleSide, ...layer("tiles") }));
      this.shadow = new three.Mesh(shape, new three.ShadowMaterial({ depthWrite: false, ...layer("shadow") }));
      this.shadow.receiveShadow = true;
      this.grid = this.line("grid", flat(lines));
      this.path = this.line("path", flat(path));
      this.trail = this.line("trail", []);
      this.marks = scale.x.map((x, n) => this.mark(x, scale.y[n], scale.text[n]));
      this.rings = rings.map(() => this.line("ring", []));
      this.rings.forEach((ring, n) => ring.material.color.set(rings[n]));
      this.group.add(this.tiles, this.shadow, this.grid, this.path, ...this.marks, ...this.rings);
    }
    shape({ x, y, i, j, k }) {
      const { BufferGeometry, Float32BufferAttribute } = this.three;
      const shape = new BufferGeometry();
      const corners = x.flatMap((value, n) => [value, y[n], 0]);
      const ups = x.flatMap(() => [0, 0, 1]);
      shape.setAttribute("position", new Float32BufferAttribute(corners, 3));
      shape.setAttribute("normal", new Float32BufferAttribute(ups, 3));
      shape.setIndex(i.flatMap((_, n) => [i[n], j[n], k[n]]));
      return shape;
    }
    line(name, points) {
      const { LineSegments2, LineSegmentsGeometry, LineMaterial } = this.three;
      const line = new LineSegments2(new LineSegmentsGeometry(), new LineMaterial({ linewidth: WIDTHS[name] }));
      line.frustumCulled = false;
      line.geometry.setPositions(segments(points));
      return line;
    }
    /** A length, written below its place. */
    mark(x, y, text) {
      const sheet = document.createElement("canvas");
      sheet.width = sheet.height = WRITTEN * SHARP;
      const pen = sheet.getContext("2d");
      Object.assign(pen, { font: `${LETTERS * SHARP}px sans-serif`, fillStyle: "white" });
      Object.assign(pen, { textAlign: "center", textBaseline: "top" });
      pen.fillText(text, sheet.width / 2, 0);
      const { CanvasTexture, Sprite, SpriteMaterial } = this.three;
      const look = { map: new CanvasTexture(sheet), sizeAttenuation: false, depthTest: false, depthWrite: false };
      const mark = new Sprite(new SpriteMaterial(look)); // the floor must not cover it, as bodies do, which come later
      mark.position.set(x, y, 0);
      mark.center.set(0.5, 1);
      return mark;
    }
    /** sides: of its place on which each of the lengths can be read, "bottom" or "top"; null for those that cannot. */
    label(sides) {
      this.marks.forEach((mark, n) => {
        mark.visible = sides[n] !== null;
        mark.center.set(0.5, sides[n] === "top" ? ABOVE : 1);
      });
    }
    /** tall: how many CSS pixels of the canvas are as high as far. */
    fit(tall) {
      for (const mark of this.marks) mark.scale.setScalar(WRITTEN / tall);
    }
    /** Colours of the style sheet. */
    dress({ tile, line, path, faint, ink }, dark) {
      const parts = [this.tiles, this.grid, this.path, this.trail, ...this.marks];
      const colours = [tile, line, path, ink, ...this.marks.map(() => faint)];
      parts.forEach((part, n) => part.material.color.set(colours[n]));
      this.shadow.material.opacity = SHADE[dark ? "dark" : "light"];
    }
    /** The way of the joint that was chosen: points [x, y, z], metres. */
    follow(points) {
      reshape(this.trail, points.length > 1, points);
    }
    /** rings: points, and whether the foot stands */
    stand(rings) {
      rings.forEach(({ points, stands }, n) => reshape(this.rings[n], stands, points));
    }
  }

  function layer(name) {
    return { polygonOffset: true, polygonOffsetFactor: LAYERS[name], polygonOffsetUnits: LAYERS[name] };
  }

  /** A trace's points on the floor; null where the pen is lifted. */
  function flat({ x, y }) {
    return x.map((value, n) => (value === null ? null : [value, y[n], 0]));
  }

  /** Shows the line through other points, or hides it. */
  function reshape(line, visible, points) {
    line.visible = visible;
    if (!visible) return;
    line.geometry.dispose();
    line.geometry.setPositions(segments(points));
  }

  /** The numbers of the lines between neighbours. */
  function segments(points) {
    return points.slice(1).flatMap((point, n) => (point && points[n] ? [...points[n], ...point] : []));
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { Ground });
})();
