import { language } from '.';
import { zhImports } from './zh-imports';

const braces = /\{(\w+)\}/g;

/** Templates with what they look like when filled, those with most words of their own first. */
const templates = Object.entries(zhImports)
  .map(([template, translated]) => ({ names: [...template.matchAll(braces)].map((name) => name[1]!), form: formOf(template), translated, own: template.replace(braces, '').length }))
  .sort((a, b) => b.own - a.own);

/** What the server says of an import, in the language of the page; in English what it has no words for. */
export function serverWords(text: string): string {
  return language.value === 'zh' ? (inChinese(text) ?? text) : text;
}

/** A sentence of the server in Chinese; null for one that is not known. */
export function inChinese(text: string): string | null {
  for (const { names, form, translated } of templates) {
    const values = form.exec(text)?.slice(1);
    if (values) {
      // The reason why something cannot be read may be a sentence of its own.
      return translated.replace(braces, (_, name: string) => {
        const value = values[names.indexOf(name)] ?? '';
        return name === 'why' ? (inChinese(value) ?? value) : value;
      });
    }
  }
  return null;
}

function formOf(template: string): RegExp {
  const parts = template.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.+?)')}$`, 's');
}
