import { signal } from '@preact/signals';

/** What the map shows beside the panels that lie over it: west, south, east, north, degrees; null as long as there is no map. */
export const shownBounds = signal<readonly [number, number, number, number] | null>(null);
