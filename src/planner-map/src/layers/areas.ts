import type { Feature, FeatureCollection, MultiLineString, Polygon } from 'geojson';
import type { CellProperties } from '../api';

/**
 * Outlines of areas of hot and of cold cells: of all sides of the cells those that are not shared by two of a kind, joined into lines.
 * @param cells Significant cells; neighbors share corners to the last digit.
 */
export function areasOf(cells: readonly Feature<Polygon, CellProperties>[]): FeatureCollection<MultiLineString, { kind: 'hot' | 'cold' }> {
  const areas = (['hot', 'cold'] as const).map((kind): Feature<MultiLineString, { kind: 'hot' | 'cold' }> => {
    const ofKind = cells.filter((cell) => (kind === 'hot' ? cell.properties.class > 0 : cell.properties.class < 0));
    return { type: 'Feature', properties: { kind }, geometry: { type: 'MultiLineString', coordinates: outline(ofKind.map((cell) => cell.geometry.coordinates[0]!)) } };
  });
  return { type: 'FeatureCollection', features: areas };
}

function outline(rings: readonly (readonly number[][])[]): number[][][] {
  const places = new Map<string, number[]>();
  // From each corner to the next ones, along sides that the rings run through one way only.
  const next = new Map<string, string[]>();
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [from, to] = [keyOf(ring[i - 1]!), keyOf(ring[i]!)];
      places.set(from, ring[i - 1]!);
      const back = next.get(to);
      if (back?.includes(from)) {
        back.splice(back.indexOf(from), 1);
      } else {
        next.set(from, [...(next.get(from) ?? []), to]);
      }
    }
  }
  const lines: number[][][] = [];
  for (const [start, ends] of next) {
    while (ends.length > 0) {
      const line = [places.get(start)!];
      for (let at = ends.pop(); at !== undefined; at = next.get(at)?.pop()) {
        line.push(places.get(at)!);
      }
      lines.push(line);
    }
  }
  return lines;
}

/** Corners are the same when they agree to a decimeter. */
function keyOf([lon, lat]: number[]): string {
  return `${Math.round(lon! * 1e6)},${Math.round(lat! * 1e6)}`;
}
