import { computed } from '@preact/signals';
import type { Named } from './api';
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
