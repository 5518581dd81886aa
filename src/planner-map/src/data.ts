import { computed, signal } from '@preact/signals';
import type { Polygon } from 'geojson';
import { getJson, type Cells, type Circles, type Clusters, type Contours, type HeatmapLegend, type Patterns, type Summary } from './api';
import { formatFilter } from './address';
import { heatmapZoomOf } from './camera';
import { clock, overview, summaryPath } from './clock';
import { groundKnown, shift, shiftedCrs } from './base-maps';
import { isDark } from './colors';
import { shownLevel } from './figures';
import { circleParameters, patternParameters } from './methods';
import { datetimeOf, daysOf, type Period } from './period';
import type { ScorecardList } from './pages/wards/scorecards';
import { resource, type Resource } from './resource';
import { getAfter } from './turns';
import { camera, choices, comparison, filter, layers, selection, type Filter } from './view';

export { clock, overview };

/** What takes long is not computed anew with every issue that comes in. */
const longRestSeconds = 60;

/**
 * A filter as the API takes it, for the issues within some shapes. Follows signals.
 * @returns Null without a filter, and as long as what it needs is not known: the clock for its period, what the map lies on for its area.
 */
export function queryOf(wanted: Filter | null, shapes: readonly Polygon[] = []): string | null {
  if (!wanted || (wanted.area && !groundKnown.value)) {
    return null;
  }
  if (wanted.period.kind === 'all') {
    return formatFilter(wanted, null, shapes, shiftedCrs.value);
  }
  return clock.value && formatFilter(wanted, datetimeOf(wanted.period, clock.value.lastDay, clock.value.zone), shapes, shiftedCrs.value);
}

/** What the server answers to one filter. */
export type Answers = ReturnType<typeof answersTo>;

/**
 * @param wanted Null as long as nothing is to be asked.
 * @param beside A period that the colors of the heatmap hold for too; null where there is none.
 */
export function answersTo(wanted: () => Filter | null, beside: () => Period | null) {
  const query = computed(() => queryOf(wanted()));

  /** A path with the filter behind it, and before it any parameters of its own; for the issues within some shapes. */
  function filtered(path: string, own = '', ...shapes: readonly Polygon[]): string | null {
    const asked = shapes.length === 0 ? query.value : queryOf(wanted(), shapes);
    const all = asked === null ? null : [own, asked].filter((part) => part !== '').join('&');
    return all === null ? null : all === '' ? path : `${path}?${all}`;
  }

  /** The same for what has shapes, which lie as the base map does; null as long as that is not known. */
  function shaped(path: string, own = ''): string | null {
    return groundKnown.value ? filtered(path, [own, shift.value].filter((part) => part !== '').join('&')) : null;
  }

  /** The heatmap's own parameters: how wide an issue spreads (15 pixels of 256, so 30 of its tiles), what it is laid on, and what its scale holds for. */
  const heatmapStyle = computed(() => {
    const period = beside();
    const datetime = period && (period.kind === 'all' ? '../..' : clock.value && datetimeOf(period, clock.value.lastDay, clock.value.zone));
    return ['radius_px=15', isDark.value ? 'background=dark' : '', datetime ? `scale_datetime=${encodeURIComponent(datetime)}` : ''].filter((part) => part !== '').join('&');
  });

  /** Whether the heatmap that was asked for last is drawn, or none is to be seen: then there is time for what takes longer. */
  const pictured = signal(false);

  /** How many days the period has, from the first report on where it is open; null as long as that is not known. */
  const days = computed<number | null>(() => {
    const now = wanted();
    if (!now || !clock.value) {
      return null;
    }
    const { from, to } = daysOf(now.period, clock.value.lastDay);
    return Math.round((Date.parse(to ?? clock.value.lastDay) - Date.parse(from ?? clock.value.firstDay)) / 86_400_000) + 1;
  });

  // The first numbers do not wait: there is nothing yet that could stand in their place.
  const summary: Resource<Summary> = resource<Summary>(
    () => filtered(summaryPath),
    getAfter(() => pictured.value || summary.peek().value === null),
    0,
    { path: summaryPath, answer: overview },
  );
  const cells = resource<Cells>(() => shaped('api/hotspots/gi-star', 'output=significant'), getAfter(() => pictured.value));
  return {
    query,
    filtered,
    shaped,
    heatmapStyle,
    heatmapTiles: computed(() => shaped('tiles/heatmap/{z}/{x}/{y}.png', heatmapStyle.value)),
    days,
    pictured,
    summary,
    cells,
    clusters: resource<Clusters>(() => shaped('api/hotspots/clusters'), getAfter(() => pictured.value && !cells.value.loading)),
    contours: resource<Contours>(() => (layers.value.density.shown ? shaped('api/hotspots/density') : null)),
    scorecards: resource<ScorecardList>(() =>
      layers.value.figures.shown && shownLevel.value ? filtered('api/scorecards', `level=${encodeURIComponent(shownLevel.value)}`) : null,
    ),
    // These two take long; they are asked for only by whoever wants to see them.
    patterns: resource<Patterns>(() => (layers.value.patterns.shown && days.value ? shaped('api/hotspots/emerging', patternParameters(days.value)) : null), getJson, longRestSeconds),
    circles: resource<Circles>(
      () => (layers.value.circles.shown && days.value ? shaped('api/hotspots/scan', circleParameters(choices.value.circles, days.value)) : null),
      getJson,
      longRestSeconds,
    ),
    heatmapLegend: resource<HeatmapLegend>(() =>
      layers.value.heatmap.shown && heatmapZoom.value !== null ? filtered(`tiles/heatmap/${heatmapZoom.value}/legend.json`, heatmapStyle.value) : null,
    ),
  };
}

const heatmapZoom = computed(() => (camera.value ? heatmapZoomOf(camera.value.zoom) : null));

/** The answers to the filter of the page. */
export const main = answersTo(
  () => filter.value,
  () => comparison.value && comparison.value.period,
);
export const { query, filtered, summary, cells, clusters, contours, patterns, circles, heatmapLegend } = main;

/** The answers for the second period; none are asked for while there is none. */
export const other = answersTo(
  () => comparison.value && { ...filter.value, period: comparison.value.period },
  () => filter.value.period,
);

/** The answers of the map on which something is selected. */
export const chosen = computed<Answers>(() => (selection.value?.of === 'other' && comparison.value ? other : main));

const waitingMaps = signal<ReadonlySet<object>>(new Set());

/** Whether a map waits for tiles. */
export const mapLoading = computed(() => waitingMaps.value.size > 0);

export function tellLoading(map: object, loading: boolean): void {
  const waiting = waitingMaps.peek();
  if (waiting.has(map) !== loading) {
    waitingMaps.value = new Set(loading ? [...waiting, map] : [...waiting].filter((m) => m !== map));
  }
}

/** What the map could not load, in the words of whoever failed; null when all is well. */
export const mapError = signal<string | null>(null);
