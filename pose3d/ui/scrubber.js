// Runs once, when gr.HTML is on the page; `element`, `props`, `trigger` and `watch` are Gradio's.
const SHORTEST = 0.1; // seconds between the handles
const words = props.words[navigator.language.startsWith("zh") ? "zh" : "en"];
let wanted = null; // seconds of the player that are still to be looked for

const part = () => element.querySelector(".p3d-part");
const handle = (end) => element.querySelector(`[data-end=${end}]`);
const preview = () => document.querySelector("#video video");
const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const sign = (text) => (element.querySelector(".p3d-part-sign").textContent = text);

function span() {
  return { start: Number(handle("start").value), end: Number(handle("end").value) };
}

function paint() {
  const { duration } = props.value;
  const { start, end } = span();
  const values = { start: start.toFixed(1), end: end.toFixed(1), length: (end - start).toFixed(1) };
  const bar = element.querySelector(".p3d-part-track div");
  Object.assign(bar.style, { left: `${(100 * start) / duration}%`, right: `${100 - (100 * end) / duration}%` });
  element.querySelector("output").textContent = fill(words.scrub_span, values);
  for (const end of ["start", "end"]) handle(end).setAttribute("aria-valuetext", `${values[end]} s`);
}

/** One picture after the other: the next is looked for when the last is there, so that a slow file keeps up. */
function follow(seconds) {
  const video = preview();
  if (!video) return;
  if (video.error || !video.readyState) return sign(words.scrub_blind);
  video.pause();
  wanted = seconds;
  if (video.seeking) return;
  sign(words.scrub_seeking);
  video.addEventListener("seeked", found, { once: true });
  video.currentTime = seconds;
  wanted = null;
}

function found() {
  if (wanted !== null) follow(wanted);
  else sign("");
}

function move({ target }) {
  const { duration, offset } = props.value;
  const { start, end } = span();
  const gap = Math.min(SHORTEST, duration);
  if (target === handle("start")) target.value = Math.min(start, end - gap);
  else target.value = Math.max(end, start + gap);
  paint();
  follow(offset + Math.min(Number(target.value), duration - 0.02)); // there is no picture at the very end
}

function release() {
  const { duration } = props.value;
  const { start, end } = span();
  sign(words.scrub_counting);
  props.value = { ...props.value, start, end: end < duration ? end : 0 };
  trigger("input");
}

/** Another value than the one that a released handle made. */
function show() {
  const value = props.value;
  part().hidden = !value;
  if (!value) return;
  part().setAttribute("aria-label", words.scrub);
  element.querySelector(".p3d-part-name").textContent = words.scrub;
  for (const end of ["start", "end"]) {
    Object.assign(handle(end), { min: 0, max: value.duration, step: 0.01, ariaLabel: words[`scrub_${end}`] });
    handle(end).value = end === "end" ? value.end || value.duration : value.start;
  }
  paint();
}

part().addEventListener("counted", () => preview()?.seeking || sign("")); // the server has answered
element.addEventListener("input", (event) => event.target.dataset.end && move(event));
element.addEventListener("change", (event) => event.target.dataset.end && release());
watch("value", show);
show();
