// Runs once, when gr.HTML is on the page; `element`, `props` and `watch` are Gradio's.
const part = (name) => element.querySelector(`.p3d-${name}`);
const host = part("skeleton");
const scripts = Promise.all(props.scripts.map(({ url }) => load(url)));
let instead = null; // what is to be done with a clip that is drawn later
const words = props.words[navigator.language.startsWith("zh") ? "zh" : "en"];
let turn = 0;

part("empty").textContent = words.empty;

/** Scripts are fetched side by side and run in their order. */
function load(url) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    const onerror = () => failed(new Error(`cannot load ${url}`));
    Object.assign(script, { src: url, async: false, onload: done, onerror });
    document.head.append(script);
  });
}

/** Resolves once there is room to draw in: a folded tab has none. */
function seen() {
  return new Promise((done) => {
    const looking = new ResizeObserver(() => {
      if (!element.offsetWidth) return;
      looking.disconnect();
      done();
    });
    looking.observe(element);
  });
}

/** Without controls of its own: the player's bar beside it drives it. */
function playable(url) {
  const video = document.createElement("video");
  Object.assign(video, { src: url, muted: true, playsInline: true, preload: "auto" });
  video.onclick = () => host.pose3d?.toggle();
  return video;
}

/** The teacher's, beside the learner's, where two are shown. */
function secondOf(url) {
  const video = playable(url);
  const captions = ["learner", "teacher"].map((name) => {
    const text = document.createElement("p");
    text.textContent = words[name];
    return text;
  });
  part("source").classList.add("p3d-two");
  part("source").append(video, ...captions);
  return video;
}

function videoOf(url, note) {
  const video = playable(url);
  const text = document.createElement("p");
  text.textContent = note;
  part("source").replaceChildren(video, ...(note ? [text] : []));
  return video;
}

/**
 * Mounts the player on the input video; on the rendered clip where the browser cannot show or seek that video, or shows
 * it otherwise than it was read. Until there is a clip, there is the skeleton alone or the video as the browser shows it.
 */
function mount(video, data, files) {
  // The clip has the 2D joints in its picture already.
  const other = { ...data, offset: 0, pose2d: null };
  const onClip = (url, note) => video.isConnected && window.Pose3DPlayer.mount(host, other, videoOf(url, note));
  const replace = (note) => {
    if (files.clip) onClip(files.clip.url, note);
    else instead = (url) => onClip(url, note);
  };
  // No picture: an unknown codec. Endless: a recording that cannot be sought in.
  const unfit = () => video.error || (video.readyState && !(video.videoWidth && Number.isFinite(video.duration)));
  const judge = () => unfit() && replace(words.replaced);
  const changed = data.turned || data.mirrored;
  const second = files.second ? secondOf(files.second.url) : null;
  const shown = changed ? { ...data, pose2d: null } : data;
  if (!(changed && files.clip)) window.Pose3DPlayer.mount(host, shown, video, { second });
  if (changed) return replace(words.turned);
  video.addEventListener("error", judge, { once: true });
  video.addEventListener("loadedmetadata", judge);
  judge(); // it may have told before
}

host.addEventListener("drawn", ({ detail }) => {
  if (!detail) return; // it was given up
  instead?.(detail);
  instead = null;
});

async function show() {
  const mine = ++turn;
  instead = null;
  const files = props.value;
  host.pose3d?.destroy();
  part("source").replaceChildren();
  part("source").classList.remove("p3d-two");
  part("empty").hidden = Boolean(files);
  part("pair").hidden = !files;
  if (!files) return;
  const video = videoOf(files.video.url, ""); // there at once, while the scripts come
  try {
    const [data] = await Promise.all([fetch(files.data.url).then((answer) => answer.json()), scripts, seen()]);
    window.Pose3DPlayer.three = props.three.url; // fetched when it is needed
    if (mine === turn) mount(video, data, files);
  } catch (error) {
    console.error(error);
    part("empty").textContent = words.no_player;
    part("empty").hidden = false;
  }
}

watch("value", show);
show();
