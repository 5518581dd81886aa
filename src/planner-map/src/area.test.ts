import { describe, expect, test } from 'vitest';
import { boxOf, conditionOf, crosses, formatArea, parseArea, polygonOf, type Corner } from './area';

const square: Corner[] = [[112.6, 32.4], [112.7, 32.4], [112.7, 32.5], [112.6, 32.5]];

describe('a drawn area', () => {
  test('is written and read', () => {
    expect(formatArea(square)).toBe('112.6,32.4_112.7,32.4_112.7,32.5_112.6,32.5');
    expect(parseArea(formatArea(square))).toEqual(square);
    expect(conditionOf(polygonOf(square))).toBe('S_INTERSECTS(geometry,POLYGON((112.6 32.4,112.7 32.4,112.7 32.5,112.6 32.5,112.6 32.4)))');
  });

  test.each(['', '1,2', '1,2_3,4', '1,2_3,4_200,5', '1,2_3,4_a,5', '1,2_3,4_5', '0,0_1,1_1,0_0,1'])('is none: %s', (text) => {
    expect(parseArea(text)).toBeNull();
  });

  test('has an inside only when its sides do not cross', () => {
    expect(crosses(square)).toBe(false);
    expect(crosses([square[0]!, square[2]!, square[1]!, square[3]!])).toBe(true);
    expect(crosses(square.slice(0, 3))).toBe(false);
  });
});

test('the box around areas holds all their parts', () => {
  const one = { type: 'Polygon' as const, coordinates: [[[1, 2], [3, 2], [3, 5], [1, 2]]] };
  const parts = { type: 'MultiPolygon' as const, coordinates: [[[[4, 0], [6, 0], [6, 1], [4, 0]]], [[[-2, 3], [0, 3], [0, 4], [-2, 3]]]] };
  expect(boxOf([one])).toEqual([1, 2, 3, 5]);
  expect(boxOf([one, parts])).toEqual([-2, 0, 6, 5]);
});
