import { computed } from '@preact/signals';
import type { Feature, FeatureCollection, Geometry, Polygon } from 'geojson';
import { formatFilter } from '../address';
import { shift } from '../base-maps';
import type { Issue, Issues, Named, Summary } from '../api';
import { cells, circles, clock, clusters, filtered, patterns } from '../data';
import { datetimeOf } from '../period';
import { resource } from '../resource';
import { filter, selection } from '../view';

/** One line of an issue's history. */
export interface IssueEvent {
  id: number;
  at: string;
  actor: string;
  kind: string;
  from_status: string | null;
  to_status: string | null;
  note: string | null;
}

/** As many issues of a place are listed at most. */
export const mostListed = 100;

const issueId = computed(() => (selection.value?.kind === 'issue' ? encodeURIComponent(selection.value.id) : null));

/** The selected issue. */
export const issueDetails = resource<Issue>(() => issueId.value && `api/issues/${issueId.value}${shift.value && `?${shift.value}`}`);

/** Its history. */
export const issueEvents = resource<{ events: IssueEvent[] }>(() => issueId.value && `api/issues/${issueId.value}/events`);

/** The selected cell, cluster or circle. */
export const selectedArea = computed<Feature<Polygon> | null>(() => {
  const selected = selection.value;
  switch (selected?.kind) {
    case 'cell':
      return cells.value.value?.features.find((f) => f.properties.cell === selected.id) ?? null;
    case 'pattern':
      return patterns.value.value?.features.find((f) => f.properties.cell === selected.id) ?? null;
    case 'cluster':
      return clusters.value.value?.features.find((f) => String(f.properties.cluster) === selected.id) ?? null;
    case 'circle':
      return circles.value.value?.features.find((f) => String(f.properties.rank) === selected.id) ?? null;
    default:
      return null;
  }
});

/** The wards that hold the middle of the selected place, from the outermost. */
export const wardsAround = resource<FeatureCollection<Geometry | null, Named>>(() => {
  if (selection.value?.kind === 'cluster' || !selectedArea.value) {
    return null;
  }
  const [west, south, east, north] = boxOf(selectedArea.value.geometry);
  return `api/wards/at?lon=${(west + east) / 2}&lat=${(south + north) / 2}&geometry=none${shift.value && `&${shift.value}`}`;
});

/** The present filter with the selected ward in place of its own. */
const wardQuery = computed(() => {
  const selected = selection.value;
  if (selected?.kind !== 'ward') {
    return null;
  }
  const { period } = filter.value;
  const known = clock.value;
  return period.kind !== 'all' && !known ? null : formatFilter({ ...filter.value, wards: [selected.id] }, known && datetimeOf(period, known.lastDay, known.zone));
});

/** Numbers of the selected ward. */
export const wardNumbers = resource<Summary>(() => wardQuery.value && `api/issues/summary?${wardQuery.value}`);

/** Issues in the selected cell, cluster or ward under the present filter, latest first. */
export const issuesThere = resource<Issues>(() => {
  const own = `sortby=-reported_at&limit=${mostListed}`;
  if (wardQuery.value) {
    return `api/issues?${own}&${wardQuery.value}`;
  }
  if (selectedArea.value && shift.value) {
    // A box is always one of WGS 84; a shape may be a shifted one.
    const ring = selectedArea.value.geometry.coordinates[0]!.map((at) => at.join(' ')).join(', ');
    const inside = new URLSearchParams({ filter: `S_INTERSECTS(geometry, POLYGON((${ring})))`, 'filter-crs': 'GCJ02' });
    return filtered('api/issues', `${inside}&${shift.value}&${own}`);
  }
  return selectedArea.value && filtered('api/issues', `bbox=${boxOf(selectedArea.value.geometry).join(',')}&${own}`);
});

/** West, south, east, north of a polygon. */
export function boxOf({ coordinates }: Polygon): [number, number, number, number] {
  const lons = coordinates[0]!.map(([lon]) => lon!);
  const lats = coordinates[0]!.map(([, lat]) => lat!);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** Whether a place is inside a polygon without holes: a ray from it crosses the outline an odd number of times. */
export function isInside([lon, lat]: readonly number[], { coordinates }: Polygon): boolean {
  const ring = coordinates[0]!;
  let inside = false;
  for (let i = 0, before = ring.length - 1; i < ring.length; before = i++) {
    const [xi, yi] = ring[i] as [number, number];
    const [xb, yb] = ring[before] as [number, number];
    if (yi > lat! !== yb > lat! && lon! < ((xb - xi) * (lat! - yi)) / (yb - yi) + xi) {
      inside = !inside;
    }
  }
  return inside;
}
