import { describe, expect, test } from 'vitest';
import { edgesOf, moved, periodOf } from './period-steps';

const steps = { starts: ['2025-01-01', '2025-02-01', '2025-03-01', '2025-04-01'], lastDay: '2025-04-20' };

describe('steps of a trend', () => {
  test('become days, and days become the steps that they touch', () => {
    expect(periodOf(steps, 1, 3)).toEqual({ kind: 'between', from: '2025-02-01', to: '2025-03-31' });
    expect(periodOf(steps, 3, 4)).toEqual({ kind: 'between', from: '2025-04-01', to: '2025-04-20' });
    expect(edgesOf(steps, periodOf(steps, 1, 3))).toEqual([1, 3]);
    expect(edgesOf(steps, { kind: 'between', from: '2025-02-15', to: '2025-02-16' })).toEqual([1, 2]);
    expect(edgesOf(steps, { kind: 'between', from: null, to: '2025-02-16' })).toEqual([0, 2]);
    expect(edgesOf(steps, { kind: 'last', count: 30, unit: 'd' })).toEqual([2, 4]);
  });

  test('all of them are all the time there is', () => {
    expect(periodOf(steps, 0, 4)).toEqual({ kind: 'all' });
    expect(edgesOf(steps, { kind: 'all' })).toEqual([0, 4]);
  });

  test('a period outside of them is the nearest one', () => {
    expect(edgesOf(steps, { kind: 'between', from: '2001-01-01', to: '2001-01-02' })).toEqual([0, 1]);
    expect(edgesOf(steps, { kind: 'between', from: '2030-01-01', to: null })).toEqual([3, 4]);
  });

  test('a window moves until it meets an end', () => {
    expect(moved(steps, [0, 2], 1)).toEqual([1, 3]);
    expect(moved(steps, [2, 4], 1)).toBeNull();
    expect(moved(steps, [0, 2], -1)).toBeNull();
  });
});
