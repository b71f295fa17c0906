// Runs once, when gr.HTML is on the page; `element`, `props` and `watch` are Gradio's.
const place = element.querySelector(".p3d-asked");
const player = () => document.querySelector("#player .p3d-skeleton")?.pose3d;
const script = document.createElement("script");
let drawn = []; // charts of this answer that were seen
let marked = null; // the player's frame that they show

Object.assign(script, { src: props.script.url, async: false });
document.head.append(script);

/** Charts are drawn when somebody looks: those of a tab that is never opened cost nothing. */
const looking = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    looking.unobserve(target);
    draw(target);
  }
});

/** Plotly comes with the player. */
function tools() {
  return new Promise((done) => {
    const look = () => (window.Plotly && window.Pose3DCharts ? done() : setTimeout(look, 50));
    look();
  });
}

async function draw(target) {
  const { charts, start } = props.value;
  const chart = charts.charts.find(({ id }) => id === target.id);
  await tools();
  if (!target.isConnected) return; // another answer has come
  drawn.push(await window.Pose3DCharts.draw(target, charts, chart, (time) => player()?.seek(time - start + 0.001)));
  marked = null;
}

let counting = null; // the player that counts along as this answer says
function follow() {
  const shown = player();
  if (shown !== counting && props.value && "badge" in props.value) {
    counting = shown;
    shown?.count(props.value.badge);
  }
  if (drawn.length && shown && shown.frame !== marked && place.offsetParent) {
    marked = shown.frame;
    const time = shown.data.times[marked] + props.value.start;
    for (const { mark } of drawn) mark(time);
  }
  requestAnimationFrame(follow);
}

function show() {
  drawn = [];
  counting = null;
  looking.disconnect();
  place.innerHTML = props.value?.html ?? "";
  for (const target of place.querySelectorAll(".chart")) looking.observe(target);
}

place.addEventListener("click", ({ target }) => {
  const { seconds } = target.closest(".moment")?.dataset ?? {};
  if (!seconds || !player()) return;
  player().seek(Number(seconds) - props.value.start + 0.001);
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  document.querySelector("#player").scrollIntoView({ behavior, block: "nearest" });
});
new MutationObserver(() => drawn.forEach(({ paint }) => paint())).observe(document.body, { attributeFilter: ["class"] });
watch("value", show);
show();
follow();
