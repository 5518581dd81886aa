import { computed } from '@preact/signals';
import type { Summary } from './api';
import { dayIn } from './period';
import { resource } from './resource';

/** The path of the numbers; those of all issues without a filter behind it. */
export const summaryPath = 'api/issues/summary';

/** Numbers of all issues: what there is, from when to when, in which time zone. */
export const overview = resource<Summary>(() => summaryPath);

/** The day of the latest report, from which "the last 30 days" are counted back; the one of the first; and the city's time zone. */
export const clock = computed(() => {
  const all = overview.value.value;
  const day = (time: string | null): string => dayIn(all!.time_zone, time ?? Date.now());
  return all && { zone: all.time_zone, firstDay: day(all.first_reported), lastDay: day(all.last_reported) };
});
