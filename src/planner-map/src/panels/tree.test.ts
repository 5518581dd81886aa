import { describe, expect, test } from 'vitest';
import { rowsOf, toggledIn, type TreeNode } from './tree';

const node = (code: string, ...children: TreeNode[]): TreeNode => ({ code, name: code, name_en: null, children });
const roots = [node('a', node('a1'), node('a2')), node('b')];

describe('a tree', () => {
  test('shows what is open, and where something within is chosen', () => {
    const rows = rowsOf(roots, new Set(['a']), new Set(['a2']));
    expect(rows.map((row) => `${row.level} ${row.node.code} ${row.place}/${row.siblings} ${row.state}`)).toEqual(['1 a 1/2 mixed', '2 a1 1/2 false', '2 a2 2/2 true', '1 b 2/2 false']);
    expect(rowsOf(roots, new Set(['a']), new Set(['a'])).map((row) => row.state)).toEqual(['true', 'true', 'true', 'false']);
  });

  test('is chosen from without saying anything twice', () => {
    expect(toggledIn(roots, [], 'a')).toEqual(['a']);
    expect(toggledIn(roots, ['a'], 'a')).toEqual([]);
    expect(toggledIn(roots, ['a1', 'b'], 'a')).toEqual(['b', 'a']);
    expect(toggledIn(roots, ['a', 'b'], 'a2')).toEqual(['b', 'a2']);
  });
});
