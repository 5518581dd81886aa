import { computed } from '@preact/signals';
import type { FeatureCollection, Geometry } from 'geojson';
import { getAllFeatures, type Named, type NamedCount } from './api';
import { shift } from './base-maps';
import { resource } from './resource';

export interface Ward extends Named {
  level: string;
  /** Code of the ward around it. */
  parent: string | null;
  responsible: string | null;
}

/** Wards of the same depth in the tree, as the map draws them. */
export interface WardLevel {
  /** What they are called: "subdistrict", "town". */
  names: readonly string[];
  /** From this zoom on its borders are drawn. */
  zoom: number;
}

/** All wards in force, without their outlines. */
export const wardAnswer = resource<FeatureCollection<Geometry | null, Ward>>(() => 'api/wards?geometry=none&limit=10000', getAllFeatures);

/** Where the wards are: west, south, east, north, degrees. */
export const wardTiles = resource<{ bounds?: [number, number, number, number] }>(() => `tiles/wards.json${shift.value && `?${shift.value}`}`);

export interface WardNode extends Ward {
  /** 0 for the outermost. */
  depth: number;
  children: WardNode[];
}

/** The wards as trees, the outermost first, and each by its code. */
export const wardTree = computed(() => treeOf(wardAnswer.value.value?.features.map((f) => f.properties) ?? []));

/** The levels from the outermost, each from the zoom at which its wards are wide enough to be told apart. */
export const wardLevels = computed<WardLevel[]>(() => {
  const bounds = wardTiles.value.value?.bounds;
  return bounds ? levelsOf([...wardTree.value.byCode.values()], bounds) : [];
});

export function treeOf(wards: readonly Ward[]): { roots: WardNode[]; byCode: ReadonlyMap<string, WardNode> } {
  const byCode = new Map(wards.map((ward): [string, WardNode] => [ward.code, { ...ward, depth: 0, children: [] }]));
  const roots: WardNode[] = [];
  for (const node of byCode.values()) {
    const parent = node.parent === null ? undefined : byCode.get(node.parent);
    (parent ? parent.children : roots).push(node);
  }
  const deepen = (nodes: WardNode[], depth: number): void => {
    for (const node of nodes) {
      node.depth = depth;
      deepen(node.children, depth + 1);
    }
  };
  deepen(roots, 0);
  return { roots, byCode };
}

/** Names of the wards around one, from the outermost to itself. */
export function chainOf(code: string, byCode: ReadonlyMap<string, WardNode>): WardNode[] {
  const chain: WardNode[] = [];
  for (let node = byCode.get(code); node; node = node.parent === null ? undefined : byCode.get(node.parent)) {
    chain.unshift(node);
  }
  return chain;
}

/**
 * The innermost ward that holds at least half of what is counted: the name of a place that spreads over several wards.
 * @param counts Wards that do not lie within each other, with what each holds.
 */
export function placeOf(counts: readonly NamedCount[], byCode: ReadonlyMap<string, WardNode>): Named | null {
  const total = counts.reduce((sum, ward) => sum + ward.count, 0);
  const sums = new Map<WardNode, number>();
  for (const { code, count } of counts) {
    for (const ward of chainOf(code, byCode)) {
      sums.set(ward, (sums.get(ward) ?? 0) + count);
    }
  }
  const holding = [...sums].filter(([, count]) => count >= total / 2).map(([ward]) => ward);
  return holding.sort((a, b) => b.depth - a.depth)[0] ?? counts[0] ?? null;
}

export function levelsOf(wards: readonly WardNode[], [west, south, east, north]: [number, number, number, number]): WardLevel[] {
  const widePixels = 70;
  const metersPerDegree = 111_320;
  const flattening = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const areaSquareMeters = (east - west) * flattening * (north - south) * metersPerDegree ** 2;
  const metersPerPixelAtZero = (40_075_017 * flattening) / 512;
  const depths: { names: Set<string>; count: number }[] = [];
  for (const ward of wards) {
    const depth = (depths[ward.depth] ??= { names: new Set(), count: 0 });
    depth.names.add(ward.level);
    depth.count++;
  }
  return depths.map(({ names, count }, depth) => {
    const widthMeters = Math.sqrt(areaSquareMeters / count);
    const zoom = Math.log2((metersPerPixelAtZero * widePixels) / widthMeters);
    // A name that occurs at several depths belongs to the outermost.
    const own = [...names].filter((name) => !depths.slice(0, depth).some((outer) => outer.names.has(name)));
    return { names: own, zoom: depth === 0 ? 0 : Math.min(Math.max(zoom, 0), 17) };
  });
}
