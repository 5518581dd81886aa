import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { font } from './layer';

/** What a style of others adds to the map. */
export interface Embedded {
  sources: [id: string, source: SourceSpecification][];
  layers: LayerSpecification[];
  /** Sets of icons and patterns; an image is named by its set and its own name. */
  sprites: [id: string, address: string][];
}

const set = 'base-map';
const prefix = `${set}:`;

/**
 * A style of others, to be drawn below everything else. A map has one kind of letters, so names are written in those of the page; icons and patterns go by longer names.
 * @param style As it was loaded.
 * @param address From where; addresses in it may be relative.
 * @param hosts Those that may be asked: icons and patterns of others are left out.
 */
export function embedded(style: StyleSpecification, address: string, hosts: string[]): Embedded {
  const asked = typeof style.sprite === 'string' ? [{ id: '', url: style.sprite }] : (style.sprite ?? []);
  const sprites = asked
    .map(({ id, url }): Embedded['sprites'][number] => [id === '' || id === 'default' ? set : prefix + id, absolute(url, address)])
    .filter(([, url]) => hosts.includes(new URL(url).origin));
  const ofImages = sprites.length === 0 ? /^icon-|-pattern$/ : /(?!)/;
  const sources = Object.entries(style.sources).flatMap(([id, source]): Embedded['sources'] =>
    source.type === 'vector' || source.type === 'raster' ? [[prefix + id, placed(source, address)]] : [],
  );
  const known = new Set(sources.map(([id]) => id));
  const layers = style.layers.flatMap((layer): LayerSpecification[] => {
    const renamed = { ...layer, id: prefix + layer.id, ...('source' in layer && { source: prefix + layer.source }) } as LayerSpecification;
    if ('source' in renamed && !known.has(renamed.source as string)) {
      return [];
    }
    switch (renamed.type) {
      case 'background':
      case 'fill':
      case 'line':
        return [{ ...renamed, paint: withNames(without(renamed.paint, ofImages)) } as LayerSpecification];
      case 'circle':
      case 'raster':
        return [renamed];
      case 'symbol':
        return renamed.layout?.['text-field'] === undefined && (sprites.length === 0 || renamed.layout?.['icon-image'] === undefined)
          ? []
          : [{ ...renamed, layout: { ...withNames(without(renamed.layout, ofImages)), 'text-font': font }, paint: without(renamed.paint, ofImages) } as LayerSpecification];
      default:
        return [];
    }
  });
  return { sources, layers, sprites };
}

function placed<T extends SourceSpecification>(source: T, address: string): T {
  const full = (path: string): string => absolute(path, address);
  return { ...source, ...('url' in source && source.url && { url: full(source.url as string) }), ...('tiles' in source && source.tiles && { tiles: source.tiles.map(full) }) };
}

/** Not by the URL alone, which would escape the braces of a tile's template. */
function absolute(path: string, address: string): string {
  return /^https?:/.test(path) ? path : decodeURI(new URL(path, address).href);
}

/** Properties in which images go by the names that they have here. */
function withNames(properties: object): object {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, name === 'icon-image' || name.endsWith('-pattern') ? imageName(value) : value]));
}

/** A name of an image, or an expression or function that results in one, with the set before it. */
export function imageName(value: unknown): unknown {
  if (typeof value === 'string') {
    return value === '' ? '' : prefix + value;
  }
  if (!Array.isArray(value)) {
    const { stops, default: other } = (value ?? {}) as { stops?: [unknown, unknown][]; default?: unknown };
    return stops ? { ...(value as object), stops: stops.map(([at, name]) => [at, imageName(name)]), ...(other !== undefined && { default: imageName(other) }) } : value;
  }
  const [operator, ...rest] = value as [string, ...unknown[]];
  const results = (isResult: (i: number) => boolean): unknown[] => [operator, ...rest.map((part, i) => (isResult(i) ? imageName(part) : part))];
  switch (operator) {
    case 'image':
    case 'coalesce':
    case 'to-string':
      return results(() => true);
    case 'case':
      return results((i) => i % 2 === 1 || i === rest.length - 1);
    case 'match':
      return results((i) => i > 0 && (i % 2 === 0 || i === rest.length - 1));
    case 'step':
      return results((i) => i % 2 === 1);
    case 'let':
      return results((i) => i === rest.length - 1);
    default:
      return ['concat', prefix, value];
  }
}

function without(properties: object | undefined, names: RegExp): object {
  return Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => !names.test(name)));
}

/** The addresses that a template with {0-7} in its host stands for. */
export function addressesOf(template: string): string[] {
  const [whole, from, to] = /\{(\d)-(\d)\}/.exec(template) ?? [];
  return whole === undefined ? [template] : Array.from({ length: +to! - +from! + 1 }, (_, i) => template.replace(whole, `${+from! + i}`));
}
