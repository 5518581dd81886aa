import type { Polygon } from 'geojson';
import { conditionOf, parseArea, polygonOf } from './area';
import { isLanguage } from './i18n';
import { formatPeriod, parsePeriod } from './period';
import { anySeverity, circleQuestions, figureNames, firstChoices, firstLayers, issueColorings, layerIds, noFilter, numberScopes, type Camera, type Choices, type Comparison, type Filter, type LayerId, type LayerView, type Selection, type View } from './view';

const statuses = ['open', 'reported', 'accepted', 'dispatched', 'resolved', 'closed', 'rejected'];
const kinds = ['issue', 'cell', 'pattern', 'cluster', 'circle', 'ward', 'area'];

/**
 * The query string that leads back to a view. The filter has the names that it has in the API; what is as it is at first is left out.
 * @returns Without a question mark; empty for the first view.
 */
export function formatAddress(view: View): string {
  const { filter } = view;
  const query = filterQuery(filter);
  if (filter.area) {
    query.set('area', filter.area);
  }
  if (filter.period.kind !== 'all') {
    query.set('period', formatPeriod(filter.period));
  }
  const layers = formatLayers(view.layers);
  if (layers !== formatLayers(firstLayers)) {
    query.set('layers', layers);
  }
  formatChoices(view.choices).forEach(([name, value]) => query.set(name, value));
  if (view.baseMap) {
    query.set('base', view.baseMap);
  }
  if (view.comparison) {
    query.set('compare', formatPeriod(view.comparison.period) || 'all');
    if (view.comparison.as === 'swipe') {
      query.set('swipe', `${Math.round(view.comparison.edge * 100)}`);
    }
  }
  if (view.camera) {
    query.set('at', formatCamera(view.camera));
  }
  if (view.selection) {
    query.set('select', `${view.selection.of ? `${view.selection.of}:` : ''}${view.selection.kind}:${view.selection.id}`);
  }
  if (view.language) {
    query.set('lang', view.language);
  }
  // Commas, colons and slashes are allowed in a query and easier to read as they are.
  return query.toString().replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%2F/g, '/');
}

/** The view that a query string leads to; what cannot be read is left as it is at first. */
export function parseAddress(search: string): View {
  const query = new URLSearchParams(search);
  const language = query.get('lang');
  return {
    filter: {
      wards: distinct(query.getAll('ward')),
      categories: distinct(query.getAll('category')),
      statuses: distinct(query.getAll('status')).filter((status) => statuses.includes(status)),
      severity: parseSeverity(query.get('severity')),
      overdue: query.get('overdue') === 'true',
      relapse: query.get('relapse') === 'true',
      sources: distinct(query.getAll('source')),
      rounds: distinct(query.getAll('round')),
      departments: distinct(query.getAll('department')),
      area: parseArea(query.get('area') ?? '') && query.get('area'),
      period: parsePeriod(query.get('period') ?? ''),
    },
    layers: parseLayers(query.get('layers')),
    choices: parseChoices(query),
    baseMap: query.get('base') || null,
    comparison: parseComparison(query),
    camera: parseCamera(query.get('at')),
    selection: parseSelection(query.get('select')),
    language: isLanguage(language) ? language : null,
  };
}

/**
 * The filter as the API takes it.
 * @param datetime The period; null for all the time there is.
 * @param shapes Where the issues lie beside that, in all of them.
 * @param crs The system of the shapes and of the filter's area; empty for WGS 84.
 */
export function formatFilter(filter: Filter, datetime: string | null, shapes: readonly Polygon[] = [], crs = ''): string {
  const query = filterQuery(filter);
  if (datetime) {
    query.set('datetime', datetime);
  }
  const area = parseArea(filter.area ?? '');
  const conditions = [...(area ? [polygonOf(area)] : []), ...shapes].map(conditionOf);
  if (conditions.length > 0) {
    query.set('filter', [...new Set(conditions)].join(' AND '));
    if (crs) {
      query.set('filter-crs', crs);
    }
  }
  return query.toString();
}

/** All of it but period and area, which the page and the API write differently. */
function filterQuery(filter: Filter): URLSearchParams {
  const query = new URLSearchParams();
  filter.wards.forEach((code) => query.append('ward', code));
  filter.categories.forEach((code) => query.append('category', code));
  filter.statuses.forEach((status) => query.append('status', status));
  const severity = formatSeverity(filter.severity);
  if (severity) {
    query.set('severity', severity);
  }
  if (filter.overdue) {
    query.set('overdue', 'true');
  }
  if (filter.relapse) {
    query.set('relapse', 'true');
  }
  filter.sources.forEach((source) => query.append('source', source));
  filter.rounds.forEach((code) => query.append('round', code));
  filter.departments.forEach((department) => query.append('department', department));
  return query;
}

function formatSeverity([lowest, highest]: readonly [number, number]): string | null {
  return lowest === anySeverity[0] && highest === anySeverity[1] ? null : lowest === highest ? `${lowest}` : `${lowest}..${highest}`;
}

function parseSeverity(text: string | null): readonly [number, number] {
  const match = /^([1-5])(?:\.\.([1-5]))?$/.exec(text ?? '');
  const lowest = Number(match?.[1]);
  const highest = Number(match?.[2] ?? match?.[1]);
  return match && lowest <= highest ? [lowest, highest] : noFilter.severity;
}

/** Layers that are shown, with their opacity in percent where it is not the first one: "heatmap:50,wards". */
function formatLayers(layers: Readonly<Record<LayerId, LayerView>>): string {
  return layerIds
    .filter((id) => layers[id].shown)
    .map((id) => (layers[id].opacity === firstLayers[id].opacity ? id : `${id}:${Math.round(layers[id].opacity * 100)}`))
    .join(',');
}

function parseLayers(text: string | null): Readonly<Record<LayerId, LayerView>> {
  if (text === null) {
    return firstLayers;
  }
  const shown = new Map(text.split(',').map((part): [string, string | undefined] => [part.split(':')[0]!, part.split(':')[1]]));
  const entries = layerIds.map((id): [LayerId, LayerView] => {
    const percent = Number(shown.get(id) ?? NaN);
    return [id, { shown: shown.has(id), opacity: percent >= 0 && percent <= 100 ? percent / 100 : firstLayers[id].opacity }];
  });
  return Object.fromEntries(entries) as Record<LayerId, LayerView>;
}

/** Those that are not the first ones. */
function formatChoices(choices: Choices): [string, string][] {
  const all: [string, string, string][] = [
    ['figure', choices.figure, firstChoices.figure],
    ['level', choices.figureLevel ?? '', ''],
    ['color', choices.issues, firstChoices.issues],
    ['circles', choices.circles, firstChoices.circles],
    ['numbers', choices.numbers, firstChoices.numbers],
  ];
  return all.filter(([, value, first]) => value !== first).map(([name, value]) => [name, value]);
}

function parseChoices(query: URLSearchParams): Choices {
  return {
    figure: oneOf(figureNames, query.get('figure')) ?? firstChoices.figure,
    figureLevel: query.get('level') || null,
    issues: oneOf(issueColorings, query.get('color')) ?? firstChoices.issues,
    circles: oneOf(circleQuestions, query.get('circles')) ?? firstChoices.circles,
    numbers: oneOf(numberScopes, query.get('numbers')) ?? firstChoices.numbers,
  };
}

function parseComparison(query: URLSearchParams): Comparison | null {
  const text = query.get('compare');
  const period = parsePeriod(text ?? '');
  if (text === null || (period.kind === 'all' && text !== 'all')) {
    return null;
  }
  const percent = Number(query.get('swipe') ?? NaN);
  return percent >= 0 && percent <= 100 ? { period, as: 'swipe', edge: percent / 100 } : { period, as: 'side', edge: 0.5 };
}

function oneOf<T extends string>(words: readonly T[], text: string | null): T | undefined {
  return words.find((word) => word === text);
}

/** Longitude, latitude, zoom. Five decimals are a meter. */
function formatCamera({ lon, lat, zoom }: Camera): string {
  return `${+lon.toFixed(5)},${+lat.toFixed(5)},${+zoom.toFixed(2)}`;
}

function parseCamera(text: string | null): Camera | null {
  const [lon, lat, zoom, ...more] = (text ?? '').split(',').map((part) => (part === '' ? NaN : Number(part)));
  const fits = lon! >= -180 && lon! <= 180 && lat! >= -85 && lat! <= 85 && zoom! >= 0 && zoom! <= 22 && more.length === 0;
  return fits ? { lon: lon!, lat: lat!, zoom: zoom! } : null;
}

function parseSelection(text: string | null): Selection | null {
  const isOther = text?.startsWith('other:') ?? false;
  const [kind, ...id] = (text ?? '').slice(isOther ? 'other:'.length : 0).split(':');
  const isThere = id.length > 0 && id[0] !== '' && (kind !== 'area' || parseArea(id.join(':')) !== null);
  return kinds.includes(kind!) && isThere ? { kind: kind as Selection['kind'], id: id.join(':'), ...(isOther && { of: 'other' as const }) } : null;
}

function distinct(values: string[]): string[] {
  return [...new Set(values.filter((value) => value !== ''))];
}
