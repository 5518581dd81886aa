import { describe, expect, test } from 'vitest';
import { formatOrder, found, parseOrder, sorted, type Scorecard } from './scorecards';

const card = (name: string, total: number, rate: number | null): Scorecard => ({ code: `c${name}`, name, name_en: `Ward ${name}`, total, on_time_rate: rate }) as Scorecard;
const cards = [card('b', 3, 0.5), card('a', 3, null), card('c', 9, 0.2)];
const names = (list: readonly Scorecard[]): string => list.map((c) => c.name).join('');

describe('an order', () => {
  test('leads to an address and back', () => {
    expect(parseOrder('-overdue')).toEqual({ by: 'overdue', descending: true });
    expect(formatOrder(parseOrder('name'))).toBe('name');
    expect(formatOrder(parseOrder('nonsense'))).toBe('-total');
    expect(formatOrder(parseOrder(null))).toBe('-total');
  });

  test('puts what is not known last either way, and equal ones by name', () => {
    expect(names(sorted(cards, { by: 'total', descending: true }, (c) => c.name, 'en'))).toBe('cab');
    expect(names(sorted(cards, { by: 'on_time_rate', descending: false }, (c) => c.name, 'en'))).toBe('cba');
    expect(names(sorted(cards, { by: 'on_time_rate', descending: true }, (c) => c.name, 'en'))).toBe('bca');
    expect(names(sorted(cards, { by: 'name', descending: true }, (c) => c.name, 'en'))).toBe('cba');
  });
});

test('a search finds names of both languages and codes', () => {
  expect(names(found(cards, ' ward A '))).toBe('a');
  expect(names(found(cards, 'CC'))).toBe('c');
  expect(found(cards, '')).toBe(cards);
});
