import { computed } from '@preact/signals';
import * as format from './format';
import { t } from './i18n';
import type { Scorecard } from './pages/wards/scorecards';
import { choices, figureNames } from './view';
import { wardTree } from './wards';

export type FigureName = (typeof figureNames)[number];

/** As many classes a map has that are still told apart at a glance. */
export const classCount = 5;

/** So many wards of a level still show as areas on a map of all of them. */
const mostOnMap = 400;

/** Levels of wards, from the outermost, with how many wards each has. */
export const levels = computed(() => {
  const counts = new Map<string, number>();
  for (const { level } of [...wardTree.value.byCode.values()].sort((a, b) => a.depth - b.depth)) {
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  return [...counts].map(([level, wards]) => ({ level, wards }));
});

/** The level that is colored: the one that the person chose, or the one with most wards that still show. */
export const shownLevel = computed<string | null>(() => {
  const chosen = levels.value.find(({ level }) => level === choices.value.figureLevel);
  const fitting = levels.value.filter(({ wards }) => wards <= mostOnMap).sort((a, b) => b.wards - a.wards);
  return chosen?.level ?? fitting[0]?.level ?? levels.value[0]?.level ?? null;
});

/** The figure of a ward; null where it stands on no issue. */
export function valueOf(ward: Scorecard, figure: FigureName): number | null {
  return ward[figure];
}

/** A figure of a ward beside its name, which tells the unit. */
export function plain(value: number, figure: FigureName): string {
  return figure === 'median_days_to_close' || figure === 'per_km2' ? format.amount(value) : withUnit(value, figure);
}

/** A figure of a ward with its unit. */
export function withUnit(value: number, figure: FigureName): string {
  switch (figure) {
    case 'relapse_rate':
    case 'on_time_rate':
      return format.percent(value);
    case 'median_days_to_close':
      return t('figure.days', { n: format.amount(value) });
    case 'per_km2':
      return t('cluster.density', { d: format.amount(value) });
    default:
      return format.count(value);
  }
}

/**
 * Upper ends of classes that hold about as many wards each (quantiles); equal values are never parted, so there may be fewer classes.
 * @param values Of all wards on the map, or on both maps.
 * @returns From the lowest; the last one is the greatest value. Empty without values.
 */
export function classEnds(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const ends = Array.from({ length: classCount }, (_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / classCount) - 1]);
  return [...new Set(ends.filter((end) => end !== undefined))];
}

/** The class of a value: the first whose end it does not exceed. */
export function classOf(value: number, ends: readonly number[]): number {
  return ends.findIndex((end) => value <= end);
}
