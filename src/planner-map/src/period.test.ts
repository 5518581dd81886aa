import { describe, expect, test } from 'vitest';
import { before, datetimeOf, dayIn, daysOf, formatPeriod, parsePeriod, presets, type Period, yearBefore } from './period';

describe('a period in an address', () => {
  test.each(presets.map((preset) => [formatPeriod(preset), preset] as const))('%s is read back', (text, preset) => {
    expect(parsePeriod(text)).toEqual(preset);
  });

  test.each(['2024-02-29/2024-03-01', '../2024-03-01', '2024-02-29/..'])('%s is read back', (text) => {
    expect(formatPeriod(parsePeriod(text))).toBe(text);
  });

  test.each(['0d', '5w', '../..', '2023-02-29/..', 'x'])('%s is all the time there is', (text) => {
    expect(parsePeriod(text)).toEqual({ kind: 'all' });
  });
});

describe('the last days and months', () => {
  test('end with the day of the latest report', () => {
    expect(daysOf({ kind: 'last', count: 7, unit: 'd' }, '2025-03-03')).toEqual({ from: '2025-02-25', to: '2025-03-03' });
    expect(daysOf({ kind: 'last', count: 12, unit: 'm' }, '2025-06-30')).toEqual({ from: '2024-07-01', to: '2025-06-30' });
    expect(daysOf({ kind: 'last', count: 1, unit: 'm' }, '2025-03-31')).toEqual({ from: '2025-03-01', to: '2025-03-31' });
    expect(daysOf({ kind: 'last', count: 1, unit: 'm' }, '2025-05-31')).toEqual({ from: '2025-05-01', to: '2025-05-31' });
  });
});

describe('datetime for the API', () => {
  const between = (from: string | null, to: string | null): Period => ({ kind: 'between', from, to });

  test('holds whole days of the city', () => {
    expect(datetimeOf(between('2025-01-01', '2025-01-31'), '', 'Asia/Shanghai')).toBe('2025-01-01T00:00:00+08:00/2025-01-31T23:59:59.999999+08:00');
  });

  test('follows the change of clocks, each end by itself', () => {
    expect(datetimeOf(between('2015-03-08', '2015-03-08'), '', 'America/New_York')).toBe('2015-03-08T00:00:00-05:00/2015-03-08T23:59:59.999999-04:00');
    expect(datetimeOf(between('2015-11-01', '2015-11-01'), '', 'America/New_York')).toBe('2015-11-01T00:00:00-04:00/2015-11-01T23:59:59.999999-05:00');
  });

  test('takes half hours', () => {
    expect(datetimeOf(between('2025-01-01', null), '', 'Asia/Kolkata')).toBe('2025-01-01T00:00:00+05:30/..');
  });

  test('leaves out what is open', () => {
    expect(datetimeOf({ kind: 'all' }, '2025-01-01', 'UTC')).toBeNull();
    expect(datetimeOf(between(null, '2025-01-31'), '', 'UTC')).toBe('../2025-01-31T23:59:59.999999+00:00');
  });
});

test('a day is the city’s', () => {
  expect(dayIn('Asia/Shanghai', '2025-06-30T18:00:00Z')).toBe('2025-07-01');
  expect(dayIn('America/Chicago', '2025-07-01T03:00:00Z')).toBe('2025-06-30');
});

describe('a second period', () => {
  test('is as long, and ends just before', () => {
    expect(before({ kind: 'last', count: 30, unit: 'd' }, '2026-10-31')).toEqual({ kind: 'between', from: '2026-09-02', to: '2026-10-01' });
    expect(before({ kind: 'between', from: '2026-03-01', to: '2026-03-01' }, '2026-10-31')).toEqual({ kind: 'between', from: '2026-02-28', to: '2026-02-28' });
    expect(before({ kind: 'between', from: '2026-10-30', to: null }, '2026-10-31')).toEqual({ kind: 'between', from: '2026-10-28', to: '2026-10-29' });
  });

  test('is the same a year earlier', () => {
    expect(yearBefore({ kind: 'last', count: 12, unit: 'm' }, '2026-10-31')).toEqual({ kind: 'between', from: '2024-11-01', to: '2025-10-31' });
    expect(yearBefore({ kind: 'between', from: '2024-02-01', to: '2024-02-29' }, '2026-10-31')).toEqual({ kind: 'between', from: '2023-02-01', to: '2023-02-28' });
  });

  test('needs a beginning', () => {
    expect(before({ kind: 'all' }, '2026-10-31')).toBeNull();
    expect(yearBefore({ kind: 'between', from: null, to: '2026-10-31' }, '2026-10-31')).toBeNull();
  });
});
