import { computed } from '@preact/signals';
import { polygonOf } from './area';
import type { Summary } from './api';
import { shift } from './base-maps';
import { chosen, filtered, other, queryOf } from './data';
import { selectedArea } from './panels/details-answers';
import { resource } from './resource';
import { shownBounds } from './shown';
import { choices, comparison, filter, selection } from './view';

/**
 * A path with the parameters of the place that the panel tells about: the selected ward, cell, cluster, circle or drawn area, or what the map shows; always under the
 * present filter. Null as long as that is not known, or where there is no such place.
 * @param own Parameters of the path itself.
 */
export function atPlace(path: string, own = ''): string | null {
  const selected = selection.value;
  if (selected?.kind === 'ward') {
    const { period } = chosen.value === other ? comparison.value! : filter.value;
    const query = queryOf({ ...filter.value, wards: [selected.id], period });
    return query === null ? null : `${path}?${join(own, query)}`;
  }
  if (selected) {
    return selectedArea.value && chosen.value.filtered(path, own, selectedArea.value.geometry);
  }
  if (choices.value.numbers !== 'map' || !shownBounds.value) {
    return null;
  }
  const [west, south, east, north] = shownBounds.value;
  // A box is always one of WGS 84; a shape may be a shifted one.
  return shift.value
    ? filtered(path, own, polygonOf([[west, south], [east, south], [east, north], [west, north]]))
    : filtered(path, join(own, `bbox=${shownBounds.value.map((n) => +n.toFixed(5)).join(',')}`));
}

const summaryPath = computed(() => atPlace('api/issues/summary'));

/** Numbers of the place. */
export const placeSummary = resource<Summary>(() => summaryPath.value);

/** The list of the issues of the place, or of all that the filter leaves where no place is meant. */
export function listPath(own: string): string | null {
  const isEverything = selection.value === null && choices.value.numbers === 'filter';
  const placed = join(own, shift.value);
  return isEverything ? filtered('api/issues', placed) : atPlace('api/issues', placed);
}

function join(...parts: string[]): string {
  return parts.filter((part) => part !== '').join('&');
}
