/* The avatar: bodies with a skin on their bones, drawn by three.js over the plot and from the plot's own camera. */
(() => {
  "use strict";

  const { Body, Ground } = window.Pose3DPlayer;

  const OPENING = 45; // degrees from the lower edge to the upper, as Plotly's perspective
  const HALF_VIEW = Math.tan(Math.PI / 8); // of half of them
  const [NEAR, FAR] = [0.01, 100]; // between which something is drawn, in Plotly's units
  const SHARPEST = 2; // pixels of the canvas for one of the page
  const [SKY, BOUNCE, LAMP, WINDOW] = [1.9, 1.2, 0.9, 0.9]; // how bright: from above, back from the floor, the others
  const LAMP_WAY = [-0.25, -0.35, 2]; // from what is lit to the lamp, which throws the shadow
  const WINDOW_WAY = [-1, -2, 1]; // to a light without one
  const LAMP_FAR = 5; // metres
  const REACH = 1.3; // metres around the hips that throw a shadow
  const SHADOW = 1024; // pixels along a side of the shadow's picture
  const BLUR = 4; // of the shadow's edge, in those pixels
  const SKIN = 0.02; // metres that the skin's shadow keeps off itself

  /** Whether the browser can draw it. */
  function possible() {
    const gl = document.createElement("canvas").getContext("webgl2");
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
    return Boolean(gl);
  }

  /** Waits for three.js: inside the page, or else fetched once from the address that the page tells. */
  function library() {
    if (window.Pose3DThree) return Promise.resolve();
    window.Pose3DPlayer.loading ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      Object.assign(script, { src: window.Pose3DPlayer.three, onload: done, onerror: failed });
      document.head.append(script);
    });
    return window.Pose3DPlayer.loading;
  }

  /** A canvas that lies over the plot; what is turned by the mouse and fingers is the plot. Display axes: z up. */
  class Avatar {
    static possible = possible;
    static library = library;

    constructor(plot, data, people) {
      const three = window.Pose3DThree;
      Object.assign(this, { plot, data, three });
      this.canvas = document.createElement("canvas");
      this.canvas.className = "pose3d-avatar";
      this.canvas.setAttribute("aria-hidden", "true");
      this.renderer = new three.WebGLRenderer({ canvas: this.canvas, antialias: true });
      this.renderer.shadowMap.enabled = true;
      this.renderer.shadowMap.type = three.PCFShadowMap;
      this.camera = new three.PerspectiveCamera(OPENING);
      this.camera.up.set(0, 0, 1);
      this.bodies = people.map((person) => new Body(three, person));
      const world = new three.Group(); // its y is up
      world.rotation.x = Math.PI / 2;
      world.add(...this.bodies.map(({ mesh }) => mesh));
      const { left, right } = data.colours; // as data.feet
      this.ground = new Ground(three, data.figure.data, people.flatMap(() => [left, right]));
      this.scene = new three.Scene();
      this.scene.add(world, this.ground.group, this.ground.trail, ...this.lights());
      this.moved = () => {
        if (this.view() !== this.viewed) this.render();
      };
      plot.on("plotly_relayout", this.moved);
      plot.after(this.canvas);
    }

    lights() {
      const { DirectionalLight, HemisphereLight } = this.three;
      const sky = new HemisphereLight(0xffffff, 0xffffff, SKY);
      sky.position.set(0, 0, 1);
      sky.groundColor.setScalar(BOUNCE / SKY);
      this.lamp = new DirectionalLight(0xffffff, LAMP);
      this.lamp.castShadow = true;
      const { shadow } = this.lamp;
      shadow.mapSize.set(SHADOW, SHADOW);
      Object.assign(shadow, { radius: BLUR, normalBias: SKIN });
      const front = new DirectionalLight(0xffffff, WINDOW);
      front.position.fromArray(WINDOW_WAY);
      return [sky, front, this.lamp, this.lamp.target];
    }

    /* What the player asks for -------------------------------------------------------------------------------- */

    show(on) {
      this.canvas.hidden = !on;
      if (on) this.fit();
    }
    /** The size of the plot's box. */
    fit() {
      const { clientWidth, clientHeight } = this.plot;
      if (this.canvas.hidden || !clientWidth || !clientHeight) return;
      this.renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, SHARPEST));
      this.renderer.setSize(clientWidth, clientHeight, false);
      this.camera.aspect = clientWidth / clientHeight;
      this.ground.fit(clientHeight / (2 * HALF_VIEW));
      this.render();
    }
    /** Colours of the style sheet. */
    dress(colours, dark) {
      this.scene.background = new this.three.Color(colours.paper);
      this.ground.dress(colours, dark);
      this.render();
    }
    /** Everybody as in this frame; trail: points [x, y, z], metres; rings: see Ground. */
    draw(frame, trail, rings) {
      for (const body of this.bodies) body.pose(frame);
      this.ground.follow(trail);
      this.ground.stand(rings);
      this.render();
    }
    /** Where a person's bones start, as drawn: [N][3] metres. */
    bones(person) {
      return this.bodies[person].starts();
    }
    destroy() {
      this.plot.removeListener?.("plotly_relayout", this.moved);
      this.scene.traverse(({ geometry, material, skeleton }) => {
        for (const part of [geometry, material?.map, material, skeleton]) part?.dispose();
      });
      this.lamp.dispose();
      this.renderer.dispose();
      this.renderer.forceContextLoss(); // browsers allow few at once
      this.canvas.remove();
    }

    /* Drawing ------------------------------------------------------------------------------------------------- */

    /** The plot's camera, to tell whether it moved. */
    view() {
      return JSON.stringify(this.plot.layout.scene.camera);
    }
    render() {
      if (this.canvas.hidden) return;
      this.viewed = this.view();
      this.stand();
      this.scene.updateMatrixWorld();
      this.shine();
      this.renderer.render(this.scene, this.camera);
    }
    /** The camera where the plot's is. */
    stand() {
      const { eye, center } = this.plot.layout.scene.camera;
      const { scene } = this.data.figure.layout;
      const unit = (scene.xaxis.range[1] - scene.xaxis.range[0]) / scene.aspectratio.x; // metres, on all axes
      const place = (point) => ["x", "y", "z"].map((k) => mean(scene[`${k}axis`].range) + point[k] * unit);
      this.camera.position.fromArray(place(eye));
      this.camera.lookAt(...place(center));
      Object.assign(this.camera, { near: NEAR * unit, far: FAR * unit });
      this.camera.updateProjectionMatrix();
    }
    /** The lamp stands above those who are there: shadows are as sharp wherever they go. */
    shine() {
      const places = this.bodies.filter(({ mesh }) => mesh.visible).map(({ place }) => place);
      if (!places.length) return;
      const middle = [0, 1, 2].map((k) => mean(places.map((place) => place[k])));
      const spread = Math.max(...places.map((place) => Math.hypot(...place.map((value, k) => value - middle[k]))));
      const [reach, far] = [spread + REACH, spread + LAMP_FAR];
      const { camera } = this.lamp.shadow;
      Object.assign(camera, { left: -reach, right: reach, bottom: -reach, top: reach, near: 0, far: 2 * far });
      camera.updateProjectionMatrix();
      this.lamp.target.position.fromArray(middle);
      this.lamp.position.fromArray(LAMP_WAY).setLength(far).add(this.lamp.target.position);
    }
  }

  function mean(values) {
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { Avatar });
})();
