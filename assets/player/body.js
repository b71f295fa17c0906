/* One person of the avatar's scene: a skin, its bones, and how these turn in each frame. World axes: y up. */
(() => {
  "use strict";

  const TURN = 32767; // what 1 is in the rotations
  const FAINT = 0.55; // how opaque a ghost is

  /** Base64 of little-endian numbers, as Python writes them. */
  function numbers(Kind, text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new Kind(bytes.buffer);
  }

  class Body {
    /** three: window.Pose3DThree; person: avatar: pose3d.view.avatar.avatar_data; gone: the frames without the person;
     * ghost: the colour of one who is shown faintly; way: [x, y, z] metres, display axes, by which they are moved */
    constructor(three, person) {
      const { avatar, gone } = person;
      Object.assign(this, { three, person, avatar, gone });
      this.turns = numbers(Int16Array, avatar.rotations);
      this.places = numbers(Float32Array, avatar.places);
      this.bones = this.skeleton();
      this.mesh = this.skin();
    }
    /** At rest, the hips at 0. */
    skeleton() {
      const { parents, offsets } = this.avatar;
      const starts = numbers(Float32Array, offsets);
      const bones = parents.map((_, n) => {
        const bone = new this.three.Bone();
        bone.position.fromArray(starts, 3 * n);
        return bone;
      });
      parents.forEach((parent, n) => parent >= 0 && bones[parent].add(bones[n]));
      return bones;
    }
    skin() {
      const { BufferAttribute, BufferGeometry, MeshLambertMaterial, Skeleton, SkinnedMesh } = this.three;
      const { position, normal, colour, bone, weight, triangles } = this.avatar;
      const parts = {
        position: new BufferAttribute(numbers(Float32Array, position), 3),
        normal: new BufferAttribute(numbers(Int8Array, normal), 3, true),
        color: new BufferAttribute(numbers(Uint8Array, colour), 3, true),
        skinIndex: new BufferAttribute(numbers(Uint8Array, bone), 4),
        skinWeight: new BufferAttribute(numbers(Uint8Array, weight), 4, true),
      };
      const shape = new BufferGeometry();
      for (const [name, part] of Object.entries(parts)) shape.setAttribute(name, part);
      shape.setIndex(new BufferAttribute(numbers(Uint16Array, triangles), 1));
      const { ghost } = this.person;
      const look = ghost ? { color: ghost, opacity: FAINT } : { vertexColors: true };
      const mesh = new SkinnedMesh(shape, new MeshLambertMaterial({ transparent: true, ...look }));
      Object.assign(mesh, { castShadow: true, receiveShadow: true, frustumCulled: false });
      mesh.renderOrder = 1; // with "transparent", after all that lies on the floor
      mesh.add(this.bones[0]);
      mesh.updateMatrixWorld(true);
      mesh.bind(new Skeleton(this.bones));
      return mesh;
    }
    pose(frame) {
      this.mesh.visible = !this.gone.has(frame);
      this.bones.forEach((bone, n) => {
        const first = 4 * (frame * this.bones.length + n);
        const [x, y, z, w] = this.turns.subarray(first, first + 4);
        bone.quaternion.set(x / TURN, y / TURN, z / TURN, w / TURN).normalize();
      });
      const [x, y, z] = this.person.way ?? [0, 0, 0];
      this.bones[0].position.fromArray(this.places, 3 * frame).add({ x, y: z, z: -y });
    }
    /** Where the hips are in the scene, once its matrices are made: [x, y, z] metres. */
    get place() {
      return this.bones[0].matrixWorld.elements.slice(12, 15);
    }
    /** Where the bones start in the scene. */
    starts() {
      return this.bones.map((bone) => bone.getWorldPosition(new this.three.Vector3()).toArray());
    }
  }

  window.Pose3DPlayer = Object.assign(window.Pose3DPlayer ?? {}, { Body });
})();
