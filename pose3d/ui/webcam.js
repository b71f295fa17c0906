// Runs once, when gr.HTML is on the page; `element`, `props`, `trigger`, `server` and `upload` are Gradio's.
const PERIOD = 200; // milliseconds from one look to the next; a slow server is asked less often
const STEADY = 1500; // milliseconds of a whole body in the picture before the countdown begins by itself
const LEAVING = 2; // answers in a row that end such a countdown: one alone may be wrong
const PATIENCE = 6000; // milliseconds without an answer before people are told to judge for themselves
const COUNT = { itself: 3, pressed: 5 }; // seconds; whoever pressed the button has to walk back to their place
const BITS = 5e6; // a second of 720 lines: little blur about the hands
const QUALITY = 0.8; // of the small pictures
const SHORTEST = 1; // seconds of which motion can be made
const LEAST_SCORE = 0.3; // of a joint that is drawn
const KINDS = ["video/webm", "video/mp4"];
const TROUBLE = {
  NotAllowedError: "webcam_denied", SecurityError: "webcam_denied",
  NotFoundError: "webcam_none", OverconstrainedError: "webcam_none",
};
const SHOWN = {
  asking: ["cancel"], framing: ["record", "other", "cancel"], counting: ["cancel"], recording: ["stop", "cancel"],
};

const language = navigator.language.startsWith("zh") ? "zh" : "en";
const words = props.words[language];
const list = new Intl.ListFormat(language, { type: "unit", style: "short" });
const part = (name) => element.querySelector(`.p3d-camera-${name}`);
const button = (name) => element.querySelector(`[data-do=${name}]`);
const opener = element.querySelector(".p3d-webcam-open");
const dialog = element.querySelector("dialog");
const video = dialog.querySelector("video");
const canvas = dialog.querySelector("canvas");
const length = dialog.querySelector("select");
const small = document.createElement("canvas");
const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
let shot = null; // what is done with the camera; null while it is off
let awaited = false; // whether the video of the page's field will be the recording

/** Below the button. */
function sign(text, trouble = false) {
  const line = element.querySelector(".p3d-webcam-sign");
  line.textContent = text;
  line.classList.toggle("p3d-webcam-trouble", trouble);
}

/** Over the picture; what stands there already is not read out again. */
function say(key, more = "") {
  if (part("say").textContent !== words[key]) part("say").textContent = words[key];
  part("more").textContent = more;
  dialog.classList.toggle("p3d-camera-good", key === "webcam_good" || key === "webcam_ready");
}

function enter(mine, state) {
  mine.state = state;
  for (const name of ["record", "stop", "other", "cancel"]) button(name).hidden = !SHOWN[state].includes(name);
  if (mine.cameras.length < 2) button("other").hidden = true;
  length.disabled = state !== "asking" && state !== "framing";
  dialog.dataset.state = state;
  part("count").textContent = "";
  part("time").textContent = "";
  if (dialog.open && document.activeElement?.hidden !== false) button(SHOWN[state][0]).focus();
}

function unable() {
  if (!navigator.mediaDevices?.getUserMedia) return isSecureContext ? "webcam_old" : "webcam_insecure";
  return window.MediaRecorder && KINDS.some((kind) => MediaRecorder.isTypeSupported(kind)) ? "" : "webcam_old";
}

async function open() {
  if (shot) return;
  const trouble = unable();
  sign(trouble && words[trouble], true);
  if (trouble) return;
  const mine = (shot = { cameras: [], seconds: 0, near: null, answer: { code: "", times: 0, since: 0 } });
  enter(mine, "asking");
  say("webcam_asking");
  dialog.showModal();
  if (await film(mine, { facingMode: "user" })) looks(mine);
}

/** Shows a camera's picture; whether it could be had. */
async function film(mine, which) {
  mine.stream?.getTracks().forEach((track) => track.stop());
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { ...props.camera, ...which } });
    if (mine !== shot) return stream.getTracks().forEach((track) => track.stop()); // it was cancelled meanwhile
    mine.stream = stream;
    const [track] = stream.getVideoTracks();
    track.onended = () => mine === shot && mine.state !== "recording" && off("webcam_lost"); // else its recorder tells
    // As in a mirror, so that people find their place; what is recorded is not mirrored.
    part("stage").classList.toggle("p3d-mirrored", track.getSettings().facingMode !== "environment");
    video.srcObject = stream;
    await video.play();
    mine.cameras = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
  } catch (error) {
    if (mine === shot) off(TROUBLE[error.name] ?? "webcam_taken");
    return false;
  }
  if (mine !== shot) return false;
  mine.near = null;
  enter(mine, "framing");
  button("record").focus();
  say("webcam_looking");
  expect(mine);
  return true;
}

async function other() {
  const mine = shot;
  const now = mine.stream.getVideoTracks()[0].getSettings().deviceId;
  const place = mine.cameras.findIndex(({ deviceId }) => deviceId === now);
  const { deviceId } = mine.cameras[(place + 1) % mine.cameras.length];
  enter(mine, "asking");
  if (await film(mine, { deviceId: { exact: deviceId } })) looks(mine);
}

/** Ends all: the camera goes out, and what was being recorded is forgotten. */
function off(trouble = "") {
  const mine = shot;
  if (!mine) return;
  shot = null;
  clearTimeout(mine.timer);
  clearTimeout(mine.late);
  if (mine.recorder && mine.recorder.state !== "inactive") mine.recorder.stop();
  mine.stream?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
  canvas.hidden = true;
  if (dialog.open) dialog.close();
  sign(trouble && words[trouble], true);
}

/** Asks the server over and over who is in the picture, until something is recorded. */
async function looks(mine) {
  const { stream } = mine;
  const wanted = () => mine === shot && mine.stream === stream && ["framing", "counting"].includes(mine.state);
  while (wanted()) {
    const again = pause(PERIOD);
    const seen = await ask(mine);
    if (seen && wanted()) heed(mine, seen);
    await again;
  }
  canvas.hidden = true;
}

/** The server's answer; null where there is none. */
async function ask(mine) {
  if (!video.videoWidth) return null;
  try {
    const seen = await server.look({ picture: picture(), near: mine.near });
    if (seen.code === "busy") return null;
    mine.near = seen.near ?? null;
    if (!seen.trouble) return seen;
    console.warn(seen.trouble);
  } catch (error) {
    console.warn(error);
  }
  return null;
}

/** A small JPEG of what the camera shows, base64. */
function picture() {
  const scale = props.longer_side / Math.max(video.videoWidth, video.videoHeight);
  Object.assign(small, { width: Math.round(video.videoWidth * scale), height: Math.round(video.videoHeight * scale) });
  const pen = small.getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingQuality = "high";
  pen.drawImage(video, 0, 0, small.width, small.height);
  return small.toDataURL("image/jpeg", QUALITY).split(",")[1];
}

function expect(mine) {
  clearTimeout(mine.late);
  mine.late = setTimeout(() => mine === shot && mine.state === "framing" && say("webcam_blind"), PATIENCE);
}

function heed(mine, seen) {
  expect(mine);
  draw(seen);
  const { code, times, since } = mine.answer;
  const same = code === seen.code;
  const now = performance.now();
  mine.answer = { code: seen.code, times: same ? times + 1 : 1, since: same ? since : now };
  const good = seen.code === "good";
  if (mine.state === "counting") {
    if (mine.itself && !good && mine.answer.times >= LEAVING) back(mine);
    return;
  }
  const missing = seen.missing.map((name) => words[`webcam_${name}`]);
  say(`webcam_${seen.code}`, missing.length ? fill(words.webcam_missing, { parts: list.format(missing) }) : "");
  if (good && same && now - since >= STEADY) count(mine, true);
}

/** From a countdown that began by itself. */
function back(mine) {
  clearTimeout(mine.timer);
  enter(mine, "framing");
}

function draw({ code, joints }) {
  canvas.hidden = false;
  Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
  const pen = canvas.getContext("2d");
  const width = Math.max(canvas.width, canvas.height) / 160;
  const seen = (joint) => joints[joint][2] >= LEAST_SCORE;
  const lines = new Path2D();
  for (const [from, to] of joints.length ? props.bones : []) {
    if (!seen(from) || !seen(to)) continue;
    lines.moveTo(joints[from][0] * canvas.width, joints[from][1] * canvas.height);
    lines.lineTo(joints[to][0] * canvas.width, joints[to][1] * canvas.height);
  }
  pen.lineCap = "round";
  for (const [colour, thick] of [["#0009", 2 * width], [code === "good" ? "#5ee08a" : "#ffc247", width]]) {
    Object.assign(pen, { strokeStyle: colour, lineWidth: thick });
    pen.stroke(lines);
  }
}

function count(mine, itself) {
  enter(mine, "counting");
  mine.itself = itself;
  say("webcam_ready");
  const tick = (left) => {
    part("count").textContent = left;
    if (left) mine.timer = setTimeout(tick, 1000, left - 1);
    else record(mine);
  };
  tick(itself ? COUNT.itself : COUNT.pressed);
}

function record(mine) {
  const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  const pieces = [];
  try {
    const recorder = (mine.recorder = new MediaRecorder(mine.stream, { mimeType, videoBitsPerSecond: BITS }));
    recorder.ondataavailable = ({ data }) => data.size && pieces.push(data);
    recorder.onerror = () => mine === shot && off("webcam_lost");
    recorder.onstop = () => mine === shot && keep(pieces, mimeType);
    recorder.onstart = () => mine === shot && run(mine, performance.now());
    recorder.start();
  } catch (error) {
    console.error(error);
    return off("webcam_lost");
  }
  enter(mine, "recording");
  say("webcam_recording");
}

/** The running time, and the end when it is over. */
function run(mine, began) {
  const seconds = (mine.seconds = (performance.now() - began) / 1000);
  const most = Number(length.value);
  part("time").textContent = fill(words.webcam_time, { seconds: Math.min(seconds, most).toFixed(1), length: most });
  if (seconds >= most) mine.recorder.stop();
  else mine.timer = setTimeout(run, 100, mine, began);
}

function stop() {
  if (shot.seconds >= SHORTEST) shot.recorder.stop();
  else off("webcam_short");
}

async function keep(pieces, type) {
  if (!pieces.length) return off("webcam_lost");
  off();
  sign(words.webcam_saving);
  opener.disabled = true;
  const name = `recording.${type.split("/")[1]}`;
  try {
    const { path, url } = await upload(new File(pieces, name, { type }));
    awaited = true;
    props.value = { path, url, orig_name: name, mime_type: type, meta: { _type: "gradio.FileData" } };
    trigger("input");
  } catch (error) {
    console.error(error);
    sign(words.webcam_not_saved, true);
  }
  opener.disabled = false;
}

const DO = { record: () => count(shot, false), stop, other, cancel: () => off() };
for (const [name, act] of Object.entries(DO)) {
  button(name).textContent = words[`webcam_${name}`];
  button(name).addEventListener("click", () => shot && act());
}
opener.textContent = words.webcam_open;
opener.addEventListener("click", open);
dialog.setAttribute("aria-label", words.webcam_title);
dialog.addEventListener("close", () => off()); // also by the key Escape
dialog.querySelector("label span").textContent = words.webcam_length;
for (const seconds of props.lengths) {
  length.add(new Option(fill(words.webcam_seconds, { seconds }), seconds, false, seconds === props.length));
}
// The page has looked at the video in its field; where that is the recording, it may go on.
element.querySelector(".p3d-webcam").addEventListener("chosen", () => {
  if (!awaited) return;
  awaited = false;
  sign("");
  trigger("submit");
});
