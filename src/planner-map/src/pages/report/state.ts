import { computed, signal } from '@preact/signals';
import type { Named } from '../../api';
import { resource } from '../../resource';
import type { Place } from '../small-map';
import { datumOf } from './datum';
import { add } from './queue';

/** Where the problem is, in the datum of the page. */
export interface Spot {
  place: Place;
  /** How far off it may be, meters; null for a tap on the map. */
  accuracyMeters: number | null;
}

const found = datumOf(location.search, navigator.userAgent);

export const datum = signal(found.datum);
export const datumBecause = found.because;
export const spot = signal<Spot | null>(null);
export const locating = signal<'no' | 'yes' | 'failed'>('no');
export const category = signal<string | null>(null);
export const severity = signal<number | null>(null);
export const note = signal('');
export const photo = signal<Blob | null>(null);

/** How the report came to be, for the statistics: a walk of an inspector, unless the address says otherwise. */
const source = new URLSearchParams(location.search).get('source') || 'patrol';

/** Where the wards are. */
export const bounds = resource<{ bounds?: [number, number, number, number] }>(() => `tiles/wards.json${datum.value === 'GCJ02' ? '?crs=GCJ02' : ''}`);

/** The wards that hold the place, the outermost first. */
export const wardsAt = resource<{ features: { properties: Named }[] }>(() => {
  const at = spot.value?.place;
  return at ? `api/wards/at?lon=${at[0].toFixed(6)}&lat=${at[1].toFixed(6)}${datum.value === 'GCJ02' ? '&crs=GCJ02' : ''}` : null;
});

export const complete = computed(() => spot.value !== null && category.value !== null);

/** Another datum means another place for the same numbers: a tap on the map of before counts no more. */
export function changeDatum(next: typeof datum.value): void {
  if (spot.value?.accuracyMeters === null) {
    spot.value = null;
  }
  datum.value = next;
}

export function locate(): void {
  locating.value = 'yes';
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      spot.value = { place: [coords.longitude, coords.latitude], accuracyMeters: coords.accuracy };
      locating.value = 'no';
    },
    () => (locating.value = 'failed'),
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: 10_000 },
  );
}

/** Keeps the report on the device and empties the form for the next one. */
export async function report(): Promise<void> {
  const now = new Date().toISOString();
  const { place, accuracyMeters } = spot.value!;
  await add({
    id: crypto.randomUUID(),
    made: now,
    crs: datum.value === 'GCJ02' ? 'GCJ02' : null,
    place: [place[0], place[1]],
    properties: {
      category: category.value!,
      source,
      reported_at: now,
      ...(severity.value !== null && { severity: severity.value }),
      ...(note.value.trim() !== '' && { description: note.value.trim() }),
      ...(accuracyMeters !== null && { accuracy_meters: Math.round(accuracyMeters) }),
    },
    photo: photo.value,
    issue: null,
    refused: null,
  });
  spot.value = null;
  category.value = null;
  severity.value = null;
  note.value = '';
  photo.value = null;
}
