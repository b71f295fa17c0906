// Khronos' glTF validator: node validate.mjs FILE > its report as JSON, beside node_modules
import { readFileSync } from "node:fs";
import validator from "gltf-validator";

const [file] = process.argv.slice(2);
console.log(JSON.stringify(await validator.validateBytes(new Uint8Array(readFileSync(file)))));
