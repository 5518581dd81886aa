import { beforeEach, describe, expect, test } from 'vitest';
import * as format from './format';
import { chosenLanguage } from './view';

describe('numbers and dates', () => {
  beforeEach(() => void (chosenLanguage.value = 'en'));

  test('carry their unit', () => {
    expect(format.distance(249.6)).toBe('250 m');
    expect(format.distance(1234)).toBe('1.23 km');
    expect(format.area(3456)).toBe('3,456 m²');
    expect(format.area(2_345_678)).toBe('2.35 km²');
  });

  test('are as exact as they are worth', () => {
    expect(format.amount(1234.5)).toBe('1,235');
    expect(format.amount(0.012345)).toBe('0.0123');
    expect(format.probability(0.00002)).toBe('< 0.001');
    expect(format.probability(0.0314)).toBe('0.031');
    expect(format.percent(0.043)).toBe('4.3%');
    expect(format.percent(0.43)).toBe('43%');
    expect(format.rounded(1234)).toBe('1,200');
  });

  test('are of the language of the page and the zone of the city', () => {
    expect(format.day('2025-06-30T18:00:00Z', 'Asia/Shanghai')).toBe('1 Jul 2025');
    chosenLanguage.value = 'zh';
    expect(format.day('2025-06-30T18:00:00Z', 'Asia/Shanghai')).toBe('2025年7月1日');
    expect(format.stepName('2025-03-01', 'month')).toBe('2025年3月');
  });
});
