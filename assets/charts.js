/* Curves that keep in step with a player; report.js and the page's answers share them. Needs Plotly. */
(() => {
  "use strict";

  /** Colours as Plotly's layout wants them: the place's own --ink, --edge and --card, which follow its theme. */
  function look(place) {
    const style = getComputedStyle(place);
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
  function layout({ times, seconds }, chart) {
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

  function lines({ times }, chart) {
    return chart.lines.map(({ name, colour, values }) => ({
      x: times,
      y: values,
      name,
      mode: times.length > 1 ? "lines" : "markers",
      line: { color: colour, width: 2 },
    }));
  }

  /** Lets paper scale the drawing, whatever the width of the window that it was made for. */
  function fit(place) {
    const { width, height } = place._fullLayout;
    for (const svg of place.querySelectorAll(".main-svg")) svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  /**
   * Draws one of data.charts (view/charts.py) into a place. seek(seconds): called with the moment that is pressed.
   * Returns a handle: mark(seconds) puts a thin line there, for redrawing the curve would cost; paint() follows a theme.
   */
  async function draw(place, data, chart, seek) {
    await Plotly.newPlot(place, lines(data, chart), layout(data, chart), { displayModeBar: false, responsive: true });
    const paint = () => Plotly.relayout(place, look(place));
    await paint();
    place.on("plotly_afterplot", () => fit(place));
    fit(place);
    place.on("plotly_click", ({ points }) => seek(points[0].x));
    const now = place.appendChild(document.createElement("div"));
    now.className = "now";
    const mark = (time) => {
      const { xaxis, _size: inner } = place._fullLayout;
      now.style.left = `${inner.l + xaxis.l2p(time)}px`;
      now.style.top = `${inner.t}px`;
      now.style.height = `${inner.h}px`;
    };
    return { mark, paint };
  }

  window.Pose3DCharts = { draw };
})();
