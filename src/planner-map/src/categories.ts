import { computed } from '@preact/signals';
import type { Named } from './api';
import { overview } from './clock';
import { resource } from './resource';

export interface Category extends Named {
  department: string | null;
  children: Category[];
}

const answer = resource<{ categories: Category[] }>(() => 'api/categories');

/** Categories on top, each with those below it; and each by its code. */
export const categories = computed(() => {
  const tops = answer.value.value?.categories ?? [];
  const all = (list: readonly Category[]): Category[] => list.flatMap((category) => [category, ...all(category.children)]);
  return { tops, byCode: new Map(all(tops).map((category) => [category.code, category])) };
});

/** Categories on top from the most frequent of all issues, whatever the filter: so each keeps its color. */
export const topsByCount = computed(() => {
  const { tops } = categories.value;
  const counts = new Map(overview.value.value?.by_category.map(({ code, count }) => [code, count]));
  const countOf = (top: Category): number => codesOf(top).reduce((sum, code) => sum + (counts.get(code) ?? 0), 0);
  return [...tops].sort((a, b) => countOf(b) - countOf(a));
});

/** Codes of a category and all below it. */
export function codesOf(category: Category): string[] {
  return [category.code, ...category.children.flatMap(codesOf)];
}
