/* What assets/player/avatar.js uses of three.js; everything else is left out. */
export {
  Bone,
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  Color,
  DirectionalLight,
  DoubleSide,
  Float32BufferAttribute,
  Group,
  HemisphereLight,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  PCFShadowMap,
  PerspectiveCamera,
  REVISION,
  Scene,
  ShadowMaterial,
  Skeleton,
  SkinnedMesh,
  Sprite,
  SpriteMaterial,
  Vector3,
  WebGLRenderer,
} from "three";
export { LineMaterial } from "three/addons/lines/LineMaterial.js";
export { LineSegments2 } from "three/addons/lines/LineSegments2.js";
export { LineSegmentsGeometry } from "three/addons/lines/LineSegmentsGeometry.js";
