import type { Named } from '../../api';

/** How some issues stand; each rate has the number of issues it stands on beside it, and is null where that is 0. */
export interface Figures {
  total: number;
  open: number;
  closed: number;
  rejected: number;
  overdue: number;
  relapses: number;
  relapse_rate: number | null;
  relapse_rate_of: number;
  on_time: number;
  on_time_rate: number | null;
  on_time_rate_of: number;
  median_days_to_close: number | null;
  median_days_to_close_of: number;
  per_km2: number | null;
}

export interface Scorecard extends Figures, Named {
  level: string;
  parent: string | null;
  responsible: string | null;
  population: number | null;
  area_km2: number;
  /** Reports in each step of the basis. */
  trend: number[];
  /** The time of the same length before; null where the period has no two ends. */
  previous: Figures | null;
}

/** What was counted. */
export interface Basis {
  data_version: string;
  time_zone: string;
  from: string | null;
  before: string | null;
  previous_from: string | null;
  steps: { step: 'day' | 'week' | 'month' | 'year'; starts: string[] } | null;
}

/** GET /api/scorecards */
export interface ScorecardList {
  basis: Basis;
  level: string | null;
  levels: { level: string; wards: number }[];
  all: Figures;
  without_ward: number;
  wards: Scorecard[];
}

/** GET /api/wards/{code}/scorecard */
export interface ScorecardOfWard {
  basis: Basis;
  ward: Scorecard;
  children: Scorecard[];
}

export const columns = ['name', 'total', 'open', 'overdue', 'relapses', 'closed', 'on_time_rate', 'median_days_to_close', 'per_km2'] as const;
export type Column = (typeof columns)[number];

/** A column to sort by; the direction in which the worst comes first, or its reverse. */
export interface Order {
  by: Column;
  descending: boolean;
}

export function parseOrder(text: string | null): Order {
  const by = (text ?? '').replace(/^-/, '');
  return (columns as readonly string[]).includes(by) ? { by: by as Column, descending: text!.startsWith('-') } : { by: 'total', descending: true };
}

export function formatOrder({ by, descending }: Order): string {
  return descending ? `-${by}` : by;
}

/** Sorted; what is not known comes last either way, and equal ones stay by name. */
export function sorted(cards: readonly Scorecard[], { by, descending }: Order, nameOf: (card: Scorecard) => string, locale: string): Scorecard[] {
  const collator = new Intl.Collator(locale, { numeric: true });
  const byName = (a: Scorecard, b: Scorecard): number => collator.compare(nameOf(a), nameOf(b));
  const sign = descending ? -1 : 1;
  return [...cards].sort((a, b) => {
    if (by === 'name') {
      return sign * byName(a, b);
    }
    const [x, y] = [a[by], b[by]];
    return x === y ? byName(a, b) : x === null ? 1 : y === null ? -1 : sign * (x - y);
  });
}

/** Those whose name, in either language, or code holds a text. */
export function found(cards: readonly Scorecard[], text: string): readonly Scorecard[] {
  const wanted = text.trim().toLowerCase();
  return wanted === '' ? cards : cards.filter((card) => [card.name, card.name_en ?? '', card.code].some((name) => name.toLowerCase().includes(wanted)));
}
