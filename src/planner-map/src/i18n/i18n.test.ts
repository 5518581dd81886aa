import { describe, expect, test } from 'vitest';
import { browserLanguage, filled } from '.';
import { en } from './en';
import { zh } from './zh';

const keys = Object.keys(en) as (keyof typeof en)[];

describe('the two languages', () => {
  test('have the same texts', () => {
    expect(Object.keys(zh).sort()).toEqual([...keys].sort());
  });

  test.each(keys)('%s is there in both, with the same values', (key) => {
    expect(en[key].trim()).not.toBe('');
    expect(zh[key].trim()).not.toBe('');
    expect(valuesIn(zh[key])).toEqual(valuesIn(en[key]));
  });

  test.each(keys.filter((key) => key !== 'language.other'))('%s is written in its own language', (key) => {
    expect(en[key]).not.toMatch(/\p{Script=Han}/u);
    // Commands stay as they are typed.
    expect(zh[key].replace(/\.\/geosan [\w -]+/, '')).not.toMatch(/[a-z]{3,} [a-z]{3,}/i);
  });
});

describe('a template', () => {
  test('is filled with texts and with numbers as they are written', () => {
    expect(filled('{n} of {all}, {what}', { n: 1234, all: 5, what: 'x' }, 'en-GB')).toBe('1,234 of 5, x');
  });

  test('chooses a word by a number', () => {
    expect(filled('{n} {n|issue|issues}', { n: 1 }, 'en-GB')).toBe('1 issue');
    expect(filled('{n} {n|issue|issues}', { n: 0 }, 'en-GB')).toBe('0 issues');
  });

  test('shows a value that is missing', () => {
    expect(filled('{n}', {}, 'en-GB')).toBe('{n}');
  });
});

test('the first language of the browser that the page speaks is taken', () => {
  expect(browserLanguage(['fr-FR', 'zh-Hans-CN', 'en'])).toBe('zh');
  expect(browserLanguage(['en-US', 'zh'])).toBe('en');
  expect(browserLanguage(['fr'])).toBe('en');
});

/** Names of the values that a text takes; a number may also choose between words, where the language has them. */
function valuesIn(text: string): string[] {
  const plain = [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  return [...new Set(plain)].sort();
}
