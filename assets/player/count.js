/* The running count: a badge over the 3D view. */
(() => {
  "use strict";

  const MARKS = 10; // so many of the last repetitions have a mark, as in the clip (MARKS in view/tally.py)
  const ROUNDING = 5e-4; // seconds by which times are rounded in the data

  class Tally {
    /** box: the badge's element; note: what the legend gets where something does not count */
    constructor(box, legend, note, language) {
      Object.assign(this, { box, legend, note, language });
      const part = (kind, name) => {
        const made = document.createElement(kind);
        made.className = `pose3d-count-${name}`;
        return made;
      };
      [this.name, this.number, this.marks] = [part("span", "name"), part("strong", "number"), part("span", "marks")];
      this.marks.setAttribute("aria-hidden", "true");
      box.append(this.name, " ", this.number, this.marks);
      this.set(null);
    }
    /** data: pose3d.view.tally.tally_data, null for nothing */
    set(data) {
      this.data = data;
      this.box.hidden = !data;
      this.note.remove();
      if (!data) return;
      if (!data.counts.every(Boolean)) this.legend.append(this.note);
      const name = data.name[this.language];
      this.name.textContent = name.charAt(0).toUpperCase() + name.slice(1);
      this.shown = null;
    }
    /** The repetitions that are complete at a time: seconds from the clip's first frame. */
    show(time) {
      if (!this.data) return;
      const { ends, counts } = this.data;
      const done = ends.filter((end) => end <= time + ROUNDING).length;
      if (done === this.shown) return;
      this.shown = done;
      const complete = counts.slice(0, done);
      this.number.textContent = complete.filter(Boolean).length;
      const marks = complete.slice(-MARKS).map((counted) => {
        const mark = document.createElement("i");
        mark.className = counted ? "pose3d-counted" : "pose3d-fault";
        return mark;
      });
      this.marks.replaceChildren(...marks);
    }
    /** A screen reader tells the number where the motion stands still; in motion it would never come to an end. */
    speak(on) {
      this.box.setAttribute("aria-live", on ? "polite" : "off");
    }
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { Tally });
})();
