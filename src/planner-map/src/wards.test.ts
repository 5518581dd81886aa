import { describe, expect, test } from 'vitest';
import { chainOf, levelsOf, placeOf, treeOf, type Ward } from './wards';

const ward = (code: string, parent: string | null, level: string): Ward => ({ code, parent, level, name: code, name_en: null, responsible: null });

const tree = treeOf([ward('c1', 't1', 'community'), ward('t1', 'x', 'town'), ward('x', null, 'county'), ward('t2', 'x', 'subdistrict'), ward('lost', 'nowhere', 'town')]);

describe('the tree of wards', () => {
  test('does not depend on the order in which they come', () => {
    expect(tree.roots.map((root) => root.code)).toEqual(['x', 'lost']);
    expect(tree.byCode.get('x')!.children.map((child) => child.code)).toEqual(['t1', 't2']);
    expect(tree.byCode.get('c1')!.depth).toBe(2);
  });

  test('names the wards around one', () => {
    expect(chainOf('c1', tree.byCode).map((w) => w.code)).toEqual(['x', 't1', 'c1']);
  });
});

test('a place over several wards has the name of the innermost that holds half of it', () => {
  const counted = (code: string, count: number) => ({ code, name: code, name_en: null, count });
  const wards = treeOf([ward('t', null, 'town'), ward('a', 't', 'grid'), ward('b', 't', 'grid'), ward('c', 't', 'grid')]).byCode;
  expect(placeOf([counted('a', 6), counted('b', 4)], wards)!.code).toBe('a');
  expect(placeOf([counted('a', 4), counted('b', 3), counted('c', 3)], wards)!.code).toBe('t');
  expect(placeOf([counted('unknown', 4)], wards)!.code).toBe('unknown');
  expect(placeOf([], wards)).toBeNull();
});

describe('the levels', () => {
  test('come from the outermost, each nearer than the one around it', () => {
    const levels = levelsOf([...tree.byCode.values()], [120, 30, 120.2, 30.2]);
    expect(levels.map((level) => level.names)).toEqual([['county', 'town'], ['subdistrict'], ['community']]);
    expect(levels[0]!.zoom).toBe(0);
  });

  test('are drawn as soon as their wards are 70 pixels wide', () => {
    // A hundred wards on 0.2 by 0.2 degrees at the equator: 2,226 m each, 70 pixels at 31.8 m a pixel.
    const wards = treeOf([ward('x', null, 'county'), ...Array.from({ length: 100 }, (_, i) => ward(`w${i}`, 'x', 'grid'))]);
    const [, grid] = levelsOf([...wards.byCode.values()], [0, -0.1, 0.2, 0.1]);
    expect(grid!.zoom).toBeCloseTo(Math.log2(40_075_017 / 512 / (2226.4 / 70)), 2);
  });
});
