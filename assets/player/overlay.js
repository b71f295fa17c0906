/* The 2D joints over the video. */
(() => {
  "use strict";

  const RIM = "rgba(0, 0, 0, 0.6)"; // around what is drawn over the video

  /** The 2D joints over the video's picture, wherever the video's box and its object-fit put that. */
  class Overlay {
    constructor(video, data, rims) {
      Object.assign(this, { video, data, rims, frame: 0, drawn: null });
      this.canvas = document.createElement("canvas");
      this.canvas.className = "pose3d-overlay";
      this.canvas.hidden = true;
      this.canvas.setAttribute("aria-hidden", "true");
      this.place = video.parentElement;
      this.made = getComputedStyle(this.place).position === "static";
      this.place.classList.toggle("pose3d-over", this.made);
      video.after(this.canvas);
      this.fit = this.fit.bind(this);
      this.size = new ResizeObserver(this.fit);
      for (const box of [video, this.place]) this.size.observe(box);
      video.addEventListener("resize", this.fit); // the picture's own size became known, or another
    }
    show(on) {
      this.canvas.hidden = !on;
      this.fit();
    }
    destroy() {
      this.size.disconnect();
      this.video.removeEventListener("resize", this.fit);
      this.canvas.remove();
      if (this.made) this.place.classList.remove("pose3d-over");
    }
    /** The canvas lies exactly over the video's box, in the screen's own pixels. */
    fit() {
      if (this.canvas.hidden) return;
      const { video, canvas, place } = this;
      const [box, outer] = [video.getBoundingClientRect(), place.getBoundingClientRect()];
      const { clientWidth: width, clientHeight: height } = video;
      const left = box.left - outer.left - place.clientLeft + place.scrollLeft + video.clientLeft;
      const top = box.top - outer.top - place.clientTop + place.scrollTop + video.clientTop;
      const pixels = { left, top, width, height };
      for (const [name, value] of Object.entries(pixels)) canvas.style[name] = `${value}px`;
      this.ratio = window.devicePixelRatio || 1;
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
      this.drawn = null;
      this.draw(this.frame);
    }
    /** Left, top, width and height of the picture within the video's box, in CSS pixels. */
    picture() {
      const { clientWidth, clientHeight, videoWidth, videoHeight } = this.video;
      const { objectFit, objectPosition } = getComputedStyle(this.video);
      const [across, down] = [clientWidth / videoWidth, clientHeight / videoHeight];
      const contain = Math.min(across, down);
      const scales = { contain, cover: Math.max(across, down), none: 1, "scale-down": Math.min(contain, 1) };
      const scale = scales[objectFit];
      const size = scale ? [videoWidth * scale, videoHeight * scale] : [clientWidth, clientHeight];
      const free = [clientWidth - size[0], clientHeight - size[1]];
      const start = objectPosition.split(" ").map((text, k) => {
        const value = parseFloat(text);
        return text.endsWith("%") ? (free[k] * value) / 100 : value;
      });
      return [...start, ...size];
    }
    draw(frame) {
      this.frame = frame;
      if (this.canvas.hidden || frame === this.drawn || !this.video.videoWidth) return;
      this.drawn = frame;
      const pen = this.canvas.getContext("2d");
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
      pen.lineCap = "round";
      const place = this.picture();
      for (const person of [this.data, ...this.data.others]) {
        if (person.pose2d && !person.absent.includes(frame)) this.body(pen, place, person, frame);
      }
    }
    body(pen, [left, top, width, height], { pose2d, limbs, interpolated, unknown }, frame) {
      const { colours } = this.data;
      const points = pose2d.joints[frame].map(([x, y]) => [
        left + (x / pose2d.width) * width,
        top + (y / pose2d.height) * height,
      ]);
      const thick = Math.max(2, Math.min(width, height) / 130);
      Object.values(colours).forEach((colour, k) => this.lines(pen, points, limbs[k], colour, thick));
      const hollow = new Set(interpolated[frame]);
      points.forEach((point, j) => {
        if (!unknown.includes(j)) this.dot(pen, point, this.rims[j], thick, hollow.has(j));
      });
    }
    /** A dark rim keeps the colours apart from any picture. */
    lines(pen, points, visited, colour, thick) {
      const line = new Path2D();
      let down = false;
      for (const j of visited) {
        if (j !== null && down) line.lineTo(...points[j]);
        else if (j !== null) line.moveTo(...points[j]);
        down = j !== null;
      }
      this.stroke(pen, line, RIM, thick + 2);
      this.stroke(pen, line, colour, thick);
    }
    dot(pen, [x, y], colour, thick, hollow) {
      const circle = new Path2D();
      circle.arc(x, y, thick * 1.3, 0, 2 * Math.PI);
      this.stroke(pen, circle, RIM, thick * 0.7 + 2);
      pen.fillStyle = hollow ? "white" : colour;
      pen.fill(circle);
      this.stroke(pen, circle, colour, thick * 0.7);
    }
    stroke(pen, path, colour, width) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.stroke(path);
    }
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { Overlay });
})();
