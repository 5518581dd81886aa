import { computed, signal } from '@preact/signals';
import type { Cells, Clusters, Contours, HeatmapLegend, Summary } from './api';
import { formatFilter } from './address';
import { isDark } from './colors';
import { datetimeOf, dayIn } from './period';
import { resource } from './resource';
import { camera, filter, layers } from './view';

/** Numbers of all issues: what there is, from when to when, in which time zone. */
export const overview = resource<Summary>(() => 'api/issues/summary');

/** The day of the latest report, from which "the last 30 days" are counted back; and the city's time zone. */
export const clock = computed(() => {
  const all = overview.value.value;
  return all && { zone: all.time_zone, lastDay: dayIn(all.time_zone, all.last_reported ?? Date.now()) };
});

/** The filter as the API takes it; null as long as the clock that its period needs is not known. */
export const query = computed<string | null>(() => {
  const { period } = filter.value;
  if (period.kind === 'all') {
    return formatFilter(filter.value, null);
  }
  return clock.value && formatFilter(filter.value, datetimeOf(period, clock.value.lastDay, clock.value.zone));
});

/** A path with the filter behind it, and before it any parameters of its own. */
export function filtered(path: string, own = ''): string | null {
  const all = query.value === null ? null : [own, query.value].filter((part) => part !== '').join('&');
  return all === null ? null : all === '' ? path : `${path}?${all}`;
}

export const summary = resource<Summary>(() => filtered('api/issues/summary'));
export const cells = resource<Cells>(() => filtered('api/hotspots/gi-star', 'output=significant'));
export const clusters = resource<Clusters>(() => filtered('api/hotspots/clusters'));
export const contours = resource<Contours>(() => (layers.value.density.shown ? filtered('api/hotspots/density') : null));

/** How the heatmap is asked for, beside the filter. */
export const heatmapStyle = computed(() => (isDark.value ? 'background=dark' : ''));

/** Zoom of the heatmap's tiles, which are 256 pixels wide where the map counts in 512. */
const heatmapZoom = computed(() => (camera.value ? Math.min(Math.round(camera.value.zoom) + 1, 18) : null));

export const heatmapLegend = resource<HeatmapLegend>(() =>
  layers.value.heatmap.shown && heatmapZoom.value !== null ? filtered(`tiles/heatmap/${heatmapZoom.value}/legend.json`, heatmapStyle.value) : null,
);

/** Whether the map itself waits for tiles. */
export const mapLoading = signal(false);

/** What the map could not load, in the words of whoever failed; null when all is well. */
export const mapError = signal<string | null>(null);
