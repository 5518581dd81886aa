import { effect } from '@preact/signals';
import type { Map, StyleSpecification } from 'maplibre-gl';
import { baseMap, type BaseMap } from '../base-maps';
import { paletteOf } from '../colors';
import { mapError } from '../data';
import { layers } from '../view';
import { addressesOf, embedded, type Embedded } from './base-style';
import type { MapLayer } from './layer';

/** Just above the color of the land, below all else. */
const above = 'built_up';

/** Lies over a style of others, so that it too can be paler. */
const veil = 'base-map-veil';

/** A map of others in place of the backdrop, where the operator offers one and the person chose it. Its sources come and go with the choice. */
export const baseMapLayer: MapLayer = {
  sources: {},
  styles: () => [],
  follow: (map) => {
    effect(() => {
      const chosen = baseMap.value;
      if (!chosen) {
        return undefined;
      }
      let shown: Embedded | null = null;
      const show = (next: Embedded): void => {
        shown = next;
        next.sources.forEach(([id, source]) => map.addSource(id, source));
        next.sprites.forEach(([id, address]) => map.addSprite(id, address));
        next.layers.forEach((layer) => map.addLayer(layer, above));
        fade(map, next);
      };
      const abort = new AbortController();
      if (chosen.style === null) {
        show(picturesOf(chosen));
      } else {
        loadStyle(chosen.style, chosen.hosts, abort.signal).then(show, (error: unknown) => !abort.signal.aborted && (mapError.value = String(error)));
      }
      const end = effect(() => {
        void layers.value.backdrop;
        if (shown) {
          fade(map, shown);
        }
      });
      return () => {
        abort.abort();
        end();
        shown?.layers.forEach(({ id }) => map.removeLayer(id));
        shown?.sources.forEach(([id]) => map.removeSource(id));
        shown?.sprites.forEach(([id]) => map.removeSprite(id));
      };
    });
  },
};

function picturesOf({ tiles, tile_size, min_zoom, max_zoom }: BaseMap): Embedded {
  const ids = tiles.map((_, i) => `base-map-${i}`);
  return {
    sources: tiles.map((template, i) => [ids[i]!, { type: 'raster', tiles: addressesOf(template), tileSize: tile_size, minzoom: min_zoom, maxzoom: max_zoom }]),
    layers: ids.map((id) => ({ id, type: 'raster', source: id, paint: { 'raster-fade-duration': 150 } })),
    sprites: [],
  };
}

async function loadStyle(address: string, hosts: string[], signal: AbortSignal): Promise<Embedded> {
  const response = await fetch(address, { signal });
  if (!response.ok) {
    throw new Error(`${new URL(address).host}: ${response.status}`);
  }
  const style = embedded((await response.json()) as StyleSpecification, address, hosts);
  return { ...style, layers: [...style.layers, { id: veil, type: 'background', paint: { 'background-color': paletteOf(false).land, 'background-opacity': 0 } }] };
}

/** Shows it as strongly as the backdrop that it stands for. */
function fade(map: Map, { layers: drawn }: Embedded): void {
  const { shown, opacity } = layers.peek().backdrop;
  for (const { id, type } of drawn) {
    if (id === veil) {
      map.setPaintProperty(veil, 'background-opacity', shown ? 1 - opacity : 1);
    } else if (id.startsWith('base-map-') && type === 'raster') {
      map.setPaintProperty(id, 'raster-opacity', shown ? opacity : 0);
    }
  }
}
