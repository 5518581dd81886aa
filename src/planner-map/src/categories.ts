import { computed } from '@preact/signals';
import type { Named } from './api';
import { resource } from './resource';

export interface Category extends Named {
  /** Code of the category above it. */
  parent: string | null;
  department: string | null;
}

const answer = resource<{ categories: Category[] }>(() => 'api/categories');

/** Categories on top, each with those below it; and each by its code. */
export const categories = computed(() => {
  const all = answer.value.value?.categories ?? [];
  return {
    tops: all.filter((c) => c.parent === null).map((c) => ({ ...c, children: all.filter((child) => child.parent === c.code) })),
    byCode: new Map(all.map((c) => [c.code, c])),
  };
});
