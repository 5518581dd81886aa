import { computed, effect, signal } from '@preact/signals';
import type { Summary } from './api';
import { cells, clock, clusters, main, mapLoading, queryOf, summary } from './data';
import { edgesOf, moved, periodOf, type Steps } from './period-steps';
import { resource } from './resource';
import { getAfter } from './turns';
import { changeFilter, filter } from './view';

/** Seconds that a step stays before the next one, at each speed. */
export const speeds = { slow: 3, normal: 1.5, fast: 0.6 } as const;
export type Speed = keyof typeof speeds;

/** Reports over all the time there is under the rest of the filter: always the same steps, so that the bars stay in their places. */
export const timeline = resource<Summary>(
  () => {
    const query = clock.value && queryOf({ ...filter.value, period: { kind: 'between', from: clock.value.firstDay, to: clock.value.lastDay } });
    return query && `api/issues/summary?${query}`;
  },
  getAfter(() => main.pictured.value),
);

/** The last bars that were known: they stay while the next ones are on their way. */
export const trend = computed(() => timeline.value.value?.trend ?? null);

export const steps = computed<Steps | null>(() => {
  const [all, days] = [trend.value, clock.value];
  return all && days && { starts: all.steps.map((step, i) => (i === 0 && step.start < days.firstDay ? days.firstDay : step.start)), lastDay: days.lastDay };
});

/** The edges of the present period among the steps. */
export const edges = computed<[number, number] | null>(() => steps.value && edgesOf(steps.value, filter.value.period));

export const playing = signal(false);
export const speed = signal<Speed>('normal');

const stillPreferred = matchMedia('(prefers-reduced-motion: reduce)');

/** Whether the person prefers pictures that do not move by themselves; then there are only single steps. */
export const prefersStill = signal(stillPreferred.matches);
stillPreferred.addEventListener('change', (event) => {
  prefersStill.value = event.matches;
  playing.value = playing.value && !event.matches;
});

/** Looks at the time from one edge to a later one. */
export function lookAt(from: number, to: number): void {
  if (steps.value) {
    changeFilter({ period: periodOf(steps.value, from, to) });
  }
}

/** Moves the window by some steps; when all the time is shown, to the first or the last step. */
export function step(by: 1 | -1): void {
  if (!steps.value || !edges.value) {
    return;
  }
  const n = steps.value.starts.length;
  const isAll = edges.value[0] === 0 && edges.value[1] === n;
  const next: [number, number] | null = isAll ? (by > 0 ? [0, 1] : [n - 1, n]) : moved(steps.value, edges.value, by);
  if (next) {
    lookAt(...next);
  } else {
    playing.value = false;
  }
}

/** Begins to play, from the beginning where the window has come to the end. */
export function play(): void {
  if (steps.value && edges.value) {
    const [from, to] = edges.value;
    const n = steps.value.starts.length;
    if (to === n) {
      lookAt(0, from === 0 ? 1 : n - from);
    }
    playing.value = true;
  }
}

// The next step waits for the picture of the last one: a slow server is not asked for what nobody has seen.
effect(() => {
  const isDrawn = !mapLoading.value && ![summary, cells, clusters].some((answer) => answer.value.loading);
  const seconds = speeds[speed.value];
  if (!playing.value || !isDrawn) {
    return undefined;
  }
  const timer = setTimeout(() => step(1), seconds * 1000);
  return () => clearTimeout(timer);
});
