/** Bytes before the first chunk that may follow the header: signature (8), and the header's length, name, content and check (4 + 4 + 13 + 4). */
const afterHeader = 33;
const metersPerInch = 0.0254;

/** Writes into a PNG file how many dots an inch has, so that it is printed at its size. */
export function withDensity(png: Uint8Array<ArrayBuffer>, dotsPerInch: number): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  const dotsPerMeter = Math.round(dotsPerInch / metersPerInch);
  view.setUint32(0, 9);
  chunk.set([...'pHYs'].map((letter) => letter.charCodeAt(0)), 4);
  view.setUint32(8, dotsPerMeter);
  view.setUint32(12, dotsPerMeter);
  // The unit is the meter.
  chunk[16] = 1;
  view.setUint32(17, crc(chunk.subarray(4, 17)));
  const whole = new Uint8Array(png.length + chunk.length);
  whole.set(png.subarray(0, afterHeader));
  whole.set(chunk, afterHeader);
  whole.set(png.subarray(afterHeader), afterHeader + chunk.length);
  return whole;
}

/** The check of a PNG chunk (ISO 3309). */
export function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    }
  }
  return (sum ^ 0xffffffff) >>> 0;
}
