import { expect, test } from 'vitest';
import { metersPerPixel, roundLength } from './scale-bar';

test('a pixel at the equator and zoom 0 is the 512th part of the earth', () => {
  expect(metersPerPixel(0, 0)).toBeCloseTo(78_271.5, 1);
  expect(metersPerPixel(60, 1)).toBeCloseTo(78_271.5 / 4, 1);
});

test.each([
  [999, 500],
  [1000, 1000],
  [1999, 1000],
  [2000, 2000],
  [4.9, 2],
])('%f meters hold %f', (most, length) => {
  expect(roundLength(most)).toBe(length);
});
