import type { Box } from './area';
import type { Edges } from './edges';
import type { Camera } from './view';

/** Pixels of the world's side at zoom 0. */
const worldPixels = 512;

/** A tile as a map at rest shows it. */
export interface TileInView {
  z: number;
  x: number;
  y: number;
  /** Where its upper left corner lies, pixels from the middle of the map. */
  left: number;
  top: number;
  side: number;
}

/** Zoom of the heatmap's tiles, which are as wide as the map counts. */
export function heatmapZoomOf(zoom: number): number {
  return Math.min(Math.round(zoom), 17);
}

/** Where to look from to see a box between the panels, as large as fits. */
export function cameraOf([west, south, east, north]: Box, width: number, height: number, { top, right, bottom, left }: Edges): Camera {
  const [x, y] = [(xOf(west) + xOf(east)) / 2, (yOf(north) + yOf(south)) / 2];
  const [across, down] = [Math.max(1, width - left - right) / (xOf(east) - xOf(west)), Math.max(1, height - top - bottom) / (yOf(south) - yOf(north))];
  const zoom = Math.min(19, Math.log2(Math.min(across, down) / worldPixels));
  const scale = worldPixels * 2 ** zoom;
  return { lon: 360 * (x + (right - left) / 2 / scale) - 180, lat: latOf(y + (bottom - top) / 2 / scale), zoom };
}

/** The tiles of the heatmap that are seen. */
export function tilesInView({ lon, lat, zoom }: Camera, width: number, height: number): TileInView[] {
  const z = heatmapZoomOf(zoom);
  const side = worldPixels * 2 ** (zoom - z);
  const [x, y] = [xOf(lon) * 2 ** z, yOf(lat) * 2 ** z];
  const tiles: TileInView[] = [];
  for (const row of between(y, height / 2 / side, z)) {
    for (const column of between(x, width / 2 / side, z)) {
      tiles.push({ z, x: column, y: row, left: (column - x) * side, top: (row - y) * side, side });
    }
  }
  return tiles;
}

/** Rows or columns of tiles within a reach of a place, in tiles. */
function between(middle: number, reach: number, z: number): number[] {
  const [first, last] = [Math.max(0, Math.floor(middle - reach)), Math.min(2 ** z - 1, Math.floor(middle + reach))];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

function xOf(lon: number): number {
  return (lon + 180) / 360;
}

function yOf(lat: number): number {
  const sine = Math.sin((Math.min(85.05, Math.max(-85.05, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

function latOf(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}
