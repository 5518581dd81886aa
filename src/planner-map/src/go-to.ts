import { signal } from '@preact/signals';
import type { Feature, MultiPolygon, Polygon } from 'geojson';
import { getJson } from './api';
import { boxOf, type Box } from './area';
import { shift } from './base-maps';
import { changeFilter, filter } from './view';

/** Where the map is to look next: west, south, east, north, degrees. The map takes it away. */
export const goal = signal<Box | null>(null);

/** So many wards are still one place to look at. */
const mostWards = 20;

let asked = new AbortController();

/** Filters by wards, and moves the map to them; where none is left, it stays. */
export async function chooseWards(codes: readonly string[]): Promise<void> {
  const more = codes.some((code) => !filter.peek().wards.includes(code)) || codes.length < filter.peek().wards.length;
  changeFilter({ wards: codes });
  asked.abort();
  asked = new AbortController();
  if (!more || codes.length === 0 || codes.length > mostWards) {
    return;
  }
  const { signal: ended } = asked;
  try {
    const wards = await Promise.all(codes.map((code) => getJson<Feature<Polygon | MultiPolygon>>(`api/wards/${encodeURIComponent(code)}${shift.peek() && `?${shift.peek()}`}`, ended)));
    goal.value = boxOf(wards.map((ward) => ward.geometry));
  } catch {
    // The filter holds all the same; what fails with it says so.
  }
}
