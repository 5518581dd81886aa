import { computed } from '@preact/signals';
import type { Feature, FeatureCollection, Geometry, Polygon } from 'geojson';
import { getTagged, type Issue, type Named } from '../api';
import { boxOf, parseArea, polygonOf } from '../area';
import { shift } from '../base-maps';
import { chosen } from '../data';
import { resource } from '../resource';
import { selection } from '../view';

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

/** A photo or paper of an issue. */
export interface Attachment {
  id: number;
  name: string;
  media_type: string;
}

const issueId = computed(() => (selection.value?.kind === 'issue' ? encodeURIComponent(selection.value.id) : null));

/** The selected issue, with the tag of its version. */
export const issueDetails = resource<Issue & { etag: string | null }>(() => issueId.value && `api/issues/${issueId.value}${shift.value && `?${shift.value}`}`, getTagged);

/** Its history. */
export const issueEvents = resource<{ events: IssueEvent[] }>(() => issueId.value && `api/issues/${issueId.value}/events`);

/** Its photos and papers. */
export const issuePhotos = resource<{ attachments: Attachment[] }>(() => issueId.value && `api/issues/${issueId.value}/attachments`);

/** The selected cell, cluster, circle or drawn area. */
export const selectedArea = computed<Feature<Polygon> | null>(() => {
  const selected = selection.value;
  const { cells, patterns, clusters, circles } = chosen.value;
  switch (selected?.kind) {
    case 'cell':
      return cells.value.value?.features.find((f) => f.properties.cell === selected.id) ?? null;
    case 'pattern':
      return patterns.value.value?.features.find((f) => f.properties.cell === selected.id) ?? null;
    case 'cluster':
      return clusters.value.value?.features.find((f) => String(f.properties.cluster) === selected.id) ?? null;
    case 'circle':
      return circles.value.value?.features.find((f) => String(f.properties.rank) === selected.id) ?? null;
    case 'area': {
      const corners = parseArea(selected.id);
      return corners && { type: 'Feature', properties: {}, geometry: polygonOf(corners) };
    }
    default:
      return null;
  }
});

/** The wards that hold the middle of the selected place, from the outermost. */
export const wardsAround = resource<FeatureCollection<Geometry | null, Named>>(() => {
  if (selection.value?.kind === 'cluster' || !selectedArea.value) {
    return null;
  }
  const [west, south, east, north] = boxOf([selectedArea.value.geometry]);
  return `api/wards/at?lon=${(west + east) / 2}&lat=${(south + north) / 2}&geometry=none${shift.value && `&${shift.value}`}`;
});
