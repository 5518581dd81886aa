import type { Feature, Polygon } from 'geojson';
import { expect, test } from 'vitest';
import type { CellProperties } from '../api';
import { areasOf } from './areas';

function square(x: number, y: number, value: number): Feature<Polygon, CellProperties> {
  const ring = [
    [x, y],
    [x + 1, y],
    [x + 1, y + 1],
    [x, y + 1],
    [x, y],
  ];
  return {
    type: 'Feature',
    properties: { cell: `${x},${y}`, count: 1, z: 0, p: 0, q: 0, class: value, neighbors: 0 },
    geometry: { type: 'Polygon', coordinates: [ring] },
  };
}

function lengths(kind: 'hot' | 'cold', cells: Feature<Polygon, CellProperties>[]): number[] {
  const area = areasOf(cells).features.find((f) => f.properties.kind === kind)!;
  return area.geometry.coordinates.map((line) => line.length - 1).sort((a, b) => a - b);
}

test('sides that two cells share are not drawn, and lines close', () => {
  const block = [square(0, 0, 3), square(1, 0, 1), square(0, 1, 2), square(1, 1, 3)];
  const [line] = areasOf(block).features[0]!.geometry.coordinates;
  expect(lengths('hot', block)).toEqual([8]);
  expect(line!.at(-1)).toEqual(line![0]);
});

test('a hole has an outline of its own', () => {
  const ring = [0, 1, 2].flatMap((x) => [0, 1, 2].filter((y) => x !== 1 || y !== 1).map((y) => square(x, y, 3)));
  expect(lengths('hot', ring)).toEqual([4, 12]);
});

test('hot and cold cells are apart, those of no significance are nothing', () => {
  const cells = [square(0, 0, 3), square(1, 0, -2), square(2, 0, 0)];
  expect(lengths('hot', cells)).toEqual([4]);
  expect(lengths('cold', cells)).toEqual([4]);
});

test('cells that touch at a corner keep all their sides', () => {
  expect(lengths('hot', [square(0, 0, 3), square(1, 1, 3)]).reduce((a, b) => a + b)).toBe(8);
});
