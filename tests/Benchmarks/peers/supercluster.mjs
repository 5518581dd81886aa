// Loads points into supercluster: node supercluster.mjs FOLDER COUNT ROUNDS. FOLDER/lonlat holds the longitudes, then the latitudes, as doubles.
import { readFileSync } from 'node:fs';
import Supercluster from 'supercluster';

const [folder, count, rounds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const bytes = readFileSync(`${folder}/lonlat`);
const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, 2 * count);
const features = Array.from({ length: count }, (_, i) => ({ type: 'Feature', properties: null, geometry: { type: 'Point', coordinates: [numbers[i], numbers[count + i]] } }));
console.log('version supercluster 9.1.0, node', process.versions.node);

const used = () => {
  globalThis.gc();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + Math.max(external, arrayBuffers);
};
let index = null;
let bytesOfIndex = 0;
for (let round = 0; round < rounds; round++) {
  index = null;
  const before = used();
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  index = new Supercluster({ radius: 40, extent: 512, maxZoom: 16, minZoom: 0 }).load(features);
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  console.log('round', wall, (user + system) / 1e6);
  // Of the first round: what later ones let go may be counted still.
  bytesOfIndex ||= used() - before;
}
console.log('value index-bytes', bytesOfIndex);
for (let zoom = 0; zoom <= 16; zoom++) {
  console.log(`value nodes-${zoom}`, index.trees[zoom].numItems);
}
