/* report.html: draws the curves and keeps them in step with the player above them. */
(() => {
  "use strict";

  const { times, seconds, charts } = JSON.parse(document.getElementById("curves").textContent);
  const player = () => document.getElementById("player").pose3d;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  /** Colours that follow the system's theme, as Plotly's layout wants them. */
  function look() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const axis = (name) => ({
      [`${name}.gridcolor`]: colour("edge"),
      [`${name}.zerolinecolor`]: colour("edge"),
      [`${name}.linecolor`]: colour("edge"),
    });
    return {
      "font.color": colour("ink"),
      "hoverlabel.bgcolor": colour("card"),
      "hoverlabel.bordercolor": colour("edge"),
      ...axis("xaxis"),
      ...axis("yaxis"),
    };
  }

  /** Ranges are fixed, so that a finger on a phone scrolls the page and not the curve. */
  function layout(chart) {
    const clear = "rgba(0,0,0,0)";
    const axis = (text, more) => ({ title: { text, standoff: 8 }, fixedrange: true, automargin: true, ...more });
    const last = times[times.length - 1];
    const several = chart.lines.length > 1;
    return {
      template: "none",
      margin: { l: 50, r: 14, t: several ? 28 : 12, b: 42 },
      paper_bgcolor: clear,
      plot_bgcolor: clear,
      font: { family: "system-ui, sans-serif", size: 12 },
      hovermode: "x unified",
      showlegend: several,
      legend: { orientation: "h", x: 1, xanchor: "right", y: 1, yanchor: "bottom" },
      xaxis: axis(seconds, last > times[0] ? { range: [times[0], last] } : {}),
      yaxis: axis(chart.unit),
    };
  }

  function lines(chart) {
    return chart.lines.map(({ name, colour, values }) => ({
      x: times,
      y: values,
      name,
      mode: times.length > 1 ? "lines" : "markers",
      line: { color: colour, width: 2 },
    }));
  }

  async function draw(chart) {
    const place = document.getElementById(chart.id);
    await Plotly.newPlot(place, lines(chart), layout(chart), { displayModeBar: false, responsive: true });
    await Plotly.relayout(place, look());
    place.on("plotly_afterplot", () => fit(place));
    fit(place);
    place.on("plotly_click", ({ points }) => seek(points[0].x));
    const now = place.appendChild(document.createElement("div"));
    now.className = "now";
    return { place, now };
  }

  /** Lets paper scale the drawing, whatever the width of the window that it was made for. */
  function fit(place) {
    const { width, height } = place._fullLayout;
    for (const svg of place.querySelectorAll(".main-svg")) svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  /** time: seconds from the video's first picture, as `times`; the player counts from the clip's first frame. */
  function seek(time) {
    player().seek(time - times[0] + 0.001);
  }

  /** A thin line over the curve at the player's frame: moving it costs nothing, redrawing the curve would. */
  function mark({ place, now }, time) {
    const { xaxis, _size: inner } = place._fullLayout;
    now.style.left = `${inner.l + xaxis.l2p(time)}px`;
    now.style.top = `${inner.t}px`;
    now.style.height = `${inner.h}px`;
  }

  async function start() {
    const drawn = await Promise.all(charts.map(draw));
    dark.addEventListener("change", () => drawn.forEach(({ place }) => Plotly.relayout(place, look())));
    const follow = () => {
      const time = times[player().frame];
      drawn.forEach((one) => mark(one, time));
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
