import { language } from '.';

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
    if (values) {
      // The reason why something is so may be a sentence of its own.
      return translated.replace(braces, (_, name: string) => {
        const value = values[names.indexOf(name)] ?? '';
        return name === 'why' ? (inChinese(value, words) ?? value) : value;
      });
    }
  }
  return null;
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
