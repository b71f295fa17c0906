/* A second video in step with the player's clock, however its own time goes: a teacher's beside a learner's. */
(() => {
  "use strict";

  const { frameAt } = window.Pose3DPlayer;

  const SAME = 0.005; // seconds by which a video that stands still may be off
  const FAR = 0.15; // seconds by which one that plays may be off; beyond, it is set
  const AHEAD = 0.25; // seconds over which its pace is measured
  const CATCH_UP = 1; // seconds in which it makes up for what it is off
  const [SLOWEST, FASTEST] = [0.1, 8]; // how fast a browser plays; below, it stands
  const NOTABLE = 0.05; // of its pace: smaller changes are not worth a command

  class Second {
    /** times: of the player's frames; seconds: of the second video, for each of them */
    constructor(video, times, seconds) {
      Object.assign(this, { video, times, seconds, sought: null, asked: [0, false, 1] });
      this.again = () => this.follow(...this.asked);
      video.addEventListener("loadedmetadata", this.again);
      video.addEventListener("seeked", this.again);
    }
    /** Its time when the player's is this, in between the frames as well. */
    at(time) {
      const { times, seconds } = this;
      const frame = frameAt(times, time);
      const next = Math.min(frame + 1, times.length - 1);
      const share = next > frame ? (time - times[frame]) / (times[next] - times[frame]) : 0;
      return seconds[frame] + Math.min(Math.max(share, 0), 1) * (seconds[next] - seconds[frame]);
    }
    /** time: the player's; playing: whether it does, at which rate */
    follow(time, playing, rate) {
      this.asked = [time, playing, rate];
      const { video } = this;
      if (!video.readyState || video.seeking) return; // it asks again when it is ready
      const [due, later] = [this.at(time), this.at(time + AHEAD)].map((seconds) => Math.min(seconds, video.duration));
      const pace = playing ? (rate * (later - due)) / AHEAD : 0;
      const late = due - video.currentTime;
      if (pace < SLOWEST) this.stand(due, late);
      else this.run(due, late, pace);
    }
    stand(due, late) {
      if (!this.video.paused) this.video.pause();
      if (Math.abs(late) < SAME || this.sought === due) return; // a browser may round what it is told
      this.sought = this.video.currentTime = due;
    }
    run(due, late, pace) {
      const { video } = this;
      this.sought = null;
      if (Math.abs(late) > FAR) video.currentTime = due;
      const wanted = Math.min(Math.max(pace + late / CATCH_UP, SLOWEST), FASTEST);
      if (Math.abs(wanted - video.playbackRate) > NOTABLE * wanted) video.playbackRate = wanted;
      if (video.paused && !video.ended) Promise.resolve(video.play()).catch(() => {}); // refused: it is set, again and again
    }
    destroy() {
      for (const name of ["loadedmetadata", "seeked"]) this.video.removeEventListener(name, this.again);
      this.video.pause();
    }
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { Second });
})();
