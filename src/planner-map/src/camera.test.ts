import { expect, test } from 'vitest';
import { cameraOf, heatmapZoomOf, tilesInView } from './camera';

const none = { top: 0, right: 0, bottom: 0, left: 0 };

/** Where a place is on a map, pixels from its middle. */
function project(at: { lon: number; lat: number; zoom: number }, lon: number, lat: number): [number, number] {
  const y = (degrees: number): number => Math.asinh(Math.tan((degrees * Math.PI) / 180));
  const scale = 512 * 2 ** at.zoom;
  return [((lon - at.lon) / 360) * scale, ((y(at.lat) - y(lat)) / (2 * Math.PI)) * scale];
}

test('a box fills what panels leave free of the map', () => {
  const edges = { top: 20, right: 372, bottom: 60, left: 284 };
  const at = cameraOf([112.5, 32.2, 112.9, 32.4], 1400, 880, edges);
  const [left, top] = project(at, 112.5, 32.4);
  const [right, bottom] = project(at, 112.9, 32.2);
  expect(left).toBeCloseTo(284 - 700, 6);
  expect(right).toBeCloseTo(700 - 372, 6);
  expect((top + bottom) / 2).toBeCloseTo((20 - 60) / 2, 6);
  expect(top).toBeGreaterThan(20 - 440);
});

test('a box without width is looked at from as near as a map goes', () => {
  const at = cameraOf([112.5, 32.2, 112.5, 32.2], 1400, 880, none);
  expect(at.zoom).toBe(19);
  expect([at.lon, at.lat].map((degrees) => degrees.toFixed(9))).toEqual(['112.500000000', '32.200000000']);
});

test('tiles in view cover the map, each where it belongs', () => {
  const at = { lon: 112.7, lat: 32.3, zoom: 11.3 };
  const tiles = tilesInView(at, 1400, 880);
  const side = 512 * 2 ** 0.3;
  expect(Math.min(...tiles.map((t) => t.left))).toBeLessThanOrEqual(-700);
  expect(Math.max(...tiles.map((t) => t.left + t.side))).toBeGreaterThanOrEqual(700);
  expect(Math.min(...tiles.map((t) => t.top))).toBeLessThanOrEqual(-440);
  expect(Math.max(...tiles.map((t) => t.top + t.side))).toBeGreaterThanOrEqual(440);
  for (const { z, x, y, left, top, side: its } of tiles) {
    const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / 2 ** z))) * 180) / Math.PI;
    const [across, down] = project(at, (360 * x) / 2 ** z - 180, lat);
    expect(z).toBe(11);
    expect(its).toBeCloseTo(side, 9);
    expect(left).toBeCloseTo(across, 5);
    expect(top).toBeCloseTo(down, 5);
    // None that is not seen.
    expect(left < 700 && left + its > -700 && top < 440 && top + its > -440).toBe(true);
  }
});

test('the world ends at its edges', () => {
  expect(tilesInView({ lon: 0, lat: 0, zoom: 0 }, 5000, 5000).map(({ z, x, y }) => [z, x, y])).toEqual([[0, 0, 0]]);
  expect([11.49, 11.5, 18.2].map(heatmapZoomOf)).toEqual([11, 12, 17]);
});
