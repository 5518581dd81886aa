import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { font } from './layer';

/** What a style of others adds to the map. */
export interface Embedded {
  sources: [id: string, source: SourceSpecification][];
  layers: LayerSpecification[];
}

const prefix = 'base-map:';

/**
 * The shapes, lines and names of a style of others, to be drawn below everything else. A map has one set of icons and letters, so icons and patterns are left out and
 * names are written in the letters of the page.
 * @param style As it was loaded.
 * @param address From where; addresses in it may be relative.
 */
export function embedded(style: StyleSpecification, address: string): Embedded {
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
        return [{ ...renamed, paint: without(renamed.paint, /-pattern$/) } as LayerSpecification];
      case 'circle':
      case 'raster':
        return [renamed];
      case 'symbol':
        return renamed.layout?.['text-field'] === undefined
          ? []
          : [{ ...renamed, layout: { ...without(renamed.layout, /^icon-/), 'text-font': font }, paint: without(renamed.paint, /^icon-/) } as LayerSpecification];
      default:
        return [];
    }
  });
  return { sources, layers };
}

function placed<T extends SourceSpecification>(source: T, address: string): T {
  // Not by the URL alone, which would escape the braces of a tile's template.
  const full = (path: string): string => (/^https?:/.test(path) ? path : decodeURI(new URL(path, address).href));
  return { ...source, ...('url' in source && source.url && { url: full(source.url as string) }), ...('tiles' in source && source.tiles && { tiles: source.tiles.map(full) }) };
}

function without(properties: object | undefined, names: RegExp): object {
  return Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => !names.test(name)));
}

/** The addresses that a template with {0-7} in its host stands for. */
export function addressesOf(template: string): string[] {
  const [whole, from, to] = /\{(\d)-(\d)\}/.exec(template) ?? [];
  return whole === undefined ? [template] : Array.from({ length: +to! - +from! + 1 }, (_, i) => template.replace(whole, `${+from! + i}`));
}
