import { computed, signal } from '@preact/signals';
import type { Named } from '../../api';
import { formatAddress, formatFilter, parseAddress } from '../../address';
import { clock } from '../../clock';
import { daysOf, formatPeriod, parsePeriod } from '../../period';
import { resource } from '../../resource';
import { chosenLanguage, filter, firstLayers, noFilter, view } from '../../view';
import { formatOrder, parseOrder, type ScorecardList, type ScorecardOfWard } from './scorecards';

/** The level that is listed; null for the usual one. */
export const chosenLevel = signal<string | null>(null);
/** Code of the ward whose scorecard is shown; null for the list of a level. */
export const ward = signal<string | null>(null);
export const order = signal(parseOrder(null));
export const search = signal('');

export function readAddress(): void {
  const query = new URLSearchParams(location.search);
  filter.value = { ...noFilter, categories: parseAddress(location.search).filter.categories, period: parsePeriod(query.get('period') ?? '') };
  chosenLevel.value = query.get('level');
  ward.value = query.get('ward');
  order.value = parseOrder(query.get('sort'));
  search.value = query.get('q') ?? '';
}

/** What leads back to this page as it is. */
export function addressQuery(): URLSearchParams {
  const query = new URLSearchParams(formatFilter(filter.value, null));
  const set = (name: string, value: string | null, usual = ''): void => void (value && value !== usual && query.set(name, value));
  set('period', formatPeriod(filter.value.period));
  set('level', chosenLevel.value);
  set('ward', ward.value);
  set('sort', formatOrder(order.value), '-total');
  set('q', search.value.trim());
  return query;
}

/** Category and period as the API takes them; null as long as the clock that the period needs is not known. */
const apiQuery = computed<string | null>(() => {
  if (!clock.value) {
    return null;
  }
  const query = new URLSearchParams(formatFilter(filter.value, null));
  const { from, to } = daysOf(filter.value.period, clock.value.lastDay);
  if (from) {
    query.set('from', from);
  }
  if (to) {
    query.set('to', to);
  }
  return query.toString();
});

// A list of the wards within one that is not there: none, but every list says which levels there are.
const emptyList = resource<ScorecardList>(() => (ward.value === null ? 'api/scorecards?ward=-' : null));

/** Levels there are, the outermost first. */
export const levels = computed(() => emptyList.value.value?.levels ?? []);

/** The level that is shown; null as long as none is known. */
export const level = computed(() => chosenLevel.value ?? usualLevel(levels.value));

export const list = resource<ScorecardList>(() => {
  if (ward.value !== null || apiQuery.value === null || level.value === null) {
    return null;
  }
  return `api/scorecards?${joined(`level=${encodeURIComponent(level.value)}`, apiQuery.value)}`;
});

export const card = resource<ScorecardOfWard>(() =>
  ward.value === null || apiQuery.value === null ? null : `api/wards/${encodeURIComponent(ward.value)}/scorecard?${apiQuery.value}`,
);

/** What lies around the ward. */
export const place = resource<{ properties: { ancestors: (Named & { level: string })[] } }>(() =>
  ward.value === null ? null : `api/wards/${encodeURIComponent(ward.value)}?geometry=none`,
);

/** Where the same as CSV is. */
export const csvPath = computed(() => {
  const own = ward.value !== null ? `ward=${encodeURIComponent(ward.value)}` : level.value && `level=${encodeURIComponent(level.value)}`;
  return `api/scorecards?${joined('f=csv', own, apiQuery.value)}`;
});

/** The map, filtered to a ward as this page is filtered. */
export function mapAddress(code: string): string {
  const here = { ...view.value, filter: { ...filter.value, wards: [code] }, layers: firstLayers, camera: null, selection: { kind: 'ward' as const, id: code } };
  return `./?${formatAddress({ ...here, language: chosenLanguage.value })}`;
}

/** This page with the scorecard of a ward, or with the list. */
export function pageAddress(code: string | null): string {
  const query = addressQuery();
  query.delete('q');
  query.delete('ward');
  if (code !== null) {
    query.set('ward', code);
  }
  if (chosenLanguage.value) {
    query.set('lang', chosenLanguage.value);
  }
  return `./wards?${query.toString()}`;
}

/** The level with most wards that can still be read one by one. */
function usualLevel(all: ScorecardList['levels']): string | null {
  const readable = all.filter((l) => l.wards <= 300);
  return (readable.length > 0 ? readable : all).reduce<ScorecardList['levels'][number] | null>((most, l) => (most && most.wards >= l.wards ? most : l), null)?.level ?? null;
}

function joined(...parts: (string | null | undefined)[]): string {
  return parts.filter((part) => part).join('&');
}
