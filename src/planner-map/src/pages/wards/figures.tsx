import * as format from '../../format';
import { t } from '../../i18n';
import type { Column, Figures } from './scorecards';

/** A figure as it is written, and what it stands on. */
export interface Written {
  value: string;
  note: string | null;
}

/** One way to write a figure, in tables and on scorecards alike: the number first, below it what it stands on. */
export function written(figures: Figures, column: Exclude<Column, 'name'>): Written {
  const share = (n: number): string | null => (figures.total > 0 ? format.percent(n / figures.total) : null);
  switch (column) {
    case 'total':
      return { value: format.count(figures.total), note: null };
    case 'open':
    case 'overdue':
    case 'closed':
      return { value: format.count(figures[column]), note: share(figures[column]) && t('wards.of', { share: share(figures[column])!, n: figures.total }) };
    case 'relapses':
      return rate(format.count(figures.relapses), figures.relapse_rate, figures.relapse_rate_of);
    case 'on_time_rate':
      return figures.on_time_rate === null
        ? { value: '–', note: t('wards.none-counted') }
        : { value: format.percent(figures.on_time_rate), note: t('wards.count-of', { n: figures.on_time, of: figures.on_time_rate_of }) };
    case 'median_days_to_close':
      return figures.median_days_to_close === null
        ? { value: '–', note: t('wards.none-counted') }
        : { value: format.amount(figures.median_days_to_close), note: t('wards.of-closed', { n: figures.median_days_to_close_of }) };
    case 'per_km2':
      return { value: figures.per_km2 === null ? '–' : format.amount(figures.per_km2), note: null };
  }
}

function rate(value: string, share: number | null, of: number): Written {
  return { value, note: share === null ? null : t('wards.of', { share: format.percent(share), n: of }) };
}

/** How the number of issues compares with the time before: "+12 % (412 before)". */
export function change(now: number, before: number): string {
  if (before === 0) {
    return t('wards.before', { n: before });
  }
  const relative = (now - before) / before;
  return `${relative > 0 ? '+' : relative < 0 ? '−' : '±'}${format.percent(Math.abs(relative))} · ${t('wards.before', { n: before })}`;
}
