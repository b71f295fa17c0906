/* report.html: draws the curves and keeps them in step with the player above them. */
(() => {
  "use strict";

  const { times, groups } = JSON.parse(document.getElementById("curves").textContent);
  const player = () => document.getElementById("player").pose3d;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  /** time: seconds from the video's first picture, as `times`; the player counts from the clip's first frame. */
  function seek(time) {
    player().seek(time - times[0] + 0.001);
  }

  const draw = (group) =>
    group.charts.map((chart) => Pose3DCharts.draw(document.getElementById(chart.id), group, chart, seek));

  async function start() {
    const drawn = await Promise.all(groups.flatMap(draw));
    dark.addEventListener("change", () => drawn.forEach(({ paint }) => paint()));
    const follow = () => {
      const time = times[player().frame];
      drawn.forEach(({ mark }) => mark(time));
      requestAnimationFrame(follow);
    };
    follow();
  }

  for (const button of document.querySelectorAll(".moment")) {
    button.addEventListener("click", () => {
      const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
      document.getElementById("player").scrollIntoView({ behavior, block: "center" });
      seek(Number(button.dataset.seconds));
    });
  }
  start();
})();
