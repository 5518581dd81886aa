import { describe, expect, test, vi } from 'vitest';

vi.stubGlobal('document', { baseURI: 'http://localhost/' });
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
vi.stubGlobal('fetch', () => new Promise(() => undefined));
const { classEnds, classOf } = await import('./figures');

describe('classes of a figure', () => {
  test('hold as many wards each', () => {
    const ends = classEnds([10, 1, 9, 2, 8, 3, 7, 4, 6, 5]);
    expect(ends).toEqual([2, 4, 6, 8, 10]);
    expect([1, 2, 3, 10].map((value) => classOf(value, ends))).toEqual([0, 0, 1, 4]);
  });

  test('never part equal values', () => {
    expect(classEnds([0, 0, 0, 0, 0, 0, 0, 0, 1, 7])).toEqual([0, 7]);
    expect(classEnds([3])).toEqual([3]);
    expect(classEnds([])).toEqual([]);
  });
});
