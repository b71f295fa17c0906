/* Plays by itself while the visitor sees it, unless they asked for less motion. */
(() => {
  "use strict";

  const SEEN = 0.5; // of the element's area, from which on it is in sight

  class Autoplay {
    /** clock: is started and stopped as the element comes into sight and leaves it, until somebody else does that */
    constructor(element, clock) {
      Object.assign(this, { clock, ready: false, inSight: false, started: false, over: false });
      this.calm = matchMedia("(prefers-reduced-motion: reduce)");
      this.judge = this.judge.bind(this);
      this.sight = new IntersectionObserver((news) => this.see(news.at(-1)), { threshold: SEEN });
      this.sight.observe(element);
      document.addEventListener("visibilitychange", this.judge);
      this.calm.addEventListener("change", this.judge);
    }
    /** There is something to see now. */
    begin() {
      this.ready = true;
      this.judge();
    }
    see({ intersectionRatio }) {
      this.inSight = intersectionRatio >= SEEN;
      this.judge();
    }
    judge() {
      const wanted = this.ready && this.inSight && !document.hidden && !this.calm.matches;
      if (this.over || wanted === this.started) return;
      this.started = wanted;
      if (wanted) this.clock.play();
      else this.clock.pause();
    }
    /** The clock was started or stopped: for good, if by somebody else, a browser that refuses included. */
    heard() {
      if (this.clock.running !== this.started) this.end();
    }
    /** Whoever wants to see a moment gets it still. */
    interrupt() {
      if (this.started && !this.over) this.clock.pause();
      this.end();
    }
    end() {
      this.over = true;
      this.sight.disconnect();
      document.removeEventListener("visibilitychange", this.judge);
      this.calm.removeEventListener("change", this.judge);
    }
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { Autoplay });
})();
