// Where three.js has the bones of a BVH, GLB or VRMA file: node three_loaders.mjs FILE TIMES > JSON, beside node_modules
// TIMES: a JSON list of seconds. Prints names to (T, 3) metres, and for VRMA what pixiv's loader takes from it. Ends of
// bones without children are called after them, with "/end".
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { VRMAnimationLoaderPlugin } from "@pixiv/three-vrm-animation";
import { AnimationMixer, LoopOnce, Vector3 } from "three";
import { BVHLoader } from "three/addons/loaders/BVHLoader.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

const READERS = { ".bvh": readBvh, ".glb": readGltf, ".vrma": readGltf };
const [file, timesFile] = process.argv.slice(2);
const times = JSON.parse(readFileSync(timesFile, "utf8"));
const { root, clip, vrm } = await READERS[extname(file)]();
console.log(JSON.stringify({ duration: clip.duration, starts: play(root, clip), vrm }));

function readBvh() {
  const { skeleton, clip } = new BVHLoader().parse(readFileSync(file, "utf8"));
  return { root: skeleton.bones[0], clip };
}

async function readGltf() {
  const loader = new GLTFLoader();
  loader.register((parser) => new VRMAnimationLoaderPlugin(parser));
  const bytes = readFileSync(file);
  const gltf = await loader.parseAsync(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), "");
  return { root: gltf.scene, clip: gltf.animations[0], vrm: gltf.userData.vrmAnimations?.map(summary)[0] };
}

function summary({ humanoidTracks: { rotation, translation }, restHipsPosition, duration }) {
  const tracks = { rotations: [...rotation.keys()], translations: [...translation.keys()] };
  return { ...tracks, hips: restHipsPosition.toArray(), duration };
}

function play(root, clip) {
  const mixer = new AnimationMixer(root);
  const action = mixer.clipAction(clip);
  action.setLoop(LoopOnce).clampWhenFinished = true;
  action.play();
  const found = {};
  for (const time of times) {
    mixer.setTime(time);
    root.updateMatrixWorld(true);
    root.traverse((node) => {
      const name = node.name === "ENDSITE" ? `${node.parent.name}/end` : node.name;
      (found[name] ??= []).push(new Vector3().setFromMatrixPosition(node.matrixWorld).toArray());
    });
  }
  return found;
}
