/* The avatar: a body with a skin on its bones, drawn by three.js over the plot and from the plot's own camera. */
(() => {
  "use strict";

  const OPENING = 45; // degrees from the lower edge to the upper, as Plotly's perspective
  const [NEAR, FAR] = [0.01, 100]; // between which something is drawn, in Plotly's units
  const SHARPEST = 2; // pixels of the canvas for one of the page
  const TURN = 32767; // what 1 is in the rotations
  const LIGHT = [-0.5, -0.8, 2]; // from what is lit to the lamp: x right, y away, z up
  const FAR_LAMP = 6; // metres
  const REACH = 1.3; // metres around the hips that may throw a shadow
  const SHADOW = 1024; // pixels along a side of the shadow's picture
  const BLUR = 4; // of the shadow's edge, in those pixels
  const [SKY, BOUNCE, LAMP] = [1.5, 0.75, 2.2]; // how bright: from above, back from the floor, the lamp
  const DARK = { light: 0.22, dark: 0.45 }; // how much a shadow takes from the floor, by theme
  const [GRID_WIDTH, PATH_WIDTH, TRAIL_WIDTH] = [1, 3, 4]; // CSS pixels
  const LAYERS = { tiles: 3, path: 2, shadow: 1 }; // on the floor: the higher, the farther below

  /** Base64 of little-endian numbers, as Python writes them. */
  function numbers(Kind, text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new Kind(bytes.buffer);
  }

  /** Whether the browser can draw it. */
  function possible() {
    const gl = document.createElement("canvas").getContext("webgl2");
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
    return Boolean(gl);
  }

  /** three.js: inside the page, or else fetched once from the address that the page tells. */
  function library() {
    if (window.Pose3DThree) return Promise.resolve();
    window.Pose3DPlayer.loading ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      Object.assign(script, { src: window.Pose3DPlayer.three, onload: done, onerror: failed });
      document.head.append(script);
    });
    return window.Pose3DPlayer.loading;
  }

  /** One person: the skin, its bones, and how these turn in each frame. World axes: y up. */
  class Body {
    constructor(three, { avatar, gone }) {
      this.gone = gone;
      this.turns = numbers(Int16Array, avatar.rotations);
      this.places = numbers(Float32Array, avatar.places);
      this.bones = this.skeleton(three, avatar);
      this.mesh = this.skin(three, avatar);
    }
    /** At rest, the hips at 0. */
    skeleton(three, { parents, offsets }) {
      const starts = numbers(Float32Array, offsets);
      const bones = parents.map((_, n) => {
        const bone = new three.Bone();
        bone.position.fromArray(starts, 3 * n);
        return bone;
      });
      parents.forEach((parent, n) => parent >= 0 && bones[parent].add(bones[n]));
      return bones;
    }
    skin(three, avatar) {
      const shape = new three.BufferGeometry();
      const add = (name, Kind, text, size, unit) =>
        shape.setAttribute(name, new three.BufferAttribute(numbers(Kind, text), size, unit));
      add("position", Float32Array, avatar.position, 3, false);
      add("normal", Int8Array, avatar.normal, 3, true);
      add("color", Uint8Array, avatar.colour, 3, true);
      add("skinIndex", Uint8Array, avatar.bone, 4, false);
      add("skinWeight", Uint8Array, avatar.weight, 4, true);
      shape.setIndex(new three.BufferAttribute(numbers(Uint16Array, avatar.triangles), 1));
      const mesh = new three.SkinnedMesh(shape, new three.MeshLambertMaterial({ vertexColors: true }));
      Object.assign(mesh, { castShadow: true, receiveShadow: true, frustumCulled: false });
      mesh.add(this.bones[0]);
      mesh.updateMatrixWorld(true);
      mesh.bind(new three.Skeleton(this.bones));
      return mesh;
    }
    pose(frame) {
      this.mesh.visible = !this.gone.has(frame);
      const first = frame * this.bones.length;
      this.bones.forEach((bone, n) => {
        const [x, y, z, w] = this.turns.subarray(4 * (first + n), 4 * (first + n + 1));
        bone.quaternion.set(x / TURN, y / TURN, z / TURN, w / TURN).normalize();
      });
      this.bones[0].position.fromArray(this.places, 3 * frame);
    }
  }

  /** A canvas that lies over the plot; what can be turned below is the plot. Display axes: z up. */
  class Avatar {
    constructor(plot, data, people) {
      Object.assign(this, { plot, data, three: window.Pose3DThree, frame: 0, trailed: [] });
      this.canvas = document.createElement("canvas");
      this.canvas.className = "pose3d-avatar";
      this.canvas.setAttribute("aria-hidden", "true");
      this.renderer = new this.three.WebGLRenderer({ canvas: this.canvas, antialias: true });
      this.renderer.shadowMap.enabled = true;
      this.renderer.shadowMap.type = this.three.PCFShadowMap;
      this.scene = new this.three.Scene();
      this.camera = new this.three.PerspectiveCamera(OPENING);
      this.camera.up.set(0, 0, 1);
      this.bodies = people.map((person) => new Body(this.three, person));
      const world = new this.three.Group(); // its y is up
      world.rotation.x = Math.PI / 2;
      world.add(...this.bodies.map(({ mesh }) => mesh));
      this.scene.add(world, this.ground(people), this.trail(), ...this.lights());
      this.moved = () => this.view() !== this.viewed && this.render();
      plot.on("plotly_relayout", this.moved);
      plot.after(this.canvas);
    }

    /** The floor of the skeleton's scene, at the soles: joints have none, and stand on it with their ankles. */
    ground(people) {
      const [floor, lines, path] = this.data.figure.data;
      const { Mesh, MeshBasicMaterial, ShadowMaterial, DoubleSide, Group } = this.three;
      const shape = new this.three.BufferGeometry();
      const corners = floor.x.flatMap((x, n) => [x, floor.y[n], 0]);
      shape.setAttribute("position", new this.three.BufferAttribute(new Float32Array(corners), 3));
      shape.setAttribute("normal", new this.three.BufferAttribute(new Float32Array([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]), 3));
      shape.setIndex(floor.i.flatMap((i, n) => [i, floor.j[n], floor.k[n]]));
      this.tiles = new Mesh(shape, new MeshBasicMaterial({ side: DoubleSide, ...this.layer("tiles") }));
      this.shadow = new Mesh(shape, new ShadowMaterial({ depthWrite: false, ...this.layer("shadow") }));
      this.shadow.receiveShadow = true;
      this.grid = this.line(GRID_WIDTH);
      this.grid.geometry.setPositions(segments(flat(lines)));
      this.path = this.line(PATH_WIDTH);
      this.path.geometry.setPositions(segments(flat(path)));
      const all = new Group();
      all.position.z = -Math.max(...people.map(({ avatar }) => avatar.sole));
      all.add(this.tiles, this.grid, this.path, this.shadow);
      return all;
    }
    /** What lies on the floor does not fight with it. */
    layer(name) {
      return { polygonOffset: true, polygonOffsetFactor: LAYERS[name], polygonOffsetUnits: LAYERS[name] };
    }
    line(linewidth) {
      const { LineSegments2, LineSegmentsGeometry, LineMaterial } = this.three;
      const line = new LineSegments2(new LineSegmentsGeometry(), new LineMaterial({ linewidth }));
      line.frustumCulled = false;
      return line;
    }
    /** The way of the joint that was chosen. */
    trail() {
      this.way = this.line(TRAIL_WIDTH);
      return this.way;
    }
    lights() {
      const sky = new this.three.HemisphereLight(0xffffff, 0xffffff, SKY);
      sky.position.set(0, 0, 1);
      sky.groundColor.setScalar(BOUNCE / SKY);
      this.lamp = new this.three.DirectionalLight(0xffffff, LAMP);
      this.lamp.castShadow = true;
      this.lamp.shadow.mapSize.set(SHADOW, SHADOW);
      this.lamp.shadow.radius = BLUR;
      this.lamp.shadow.normalBias = 0.02;
      this.lamp.shadow.camera.up.set(0, 0, 1);
      return [sky, this.lamp, this.lamp.target];
    }

    /* What the player asks for ---------------------------------------------------------------------------------- */

    show(on) {
      this.canvas.hidden = !on;
      if (on) this.fit();
    }
    /** The size of the plot's box. */
    fit() {
      const { clientWidth, clientHeight } = this.plot;
      if (!clientWidth || !clientHeight) return;
      this.renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, SHARPEST));
      this.renderer.setSize(clientWidth, clientHeight, false);
      this.camera.aspect = clientWidth / clientHeight;
      this.render();
    }
    /** Colours of the style sheet. */
    dress({ paper, tile, line, path, ink }, dark) {
      this.scene.background = new this.three.Color(paper);
      this.tiles.material.color.set(tile);
      this.grid.material.color.set(line);
      this.path.material.color.set(path);
      this.way.material.color.set(ink);
      this.shadow.material.opacity = dark ? DARK.dark : DARK.light;
      this.render();
    }
    /** Poses everybody as in this frame; trail: points [x, y, z], metres. */
    draw(frame, trail) {
      this.frame = frame;
      for (const body of this.bodies) body.pose(frame);
      this.way.visible = trail.length > 1;
      if (this.way.visible) {
        this.way.geometry.dispose();
        this.way.geometry.setPositions(segments(trail));
      }
      this.render();
    }
    /** Where a person's bones start, as drawn: [N][3] metres, display axes. */
    bones(person) {
      return this.bodies[person].bones.map((bone) => bone.getWorldPosition(new this.three.Vector3()).toArray());
    }
    destroy() {
      this.plot.removeListener?.("plotly_relayout", this.moved);
      this.scene.traverse((thing) => {
        thing.geometry?.dispose();
        thing.material?.dispose();
        thing.skeleton?.dispose();
      });
      this.lamp.dispose();
      this.renderer.dispose();
      this.renderer.forceContextLoss(); // browsers allow few at once
      this.canvas.remove();
    }

    /* Drawing --------------------------------------------------------------------------------------------------- */

    /** The plot's camera, to tell whether it moved. */
    view() {
      return JSON.stringify(this.plot.layout.scene.camera);
    }
    /** Plotly's units to metres: its box is centred at 0. */
    metres(point) {
      const { scene } = this.data.figure.layout;
      return ["x", "y", "z"].map((axis) => {
        const [low, high] = scene[`${axis}axis`].range;
        return (low + high) / 2 + (point[axis] / scene.aspectratio[axis]) * (high - low);
      });
    }
    render() {
      if (this.canvas.hidden) return;
      this.viewed = this.view();
      const { eye, center } = this.plot.layout.scene.camera;
      this.camera.position.fromArray(this.metres(eye));
      this.camera.lookAt(...this.metres(center));
      const unit = this.metres({ x: 1, y: 0, z: 0 })[0] - this.metres({ x: 0, y: 0, z: 0 })[0];
      Object.assign(this.camera, { near: NEAR * unit, far: FAR * unit });
      this.camera.updateProjectionMatrix();
      this.scene.updateMatrixWorld();
      this.shine();
      this.renderer.render(this.scene, this.camera);
    }
    /** The lamp stands above those who are there: shadows are as sharp wherever they go. */
    shine() {
      const hips = this.bodies.filter(({ mesh }) => mesh.visible).map(({ bones: [first] }) => first.matrixWorld.elements);
      const sides = [12, 13, 14].map((k) => hips.map((elements) => elements[k]));
      const middle = sides.map((values) => (Math.min(...values) + Math.max(...values)) / 2);
      if (!hips.length) return;
      const reach = REACH + Math.max(...sides.map((values, k) => Math.max(...values) - middle[k]));
      const { camera } = this.lamp.shadow;
      Object.assign(camera, { left: -reach, right: reach, bottom: -reach, top: reach, near: 0, far: 2 * FAR_LAMP + reach });
      camera.updateProjectionMatrix();
      this.lamp.target.position.fromArray(middle);
      const way = new this.three.Vector3(...LIGHT).setLength(FAR_LAMP + reach);
      this.lamp.position.fromArray(middle).add(way);
    }
  }

  /** A trace's points on the floor. */
  function flat({ x, y }) {
    return x.map((value, n) => (value === null ? null : [value, y[n], 0]));
  }

  /** Numbers of the lines between neighbours; null between two parts. */
  function segments(points) {
    return points.slice(1).flatMap((point, n) => (point && points[n] ? [...points[n], ...point] : []));
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { Avatar: Object.assign(Avatar, { possible, library }) });
})();
