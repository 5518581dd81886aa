import { computed } from '@preact/signals';
import { chosenLanguage } from '../view';
import { en } from './en';
import { zh } from './zh';

export type Language = 'zh' | 'en';
export type MessageKey = keyof typeof en;
/** What stands in for the names in braces. */
export type Values = Record<string, string | number>;

const messages: Record<Language, Record<MessageKey, string>> = { zh, en };

export function isLanguage(text: unknown): text is Language {
  return text === 'zh' || text === 'en';
}

/** The browser's first language that the page speaks. */
export function browserLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const language = tag.toLowerCase().split('-')[0];
    if (isLanguage(language)) {
      return language;
    }
  }
  return 'en';
}

export const language = computed<Language>(() => chosenLanguage.value ?? browserLanguage(navigator.languages));

/** For the numbers and dates of the page. */
export function locale(): string {
  return language.value === 'zh' ? 'zh-CN' : 'en-GB';
}

/** Text in the language of the page. */
export function t(key: MessageKey, values?: Values): string {
  return filled(messages[language.value][key], values ?? {}, locale());
}

/** Text of a word that comes from the server, such as a status; the word itself, or another text, when the page does not know it. */
export function word(prefix: string, code: string, otherwise: string = code): string {
  const key = `${prefix}.${code}` as MessageKey;
  return messages[language.value][key] ?? otherwise;
}

/** Words one after the other, with the comma of the page's language between them. */
export function listed(words: readonly string[]): string {
  return words.join(language.value === 'zh' ? '、' : ', ');
}

/** The name of something in the language of the page, as far as it has one. */
export function nameOf(named: { name: string; name_en?: string | null | undefined }): string {
  return language.value === 'en' ? named.name_en || named.name : named.name;
}

/**
 * Fills a template: "{n}" is the value n, "{n|issue|issues}" one word or the other as n is 1 or not. Numbers are written as counts; any other way of writing
 * them is the caller's, who then gives a text.
 */
export function filled(template: string, values: Values, locale: string): string {
  return template.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (value === undefined) {
      return whole;
    }
    if (one !== undefined && many !== undefined) {
      return value === 1 ? one : many;
    }
    return typeof value === 'number' ? value.toLocaleString(locale) : value;
  });
}
