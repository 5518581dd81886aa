import { expect, test } from 'vitest';
import { crc, withDensity } from './png-density';

test('the check of an empty end chunk is the one of every PNG file', () => {
  expect(crc(new TextEncoder().encode('IEND'))).toBe(0xae426082);
});

test('the density is written behind the header and nothing is lost', () => {
  const file = new Uint8Array([...Array.from({ length: 33 }, (_, i) => i), 100, 101]);
  const dense = withDensity(file, 254);
  expect([...dense.slice(0, 33)]).toEqual([...file.slice(0, 33)]);
  expect([...dense.slice(-2)]).toEqual([100, 101]);
  expect(new TextDecoder().decode(dense.slice(37, 41))).toBe('pHYs');
  // 254 dots to an inch are 10,000 to a meter.
  expect(new DataView(dense.buffer).getUint32(41)).toBe(10_000);
  expect(new DataView(dense.buffer).getUint32(50)).toBe(crc(dense.slice(37, 50)));
});
