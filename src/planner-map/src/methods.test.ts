import { describe, expect, test } from 'vitest';
import { circleParameters, groupOf, patternGroups, patternParameters, patternsIn, stepOf } from './methods';

describe('the step of time', () => {
  test.each([
    [730, 'month'],
    [304, 'month'],
    [303, 'week'],
    [90, 'week'],
    [70, 'week'],
    [69, 'day'],
    [1, 'day'],
  ])('of %i days is a %s or longer', (days, step) => {
    expect(stepOf(days)).toBe(step);
  });

  test('is asked for with the patterns', () => {
    expect(patternParameters(90)).toBe('step=week&output=significant');
  });
});

describe('circles', () => {
  test('of a rise last at most half of the period', () => {
    expect(circleParameters('rise', 30)).toBe('model=space-time-permutation&prospective=true&step=day&max_days=15&max_radius=1000&replications=199');
    expect(circleParameters('rise', 730)).toContain('step=week&max_days=90');
    expect(circleParameters('rise', 1)).toContain('max_days=1&');
  });

  test('of a place know no time', () => {
    expect(circleParameters('place', 30)).toBe('max_radius=1000');
  });
});

describe('groups of patterns', () => {
  test('hold each of the 16 once', () => {
    const all = patternGroups.flatMap(patternsIn);
    expect(all).toHaveLength(16);
    expect(new Set(all).size).toBe(16);
  });

  test.each([
    ['new hot spot', 'new'],
    ['consecutive hot spot', 'new'],
    ['oscillating hot spot', 'again'],
    ['historical cold spot', 'cold'],
    ['no pattern detected', undefined],
  ])('%s is %s', (pattern, group) => {
    expect(groupOf(pattern)).toBe(group);
  });
});
