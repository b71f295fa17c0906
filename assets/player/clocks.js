/* What tells the player the time: the video, or a clock of its own; and the frame of a time. */
(() => {
  "use strict";

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

  /** Runs over the clip by itself. part: seconds from and to, which a loop repeats; who is beyond it goes on to the end. */
  class OwnClock {
    constructor(duration, part, changed) {
      Object.assign(this, { duration, part, changed, playing: false, loop: true, rate: 1, base: 0, started: 0 });
    }
    get time() {
      if (!this.playing) return this.base;
      const time = this.base + ((performance.now() - this.started) / 1000) * this.rate;
      if (!this.loop) return Math.min(time, this.duration);
      const [from, to] = this.part;
      const end = this.base < to ? to : this.duration;
      return time < end ? time : from + ((time - end) % (to - from));
    }
    /** Whether it is meant to play. */
    get running() {
      return this.playing;
    }
    restart(time) {
      this.base = time;
      this.started = performance.now();
    }
    play() {
      this.restart(this.time < this.duration ? this.time : this.part[0]);
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
    setLoop(loop) {
      this.restart(this.time);
      this.loop = loop;
    }
    /** Stops at the end, which is reached only without a loop. */
    follow() {
      if (this.playing && this.time >= this.duration) this.pause();
    }
    destroy() {}
  }

  /** The video's time; what is done to the video by its own controls arrives as events. part: as OwnClock's. */
  class VideoClock {
    constructor(video, offset, duration, part, changed) {
      Object.assign(this, { video, offset, duration, part, loop: true, running: !video.paused });
      Object.assign(this, { inside: true, beyond: false }); // the chosen part; what a loop repeats
      const events = ["play", "pause", "seeking", "seeked", "timeupdate", "ratechange", "loadedmetadata", "ended"];
      const heard = (event) => {
        if (event.type === "seeking") {
          this.beyond = this.time >= this.part[1] - ROUNDING;
          this.inside = !this.over;
        }
        const told = event.type === "play" || event.type === "pause";
        if (told && !video.ended) this.running = !video.paused; // a browser pauses what has ended
        changed();
      };
      for (const name of events) video.addEventListener(name, heard);
      this.destroy = () => events.forEach((name) => video.removeEventListener(name, heard));
      if (offset > 0 && video.currentTime < offset) this.seek(0);
    }
    get time() {
      return this.video.currentTime - this.offset;
    }
    get playing() {
      const { paused, ended } = this.video;
      const again = this.inside && this.loop && this.running; // the next `follow` starts it
      return ended ? again : !paused;
    }
    get rate() {
      return this.video.playbackRate;
    }
    play() {
      if (this.time < -ROUNDING || this.over) this.seek(this.part[0]);
      this.running = true;
      // A browser may refuse (another source was set, no user gesture): the button then still shows "play".
      Promise.resolve(this.video.play()).catch(() => {});
    }
    pause() {
      this.running = false;
      this.video.pause();
    }
    seek(time) {
      this.video.currentTime = this.offset + Math.min(Math.max(time, 0), this.duration);
    }
    setRate(rate) {
      this.video.playbackRate = rate;
    }
    setLoop(loop) {
      this.loop = loop;
    }
    get over() {
      const end = this.loop && !this.beyond ? this.part[1] : this.duration;
      return this.video.ended || this.time >= end - ROUNDING;
    }
    /** Stops or starts again where the chosen part stops, once: who goes beyond it by the video's own controls may.
     *
     * Only while it runs: Chromium also calls a video ended that was sought into its last frame and never played.
     */
    follow() {
      if (!this.inside || !this.over || !this.running) return;
      this.inside = false;
      if (this.loop) this.play();
      else this.pause();
    }
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { OwnClock, VideoClock, frameAt });
})();
