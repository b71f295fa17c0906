/* The 3D skeleton beside a video. Pose3DPlayer.mount(element, data, video) -> player; no dependency but window.Plotly.
 *
 * data: pose3d.view.player_data(result) as JSON. video: the source video's element, which is then the clock, or null
 * for an own clock. For a video that starts with the chosen part, pass {...data, offset: 0}.
 * Only Plotly.restyle of a few traces moves the joints: layout, and with it the viewer's angle, is never touched.
 */
(() => {
  "use strict";

  const SPEEDS = [0.25, 0.5, 1, 1.5, 2];
  const VIEWS = { corner: "Corner", front: "Front", side: "Side", top: "Top" };
  const PATIENCE = 15000; // milliseconds until a missing Plotly is reported
  const STEEPEST = (89 / 180) * Math.PI; // radians; straight from above there is no "up"
  const ROUNDING = 0.002; // seconds by which a browser's currentTime may fall short of the frame's own time

  /** The last index whose time is not after `time`; times grow, but not evenly. */
  function frameAt(times, time) {
    let low = 0;
    let high = times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (times[middle] <= time + ROUNDING) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Runs over the clip by itself and starts again at its end. */
  class OwnClock {
    constructor(duration, changed) {
      Object.assign(this, { duration, changed, playing: false, rate: 1, base: 0, started: 0 });
    }
    get time() {
      if (!this.playing) return this.base;
      return (this.base + ((performance.now() - this.started) / 1000) * this.rate) % this.duration;
    }
    restart(time) {
      this.base = time;
      this.started = performance.now();
    }
    play() {
      this.restart(this.time);
      this.playing = true;
      this.changed();
    }
    pause() {
      this.restart(this.time);
      this.playing = false;
      this.changed();
    }
    seek(time) {
      this.restart(Math.min(Math.max(time, 0), this.duration));
      this.changed();
    }
    setRate(rate) {
      this.restart(this.time);
      this.rate = rate;
    }
    follow() {}
    destroy() {}
  }

  /** The video's time; what is done to the video by its own controls arrives as events. */
  class VideoClock {
    constructor(video, offset, duration, changed) {
      Object.assign(this, { video, offset, duration });
      const events = ["play", "pause", "seeking", "seeked", "timeupdate", "ratechange", "loadedmetadata", "ended"];
      for (const name of events) video.addEventListener(name, changed);
      this.destroy = () => events.forEach((name) => video.removeEventListener(name, changed));
      if (offset > 0 && video.currentTime < offset) this.seek(0);
    }
    get time() {
      return this.video.currentTime - this.offset;
    }
    get playing() {
      return !this.video.paused && !this.video.ended;
    }
    get rate() {
      return this.video.playbackRate;
    }
    play() {
      if (this.time < -ROUNDING || this.time >= this.duration - ROUNDING) this.seek(0);
      // A browser may refuse (another source was set, no user gesture): the button then still shows "play".
      Promise.resolve(this.video.play()).catch(() => {});
    }
    pause() {
      this.video.pause();
    }
    seek(time) {
      this.video.currentTime = this.offset + Math.min(Math.max(time, 0), this.duration);
    }
    setRate(rate) {
      this.video.playbackRate = rate;
    }
    /** Stops where the chosen part stops, once, when playing runs over its end. */
    follow() {
      const over = this.time >= this.duration;
      if (over && this.inside && this.playing) this.video.pause();
      this.inside = !over;
    }
  }

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

  const BAR = `
    <div class="pose3d-plot" role="img" aria-label="3D skeleton; drag to turn, scroll to zoom"></div>
    <div class="pose3d-bar">
      <button type="button" class="pose3d-play" aria-label="Play"></button>
      <input type="range" class="pose3d-scrub" min="0" step="1" value="0" aria-label="Frame">
      <output class="pose3d-label"></output>
      <select aria-label="Speed"></select>
    </div>
    <div class="pose3d-bar pose3d-more">
      <span class="pose3d-legend"></span>
      <span class="pose3d-views" role="group" aria-label="View"></span>
    </div>`;

  class Player {
    constructor(element, data, video) {
      Object.assign(this, { element, data, frame: 0, dead: false, drawing: false, ready: false });
      this.changed = this.changed.bind(this);
      this.tick = this.tick.bind(this);
      this.build();
      this.clock = video
        ? new VideoClock(video, data.offset, data.duration, this.changed)
        : new OwnClock(data.duration, this.changed);
      this.listen();
      this.showState();
      this.waitForPlotly(performance.now());
    }

    /* What others may use ------------------------------------------------------------------------------------- */

    get playing() {
      return this.clock.playing;
    }
    play() {
      this.clock.play();
    }
    pause() {
      this.clock.pause();
    }
    /** seconds from the clip's first frame */
    seek(seconds) {
      this.clock.seek(seconds);
    }
    /** the joints as they are drawn now, [17][3] metres, read back from the plot */
    joints() {
      if (!this.ready) return this.data.joints[this.frame];
      const { x, y, z } = this.plot.data[this.plot.data.length - 1];
      return this.data.names.map((_, j) => [x[j], y[j], z[j]]);
    }
    view(name) {
      if (this.ready) Plotly.relayout(this.plot, { "scene.camera": this.camera(name) });
    }
    destroy() {
      if (this.dead) return;
      this.dead = true;
      this.clock.destroy();
      this.unlisten();
      if (this.ready) Plotly.purge(this.plot);
      this.element.replaceChildren();
      this.element.classList.remove("pose3d-player", "pose3d-dark");
      if (this.element.pose3d === this) delete this.element.pose3d;
    }

    /* The parts ----------------------------------------------------------------------------------------------- */

    build() {
      this.element.classList.add("pose3d-player");
      this.element.innerHTML = BAR;
      const find = (name) => this.element.querySelector(name);
      this.plot = find(".pose3d-plot");
      this.button = find(".pose3d-play");
      this.scrub = find(".pose3d-scrub");
      this.label = find(".pose3d-label");
      this.speed = find("select");
      this.scrub.max = this.data.times.length - 1;
      this.speed.append(...SPEEDS.map((speed) => new Option(`${speed}×`, speed, speed === 1, speed === 1)));
      find(".pose3d-views").append(...Object.keys(VIEWS).map((name) => this.viewButton(name)));
      find(".pose3d-legend").append(...["left", "right"].map((side) => this.legend(side)));
    }

    viewButton(name) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: VIEWS[name], onclick: () => this.view(name) });
      button.dataset.view = name;
      return button;
    }

    legend(side) {
      const item = document.createElement("span");
      item.textContent = side;
      item.style.setProperty("--side", this.data.colours[side]);
      return item;
    }

    /** Listeners on things that outlive the player are remembered, to be taken away. */
    listen() {
      const stop = new AbortController();
      const on = (target, name, act) => target.addEventListener(name, act, { signal: stop.signal, passive: false });
      on(this.button, "click", () => this.toggle());
      on(this.scrub, "input", () => this.seekFrame(Number(this.scrub.value)));
      on(this.speed, "change", () => this.clock.setRate(Number(this.speed.value)));
      // Plotly swallows the press that would bring the keyboard here.
      on(this.plot, "pointerdown", () => this.element.focus({ preventScroll: true }));
      this.turntable = new Turntable(this.plot, on);
      on(this.element, "keydown", (event) => this.key(event));
      const theme = () => this.showTheme();
      on(matchMedia("(prefers-color-scheme: dark)"), "change", theme);
      const classes = new MutationObserver(theme);
      for (const root of [document.documentElement, document.body]) {
        classes.observe(root, { attributes: true, attributeFilter: ["class"] });
      }
      const size = new ResizeObserver(() => this.fit());
      size.observe(this.plot);
      this.unlisten = () => {
        stop.abort();
        classes.disconnect();
        size.disconnect();
      };
      this.element.tabIndex = 0;
      this.showTheme();
    }

    waitForPlotly(since) {
      if (this.dead) return;
      if (window.Plotly) return void this.draft();
      if (performance.now() - since > PATIENCE) {
        this.plot.textContent = "The 3D view cannot be shown, because Plotly's script did not load. Reload the page.";
        return;
      }
      setTimeout(() => this.waitForPlotly(since), 50);
    }

    /** Plotly's camera from which the whole clip is in sight, in a plot of this shape. */
    camera(name) {
      const { direction, centre, tall, wide } = this.data.views[name];
      const shape = this.plot.clientHeight / this.plot.clientWidth || 1;
      const distance = Math.max(tall, wide * shape);
      const eye = {};
      for (const axis of "xyz") eye[axis] = centre[axis] + direction[axis] * distance;
      return { eye, center: { ...centre }, up: { x: 0, y: 0, z: 1 } };
    }

    async draft() {
      const { data, layout } = structuredClone(this.data.figure);
      this.rims = data[data.length - 1].marker.line.color; // each joint's own colour
      layout.scene.dragmode = false; // see Turntable
      await Plotly.newPlot(this.plot, data, layout, { displayModeBar: false, displaylogo: false, doubleClick: false });
      if (this.dead) return void Plotly.purge(this.plot);
      this.ready = true;
      this.showTheme();
      this.fit();
      this.changed();
    }

    /** The plot takes the size of its place; the first time that it has one, the viewer's distance follows from it. */
    fit() {
      if (!this.ready || !this.plot.clientWidth || !this.plot.clientHeight) return;
      Plotly.Plots.resize(this.plot);
      if (!this.placed) this.view("corner");
      this.placed = true;
    }

    /* Time ---------------------------------------------------------------------------------------------------- */

    toggle() {
      if (this.playing) this.pause();
      else this.play();
    }

    /** A moment inside the frame: its very start may be rounded into the frame before. */
    seekFrame(index) {
      const { times, duration } = this.data;
      const frame = Math.min(Math.max(index, 0), times.length - 1);
      const next = frame + 1 < times.length ? times[frame + 1] : duration;
      this.clock.seek(times[frame] + Math.min((next - times[frame]) / 2, 0.01));
    }

    key(event) {
      const inside = event.target;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === " " && !inside.closest("button, select")) this.toggle();
      else if (event.key === "ArrowLeft" && !inside.closest("select")) this.seekFrame(this.frame - 1);
      else if (event.key === "ArrowRight" && !inside.closest("select")) this.seekFrame(this.frame + 1);
      else return;
      event.preventDefault();
    }

    /** The clock was started, stopped or set. */
    changed() {
      if (this.dead) return;
      this.showState();
      this.update();
      if (this.playing && !this.ticking) {
        this.ticking = true;
        requestAnimationFrame(this.tick);
      }
    }

    tick() {
      this.ticking = false;
      if (this.dead) return;
      if (!this.element.isConnected) return this.destroy(); // the page dropped the player without a word
      this.clock.follow();
      this.update();
      if (!this.playing) return this.showState();
      this.ticking = true;
      requestAnimationFrame(this.tick);
    }

    /* Drawing ------------------------------------------------------------------------------------------------- */

    /** Draws the clock's frame, unless the last one is still being drawn: then it is skipped, and the clock goes on. */
    async update() {
      if (!this.ready || this.drawing) return;
      const frame = frameAt(this.data.times, this.clock.time);
      this.showTime(frame);
      if (frame === this.drawn) return;
      this.drawing = true;
      this.frame = this.drawn = frame;
      try {
        const change = this.change(frame);
        await Plotly.restyle(this.plot, change, change.x.map((_, i) => this.data.moving + i));
      } finally {
        this.drawing = false;
      }
      // Nobody else asks again for the frame that became due while this one was drawn and the clock stopped.
      if (!this.dead && !this.playing) this.update();
    }

    /** What Plotly.restyle needs for the traces that move: limbs by side, then the joints. */
    change(frame) {
      const joints = this.data.joints[frame];
      const traces = [...this.data.limbs, joints.map((_, j) => j)];
      const axis = (k) => traces.map((visited) => visited.map((j) => (j === null ? null : joints[j][k])));
      // Undefined leaves the limbs as they are. Joints that were filled in are hollow, and say so.
      const joint = (look) => [...this.data.limbs.map(() => undefined), this.data.names.map(look)];
      const filled = new Set(this.data.filled[frame]);
      return {
        x: axis(0),
        y: axis(1),
        z: axis(2),
        "marker.color": joint((_, j) => (filled.has(j) ? this.hollow : this.rims[j])),
        text: joint((name, j) => (filled.has(j) ? `${name} (filled in)` : name)),
      };
    }

    showTime(frame) {
      this.frame = frame;
      const { times } = this.data;
      this.scrub.value = frame;
      this.label.textContent = `${times[frame].toFixed(2)} s · ${frame + 1}/${times.length}`;
    }

    showState() {
      this.element.classList.toggle("pose3d-playing", this.playing);
      this.button.setAttribute("aria-label", this.playing ? "Pause" : "Play");
      const rate = String(this.clock.rate);
      if (SPEEDS.map(String).includes(rate)) this.speed.value = rate;
    }

    /** Gradio's own switch is a class; a page without it follows the system. */
    showTheme() {
      const system = !document.querySelector("gradio-app, .gradio-container");
      const dark = system ? matchMedia("(prefers-color-scheme: dark)").matches : false;
      this.element.classList.toggle("pose3d-dark", dark || Boolean(this.element.parentElement?.closest(".dark")));
      if (!this.ready) return;
      const look = getComputedStyle(this.element);
      const [tile, line, path, hollow] = ["tile", "line", "path", "hollow"].map((name) =>
        look.getPropertyValue(`--${name}`).trim(),
      );
      this.hollow = hollow || "white"; // while the style sheet is still on its way
      this.drawn = null;
      this.update();
      if (!tile) return;
      Plotly.restyle(this.plot, { color: tile }, [0]);
      Plotly.restyle(this.plot, { "line.color": [line, path] }, [1, 2]);
    }
  }

  function mount(element, data, video) {
    element.pose3d?.destroy();
    element.pose3d = new Player(element, data, video ?? null);
    return element.pose3d;
  }

  window.Pose3DPlayer = { mount };
})();
