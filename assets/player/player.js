/* The 3D skeleton beside a video. Pose3DPlayer.mount(element, data, video, { second }) -> player; needs window.Plotly
 * and, loaded before, the files beside this one.
 *
 * data: pose3d.view.player_data(result) as JSON, or pair_data of two. video: the source video's element, which is then
 * the clock, or null for an own clock. second: the element of the teacher's video, muted, which follows, if any. For a
 * video that starts with the chosen part, pass {...data, offset: 0}. It plays by itself (see Autoplay), for which the
 * video must be muted; with {...data, still: true} it waits.
 * One Plotly.restyle of a few traces draws a frame: layout, and with it the viewer's angle, is not touched, unless the
 * viewer follows the person; then the angle and the distance stay, and what is looked at moves.
 */
(() => {
  "use strict";

  const { WORDS, JOINTS, languageOf, OwnClock, VideoClock, frameAt, Autoplay, Turntable, Overlay, Avatar, bars } =
    window.Pose3DPlayer;
  const { shadow, ring, legible, Tally, Second } = window.Pose3DPlayer;

  const SPEEDS = [0.25, 0.5, 1, 1.5, 2];
  const FIGURES = ["skeleton", "avatar"]; // the key A; the first is shown first
  const PLACES = ["beside", "over"]; // of a teacher, the key O; the first is shown first
  const VIEWS = ["front", "side", "top", "corner"]; // the keys 1 to 4
  const TRAIL = 1; // seconds of a joint's way that are drawn
  const HALF_VIEW = Math.tan(Math.PI / 8); // Plotly's perspective opens 45 degrees
  const AIR = 1.2; // how much farther than necessary the one who follows stands
  const NUDGE = Math.PI / 18; // radians that one press of a key turns
  const CLOSER = 1.1; // times as near by one press of a key
  const PATIENCE = 15000; // milliseconds until a missing Plotly is reported
  const MARK = 4; // pixels: how wide the trail and the rings are
  const SCALE = 3; // the trace of the lengths along the floor
  const GAP = [null, null, null]; // Plotly lifts the pen

  const ZOOMS = {
    "+": (player) => player.turntable.turn(0, 0, 1 / CLOSER),
    "=": (player) => player.turntable.turn(0, 0, 1 / CLOSER),
    "-": (player) => player.turntable.turn(0, 0, CLOSER),
  };
  /** What a key does to a player; arrows with Shift turn the plot, with or without it the signs zoom. */
  const KEYS = {
    " ": (player) => player.toggle(),
    ArrowLeft: (player) => player.step(-1),
    ArrowRight: (player) => player.step(1),
    Home: (player) => player.seekFrame(0),
    End: (player) => player.seekFrame(Infinity),
    l: (player) => player.setLoop(!player.loop),
    f: (player) => player.setFollow(!player.following),
    a: (player) => player.setFigure(FIGURES[1 - FIGURES.indexOf(player.figure)]),
    o: (player) => player.setPlace(PLACES[1 - PLACES.indexOf(player.place)]),
    ...Object.fromEntries(VIEWS.map((name, k) => [k + 1, (player) => player.view(name)])),
    ...ZOOMS,
  };
  const TURNS = {
    ArrowLeft: ({ turntable }) => turntable.turn(-NUDGE, 0, 1),
    ArrowRight: ({ turntable }) => turntable.turn(NUDGE, 0, 1),
    ArrowUp: ({ turntable }) => turntable.turn(0, NUDGE, 1),
    ArrowDown: ({ turntable }) => turntable.turn(0, -NUDGE, 1),
    ...ZOOMS,
  };

  /** A person's joints in a frame, moved by their way, if they have one: display axes, metres. */
  function placed({ joints, way }, frame) {
    return way ? joints[frame].map((point) => point.map((value, k) => value + way[k])) : joints[frame];
  }

  class Player {
    constructor(element, data, video, second) {
      Object.assign(this, { element, data, frame: 0, dead: false, drawing: false, ready: false });
      Object.assign(this, { figure: FIGURES[0], place: PLACES[0], avatar: null, following: data.follow, trail: -1, jointTrace: data.moving + data.limbs.length });
      this.people = [data, ...data.others].map((person) => ({ ...person, gone: new Set(person.absent) }));
      this.marksTrace = data.figure.data.length; // a shadow and rings for each person; the trail comes last
      this.rims = data.figure.data[this.jointTrace].marker.line.color; // each joint's own colour
      this.language = languageOf(data);
      this.words = WORDS[this.language];
      this.changed = this.changed.bind(this);
      this.tick = this.tick.bind(this);
      this.build();
      this.clock = video
        ? new VideoClock(video, data.offset, data.duration, this.part(), this.changed)
        : new OwnClock(data.duration, this.part(), this.changed);
      if (second && data.teacher_times) this.second = new Second(second, data.times, data.teacher_times);
      if (video?.parentElement && data.pose2d) this.overlay = new Overlay(video, data, this.rims);
      this.overlayBox.parentElement.hidden = !this.overlay;
      this.figureBox.parentElement.hidden = !this.people.every(({ avatar }) => avatar) || !Avatar.possible();
      if (!data.pair) this.placeBox.parentElement.remove();
      this.listen();
      this.showState();
      if (data.first) this.clock.seek(data.times[data.first]); // nobody is there before
      if (!data.still) this.autoplay = new Autoplay(this.plot, this.clock);
      this.waitForPlotly(performance.now());
    }

    /* What others may use ------------------------------------------------------------------------------------- */

    get playing() {
      return this.clock.playing;
    }
    play() {
      this.autoplay?.end();
      this.clock.play();
    }
    pause() {
      this.autoplay?.end();
      this.clock.pause();
    }
    /** seconds from the clip's first frame */
    seek(seconds) {
      this.autoplay?.interrupt();
      this.clock.seek(seconds);
    }
    /** the joints as they are drawn now, [17][3] metres, read back from the plot, if that shows the figure */
    joints() {
      if (!this.ready || this.bodies) return this.data.joints[this.frame];
      const { x, y, z } = this.plot.data[this.jointTrace];
      return this.data.names.map((_, j) => [x[j], y[j], z[j]]);
    }
    /** where the avatar's bones start as it is drawn now, [N][3] metres, read back from it; null without one.
     * person: 0 for the first */
    bones(person = 0) {
      return this.bodies?.bones(person) ?? null;
    }
    /** one of FIGURES; three.js may have to come first, and without it the skeleton stays */
    async setFigure(name) {
      if (this.figureBox.parentElement.hidden) return;
      this.figure = name;
      this.figureBox.value = name;
      if (this.ready && name === "avatar") await this.bring();
      if (this.dead) return;
      this.element.classList.toggle("pose3d-embodied", Boolean(this.bodies));
      this.avatar?.show(Boolean(this.bodies));
      this.drawn = null;
      this.update();
    }
    /** one of PLACES, where there is a teacher */
    setPlace(name) {
      if (!this.data.pair) return;
      this.place = this.placeBox.value = name;
      const [, teacher] = this.people;
      teacher.way = name === "over" ? this.data.pair.over : [0, 0, 0];
      if (this.ready) this.look({ ...this.views.corner, direction: this.direction() });
      this.drawn = null;
      this.update();
    }
    /** one of VIEWS */
    view(name) {
      this.look(this.views[name]);
    }
    /** What is in sight from each of VIEWS. */
    get views() {
      return this.place === "over" ? this.data.pair.views : this.data.views;
    }
    get loop() {
      return this.clock.loop;
    }
    setLoop(on) {
      this.clock.setLoop(on);
      this.showState();
    }
    /** the viewer walks along with the person, from the angle that was chosen */
    setFollow(on) {
      this.following = on;
      if (this.ready) this.look({ ...this.views.corner, direction: this.direction() });
      this.showState();
    }
    /** counts along: pose3d.view.tally.tally_data, or null for nothing */
    count(data) {
      this.tally.set(data);
      this.tally.show(this.data.times[this.due]);
    }
    /** draws the way of the joint with this name; of none: "" */
    setTrail(name) {
      this.trail = this.data.names.indexOf(name);
      this.trailBox.value = name;
      this.drawn = null;
      this.update();
    }
    /** draws the 2D joints over the video */
    setOverlay(on) {
      this.overlay?.show(on);
      this.overlayBox.checked = on;
    }
    destroy() {
      if (this.dead) return;
      this.dead = true;
      this.autoplay?.end();
      this.clock.destroy();
      this.overlay?.destroy();
      this.avatar?.destroy();
      this.second?.destroy();
      this.unlisten();
      if (this.ready) Plotly.purge(this.plot);
      this.element.replaceChildren();
      this.element.classList.remove("pose3d-player", "pose3d-dark", "pose3d-playing", "pose3d-embodied");
      for (const name of ["role", "aria-label", "lang", "tabindex"]) this.element.removeAttribute(name);
      if (this.element.pose3d === this) delete this.element.pose3d;
    }

    /* The parts ----------------------------------------------------------------------------------------------- */

    build() {
      this.element.classList.add("pose3d-player");
      const said = { role: "group", "aria-label": this.words.player, lang: this.language, tabindex: 0 };
      for (const [name, value] of Object.entries(said)) this.element.setAttribute(name, value);
      this.element.innerHTML = bars(this.words);
      const find = (name) => this.element.querySelector(`.pose3d-${name}`);
      this.plot = find("plot");
      this.button = find("play");
      this.scrub = find("scrub");
      this.label = find("label");
      this.speed = find("speed");
      this.figureBox = find("figure");
      this.placeBox = find("place");
      this.trailBox = find("trail");
      this.overlayBox = find("joints input");
      this.backButton = find("back");
      this.forwardButton = find("forward");
      this.loopButton = find("loop");
      this.scrub.max = this.data.times.length - 1;
      this.speed.append(...SPEEDS.map((speed) => new Option(`${speed}×`, speed, speed === 1, speed === 1)));
      this.figureBox.append(...FIGURES.map((name) => new Option(this.words[name], name)));
      this.placeBox.append(...PLACES.map((name) => new Option(this.words[name], name)));
      this.trailBox.append(new Option(this.words.none, ""), ...this.data.names.map((name) => new Option(this.called(name), name)));
      const views = VIEWS.map((name, k) => this.viewButton(name, k + 1, () => this.view(name)));
      this.followButton = this.viewButton("follow", "F", () => this.setFollow(!this.following));
      find("views").append(...views, this.followButton);
      find("legend").append(...this.legend());
      this.tally = new Tally(find("count"), find("legend"), this.mark("fault"), this.language);
      this.tally.set(this.data.count ?? null);
    }

    /** Seconds from and to: from the first frame with somebody to the end of the last. */
    part() {
      const { times, first, duration } = this.data;
      const last = times.findLastIndex((_, frame) => !this.people.every(({ gone }) => gone.has(frame)));
      return [times[first], last < 0 ? duration : (times[last + 1] ?? duration)];
    }

    /** What people call a joint. */
    called(name) {
      return JOINTS[this.language][name] ?? name;
    }

    viewButton(name, key, onclick) {
      const button = document.createElement("button");
      const text = this.words[name];
      Object.assign(button, { type: "button", textContent: text, title: `${text} (${key})`, onclick });
      button.dataset.view = name;
      return button;
    }

    /** What the colours mean; feet that stand and hollow joints are explained where there are any, faults by Tally. */
    legend() {
      const guessed = this.people.some((person) => person.interpolated.some((row) => row.length));
      const stood = this.people.some((person) => person.stands.some((feet) => feet.length));
      const pair = this.data.pair ? ["learner", "teacher"] : [];
      const marks = [...pair, "left", "right", "path", ...(stood ? ["stands"] : []), ...(guessed ? ["hollow"] : [])];
      return marks.map((mark) => this.mark(mark));
    }

    mark(name) {
      const item = document.createElement("span");
      item.className = `pose3d-mark-${name}`;
      item.textContent = this.words[name];
      const { left, right } = this.data.colours;
      const teacher = { side: this.people[1]?.ghost };
      const look = { left: { side: left }, right: { side: right }, learner: { left, right }, teacher }[name] ?? {};
      for (const [part, colour] of Object.entries(look)) item.style.setProperty(`--${part}`, colour);
      return item;
    }

    /** Listeners on things that outlive the player are remembered, to be taken away. */
    listen() {
      const stop = new AbortController();
      const on = (target, name, act) => target.addEventListener(name, act, { signal: stop.signal, passive: false });
      on(this.button, "click", () => this.toggle());
      on(this.scrub, "input", () => this.seekFrame(Number(this.scrub.value)));
      on(this.speed, "change", () => this.clock.setRate(Number(this.speed.value)));
      on(this.figureBox, "change", () => this.setFigure(this.figureBox.value));
      on(this.placeBox, "change", () => this.setPlace(this.placeBox.value));
      on(this.trailBox, "change", () => this.setTrail(this.trailBox.value));
      on(this.overlayBox, "change", () => this.setOverlay(this.overlayBox.checked));
      on(this.backButton, "click", () => this.step(-1));
      on(this.forwardButton, "click", () => this.step(1));
      on(this.loopButton, "click", () => this.setLoop(!this.loop));
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
      this.showTheme();
    }

    waitForPlotly(since) {
      if (this.dead) return;
      if (window.Plotly) return void this.draft();
      if (performance.now() - since > PATIENCE) {
        this.plot.textContent = this.words.missing;
        return;
      }
      setTimeout(() => this.waitForPlotly(since), 50);
    }

    /** Shows the whole clip as a view frames it; of one who follows, only the view's direction counts. */
    look(view) {
      if (this.ready) Plotly.relayout(this.plot, { "scene.camera": this.camera(view) });
    }

    /** Plotly's camera from which all that shall be seen is in sight, in a plot of this shape. */
    camera(view) {
      const { centre, tall, wide } = this.following ? this.person() : view;
      const shape = this.plot.clientHeight / this.plot.clientWidth || 1;
      const distance = Math.max(tall, wide * shape);
      const eye = {};
      for (const axis of "xyz") eye[axis] = centre[axis] + view.direction[axis] * distance;
      return { eye, center: { ...centre }, up: { x: 0, y: 0, z: 1 } };
    }

    /** The framing of the person in the present frame, whatever the direction and the posture. */
    person() {
      this.reach ??= this.measure();
      const { around, up } = this.reach;
      const tall = (around + Math.max(around, up) / HALF_VIEW) * AIR;
      return { centre: this.pelvis(this.due), tall, wide: (around + around / HALF_VIEW) * AIR };
    }

    /** How far joints are from the point that is followed, sideways and upwards, in Plotly's units. */
    measure() {
      let [around, up] = [0, 0];
      this.data.joints.forEach((joints, frame) => {
        const centre = this.pelvis(frame);
        for (const [x, y, z] of joints.map((joint) => this.units(joint))) {
          around = Math.max(around, Math.hypot(x - centre.x, y - centre.y));
          up = Math.max(up, Math.abs(z - centre.z));
        }
      });
      return { around, up };
    }

    /** The point that is followed: only over the floor, which would heave if it went up and down. Plotly's units. */
    pelvis(frame) {
      const [x, y] = this.units(this.data.joints[frame][this.data.pelvis]);
      return { x, y, z: this.data.views.corner.centre.z };
    }

    /** Metres to Plotly's units: its box is centred at 0. */
    units(point) {
      const { scene } = this.data.figure.layout;
      return ["x", "y", "z"].map((axis, k) => {
        const [low, high] = scene[`${axis}axis`].range;
        return ((point[k] - (low + high) / 2) / (high - low)) * scene.aspectratio[axis];
      });
    }

    /** From what is looked at towards the viewer, of length 1. */
    direction() {
      const { eye, center } = this.plot.layout.scene.camera;
      const [x, y, z] = ["x", "y", "z"].map((axis) => eye[axis] - center[axis]);
      const length = Math.hypot(x, y, z);
      return { x: x / length, y: y / length, z: z / length };
    }

    async draft() {
      const { data, layout } = structuredClone(this.data.figure);
      const line = (name, colour, width) => {
        const shape = { type: "scatter3d", mode: "lines", x: [], y: [], z: [] };
        data.push({ ...shape, name, line: { color: colour, width }, hoverinfo: "skip" });
      };
      const thick = data[this.data.moving].line.width;
      for (const _ of this.people) {
        line("shadow", "#c3c9d2", thick); // see showTheme
        for (const foot of this.data.feet) line("stands", this.rims[foot], MARK);
      }
      line("trail", "#1f2430", MARK);
      layout.scene.dragmode = false; // see Turntable
      await Plotly.newPlot(this.plot, data, layout, { displayModeBar: false, displaylogo: false, doubleClick: false });
      if (this.dead) return void Plotly.purge(this.plot);
      this.ready = true;
      this.plot.on("plotly_relayout", () => this.showScale());
      this.showTheme();
      this.fit();
      this.changed();
      if (this.figure === "avatar") this.setFigure("avatar");
    }

    /** The avatar, if it is the figure and there. */
    get bodies() {
      return this.figure === "avatar" ? this.avatar : null;
    }

    /** Makes the avatar, once; where that fails it is not offered again. */
    async bring() {
      try {
        await Avatar.library();
        if (this.dead || this.avatar) return;
        this.avatar = new Avatar(this.plot, this.data, this.people);
        this.showScale();
        this.showTheme();
      } catch (error) {
        console.warn(error);
        this.figure = this.figureBox.value = "skeleton";
        this.figureBox.parentElement.hidden = true;
      }
    }

    /** The plot takes the size of its place; the first time that it has one, the viewer's distance follows from it. */
    fit() {
      if (!this.ready || !this.plot.clientWidth || !this.plot.clientHeight) return;
      Plotly.Plots.resize(this.plot);
      this.bodies?.fit();
      if (!this.placed) this.view("corner");
      this.placed = true;
      this.showScale();
      this.autoplay?.begin();
    }

    /* Time ---------------------------------------------------------------------------------------------------- */

    toggle() {
      if (this.playing) this.pause();
      else this.play();
    }

    /** The frame of the clock's time; the one that is drawn may be older. */
    get due() {
      return frameAt(this.data.times, this.clock.time);
    }

    /** So many frames on, or back. */
    step(frames) {
      if (this.playing) this.pause();
      this.seekFrame(this.due + frames);
    }

    /** A moment inside the frame: its very start may be rounded into the frame before. */
    seekFrame(index) {
      const { times, duration } = this.data;
      const frame = Math.min(Math.max(index, 0), times.length - 1);
      const next = frame + 1 < times.length ? times[frame + 1] : duration;
      this.seek(times[frame] + Math.min((next - times[frame]) / 2, 0.01));
    }

    /** A list has its own use for keys, and what can be pressed for the space bar. */
    key(event) {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest("select")) return;
      if (key === " " && target.closest("button, [type=checkbox]")) return;
      const act = event.shiftKey ? TURNS[key] : (KEYS[key.toLowerCase()] ?? KEYS[key]);
      if (!act) return;
      act(this);
      event.preventDefault();
    }

    /** The clock was started, stopped or set. */
    changed() {
      if (this.dead) return;
      this.clock.follow(); // also in a hidden tab, where nothing ticks
      this.autoplay?.heard();
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

    /** Shows the clock's frame; while the plot still draws the last one, it skips this one, and the clock goes on. */
    update() {
      if (this.dead) return;
      const frame = this.due;
      this.showTime(frame);
      this.overlay?.draw(frame);
      this.second?.follow(this.clock.time, this.playing, this.clock.rate);
      if (this.drawing) return;
      this.frame = frame;
      if (this.ready && frame !== this.drawn) this.draw(frame);
    }

    async draw(frame) {
      this.drawn = frame;
      if (this.bodies) return this.drawBodies(frame);
      this.drawing = true;
      try {
        const change = this.change(frame);
        const traces = change.x.map((_, i) => this.data.moving + i);
        if (this.following) {
          await Plotly.update(this.plot, change, { "scene.camera": this.followed(frame) }, traces);
          if (!this.dead) this.showScale();
        } else await Plotly.restyle(this.plot, change, traces);
      } finally {
        this.drawing = false;
      }
      // Nobody else asks again for the frame that became due while this one was drawn and the clock stopped.
      if (!this.playing) this.update();
    }

    /** The plot below keeps its last picture, and the camera for both. */
    drawBodies(frame) {
      if (this.following) Plotly.relayout(this.plot, { "scene.camera": this.followed(frame) });
      const rings = this.people.flatMap((person) => this.rings(person, frame, false));
      this.bodies.draw(frame, this.people[0].gone.has(frame) ? [] : this.trailUpTo(frame), rings);
    }

    /** The camera, moved with the person; angle and distance are the viewer's own. */
    followed(frame) {
      const { eye, center, up } = this.plot.layout.scene.camera;
      const centre = this.pelvis(frame);
      const moved = {};
      for (const axis of "xyz") moved[axis] = eye[axis] + centre[axis] - center[axis];
      return { eye: moved, center: centre, up };
    }

    /** What Plotly.restyle needs for the traces that move: everybody's, their marks on the floor, the trail. */
    change(frame) {
      const [main] = this.people;
      const trail = { points: this.trailUpTo(frame), opacity: main.gone.has(frame) ? 0 : 1 };
      const bodies = this.people.flatMap((person) => this.body(person, frame));
      const marks = this.people.flatMap((person) => this.marks(person, frame));
      const traces = [...bodies, ...marks, trail];
      const axis = (k) => traces.map(({ points }) => points.map((point) => point[k]));
      // One value for each trace, or Plotly starts again at the first; undefined leaves a trace as it is.
      return {
        x: axis(0),
        y: axis(1),
        z: axis(2),
        "marker.color": traces.map(({ colours }) => colours),
        text: traces.map(({ names }) => names),
        opacity: traces.map(({ opacity }) => opacity),
      };
    }

    /** A person's traces: limbs by side, the joints. Interpolated ones are hollow, and say so. */
    body(person, frame) {
      const { limbs, interpolated, gone, ghost } = person;
      const joints = placed(person, frame);
      const unseen = new Set(interpolated[frame]);
      const opacity = gone.has(frame) ? 0 : 1; // Plotly loses points that were gaps once
      const lines = limbs.map((visited) => ({ points: visited.map((j) => (j === null ? GAP : joints[j])), opacity }));
      const colours = this.rims.map((rim, j) => (unseen.has(j) ? this.hollow : (ghost ?? rim)));
      const whose = ghost ? `${this.words.teacher}: ` : "";
      const names = this.data.names.map((name, j) => whose + this.called(name) + (unseen.has(j) ? ` (${this.words.interpolated})` : ""));
      return [...lines, { points: joints, opacity, colours, names }];
    }

    /** What a person leaves on the floor: the shadow, and a ring for each foot that stands. */
    marks(person, frame) {
      const { limbs, gone } = person;
      const rings = this.rings(person, frame, true).map(({ points, stands }) => ({ points, opacity: stands ? 1 : 0 }));
      return [{ points: shadow(placed(person, frame), limbs), opacity: gone.has(frame) ? 0 : 1 }, ...rings];
    }

    rings(person, frame, plotly) {
      const joints = placed(person, frame);
      return this.data.feet.map((foot) => ({
        points: ring(joints[foot], plotly),
        stands: !person.gone.has(frame) && person.stands[frame].includes(foot),
      }));
    }

    /** Where the chosen joint was in the last moments; nothing without a choice. */
    trailUpTo(frame) {
      if (this.trail < 0) return [];
      const { times, joints } = this.data;
      return joints.slice(frameAt(times, times[frame] - TRAIL), frame + 1).map((all) => all[this.trail]);
    }

    showTime(frame) {
      if (frame === this.shown) return;
      this.shown = frame;
      const { times } = this.data;
      this.scrub.value = frame;
      this.tally.show(times[frame]);
      const note = this.people.every((person) => person.gone.has(frame)) ? ` · ${this.words.absent}` : "";
      this.label.textContent = `${times[frame].toFixed(2)} s · ${frame + 1}/${times.length}${note}`;
    }

    /** Of the lengths along the floor only those that can be read from here. */
    showScale() {
      const { x, y, z, text } = this.data.figure.data[SCALE];
      const { layout, clientWidth, clientHeight } = this.plot;
      const points = text.map((_, n) => this.units([x[n], y[n], z[n]]));
      const sides = legible(points, text, layout.scene.camera, [clientWidth, clientHeight]);
      this.avatar?.ground.label(sides);
      if (String(sides) === this.legible) return;
      this.legible = String(sides);
      const change = {
        text: [text.map((words, n) => (sides[n] ? words : ""))],
        textposition: [sides.map((side) => `${side ?? "bottom"} center`)],
      };
      Plotly.restyle(this.plot, change, [SCALE]);
    }

    showState() {
      this.element.classList.toggle("pose3d-playing", this.playing);
      this.tally.speak(!this.playing);
      const act = this.words[this.playing ? "pause" : "play"];
      this.button.title = `${act} (${this.words.space})`;
      this.button.setAttribute("aria-label", act);
      this.loopButton.setAttribute("aria-pressed", this.loop);
      this.followButton.setAttribute("aria-pressed", this.following);
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
      const names = ["paper", "tile", "line", "path", "faint", "ink", "hollow", "shade"];
      const colours = names.map((name) => [name, look.getPropertyValue(`--${name}`).trim()]);
      const { paper, tile, line, path, faint, ink, hollow, shade } = Object.fromEntries(colours);
      this.hollow = hollow || "white"; // while the style sheet is still on its way
      this.drawn = null;
      this.update();
      if (!tile) return;
      this.avatar?.dress({ paper, tile, line, path, faint, ink }, this.element.classList.contains("pose3d-dark"));
      const none = undefined; // leaves a trace as it is: floor, lines, path, scale, trail, shadows
      const change = {
        color: [tile, none, none, none, none, ...this.people.map(() => none)],
        "line.color": [none, line, path, none, ink, ...this.people.map(() => shade)],
        "textfont.color": [none, none, none, faint, none, ...this.people.map(() => none)],
      };
      const left = 1 + this.data.feet.length; // traces of a person's marks
      const shadows = this.people.map((_, n) => this.marksTrace + n * left);
      Plotly.restyle(this.plot, change, [0, 1, 2, 3, this.marksTrace + this.people.length * left, ...shadows]);
    }
  }

  function mount(element, data, video, { second } = {}) {
    element.pose3d?.destroy();
    element.pose3d = new Player(element, data, video ?? null, second ?? null);
    return element.pose3d;
  }

  window.Pose3DPlayer = { mount, WORDS, JOINTS };
})();
