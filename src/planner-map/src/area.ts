import type { MultiPolygon, Polygon } from 'geojson';

/** Longitude, latitude, degrees. */
export type Corner = readonly [number, number];

/** West, south, east, north, degrees. */
export type Box = [number, number, number, number];

export const fewestCorners = 3;

/** How the page's address writes an area: "112.61,32.4_112.7,32.4_112.7,32.45". Five decimals are a meter. */
export function formatArea(corners: readonly Corner[]): string {
  return corners.map(([lon, lat]) => `${+lon.toFixed(5)},${+lat.toFixed(5)}`).join('_');
}

/** Undoes {@link formatArea}; null for what is no area. */
export function parseArea(text: string): Corner[] | null {
  const corners = text.split('_').map((part) => part.split(',').map((n) => (n === '' ? NaN : Number(n))));
  const areCorners = corners.length >= fewestCorners && corners.every(([lon, lat, ...more]) => Math.abs(lon!) <= 180 && Math.abs(lat!) <= 90 && more.length === 0);
  return areCorners && !crosses(corners as unknown as Corner[]) ? (corners as unknown as Corner[]) : null;
}

export function polygonOf(corners: readonly Corner[]): Polygon {
  return { type: 'Polygon', coordinates: [[...corners, corners[0]!].map(([lon, lat]) => [lon, lat])] };
}

/** The condition of CQL2 that an issue lies in a polygon. */
export function conditionOf({ coordinates }: Polygon): string {
  const ring = coordinates.map((line) => `(${line.map(([lon, lat]) => `${+lon!.toFixed(6)} ${+lat!.toFixed(6)}`).join(',')})`).join(',');
  return `S_INTERSECTS(geometry,POLYGON(${ring}))`;
}

/** The box around some areas. */
export function boxOf(areas: readonly (Polygon | MultiPolygon)[]): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const area of areas) {
    for (const [lon, lat] of (area.type === 'Polygon' ? [area.coordinates] : area.coordinates).flatMap((rings) => rings[0] ?? [])) {
      [box[0], box[1], box[2], box[3]] = [Math.min(box[0], lon!), Math.min(box[1], lat!), Math.max(box[2], lon!), Math.max(box[3], lat!)];
    }
  }
  return box;
}

/** Whether sides of an outline cross each other: then nobody can say what is inside. */
export function crosses(corners: readonly Corner[]): boolean {
  const n = corners.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      // The last side and the first one meet in a corner.
      if (!(i === 0 && j === n - 1) && cut(corners[i]!, corners[(i + 1) % n]!, corners[j]!, corners[(j + 1) % n]!)) {
        return true;
      }
    }
  }
  return false;
}

function cut(a: Corner, b: Corner, c: Corner, d: Corner): boolean {
  const side = (p: Corner, q: Corner, r: Corner): number => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}
