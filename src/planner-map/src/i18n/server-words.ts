import { language, t } from '.';
import { zhImports } from './zh-imports';
import { zhRefusals } from './zh-refusals';

/** What the server says, and how that is said in Chinese; the names in braces stand for what it says there. */
type Words = Readonly<Record<string, string>>;

interface Template {
  names: string[];
  form: RegExp;
  translated: string;
}

const braces = /\{(\w+)\}/g;
const known = new Map<Words, Template[]>();

/**
 * What the server says, in the language of the page; in English what it has no words for.
 * @param words What it may say there.
 */
export function serverWords(text: string, words: Words): string {
  return language.value === 'zh' ? (inChinese(text, words) ?? text) : text;
}

/** A sentence of the server in Chinese; null for one that is not known. */
export function inChinese(text: string, words: Words): string | null {
  if (!known.has(words)) {
    known.set(words, templatesOf(words));
  }
  for (const { names, form, translated } of known.get(words)!) {
    const values = form.exec(text)?.slice(1);
    const filled = values && fill(translated, (name) => values[names.indexOf(name)] ?? '', words);
    if (filled) {
      return filled;
    }
  }
  return null;
}

/** A sentence with its values; null when one of them has to be a word of the list and is not. */
function fill(translated: string, valueOf: (name: string) => string, words: Words): string | null {
  let known = true;
  const filled = translated.replace(braces, (_, name: string) => {
    const value = valueOf(name);
    if (name.startsWith('the_')) {
      const word = inChinese(value, words);
      known &&= word !== null;
      return word ?? '';
    }
    // The reason why something is so may be a sentence of its own.
    return name === 'why' ? (inChinese(value, words) ?? value) : value;
  });
  return known ? filled : null;
}

/** Why the server refused, in the language of the page: its own words in English, in Chinese those of the list, or else the number that it goes by. */
export function refusalInWords({ status, message }: { status: number; message: string }): string {
  return language.value === 'zh' ? (inChinese(message, zhRefusals) ?? inChinese(message, zhImports) ?? t('error.number', { n: status })) : message;
}

/** Templates with what they look like when filled, those with most words of their own first. */
function templatesOf(words: Words): Template[] {
  return Object.entries(words)
    .map(([template, translated]) => ({ names: [...template.matchAll(braces)].map((name) => name[1]!), form: formOf(template), translated, own: template.replace(braces, '').length }))
    .sort((a, b) => b.own - a.own);
}

function formOf(template: string): RegExp {
  const parts = template.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.+?)')}$`, 's');
}
