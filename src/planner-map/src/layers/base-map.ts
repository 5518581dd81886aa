import { effect } from '@preact/signals';
import type { Map } from 'maplibre-gl';
import { baseMap } from '../base-maps';
import { layers } from '../view';
import type { MapLayer } from './layer';

/** Just above the color of the land, below all else. */
const above = 'built_up';

/** A map of others in place of the backdrop, where the operator offers one and the person chose it. Its sources come and go with the choice. */
export const baseMapLayer: MapLayer = {
  sources: {},
  styles: () => [],
  follow: (map) => {
    effect(() => {
      const chosen = baseMap.value;
      drop(map);
      chosen?.tiles.forEach((tiles, i) => {
        map.addSource(idOf(i), { type: 'raster', tiles: [tiles], tileSize: chosen.tile_size, minzoom: chosen.min_zoom, maxzoom: chosen.max_zoom });
        map.addLayer({ id: idOf(i), type: 'raster', source: idOf(i), paint: { 'raster-fade-duration': 150 } }, above);
      });
    });
    effect(() => {
      const { shown, opacity } = layers.value.backdrop;
      baseMap.value?.tiles.forEach((_, i) => map.setPaintProperty(idOf(i), 'raster-opacity', shown ? opacity : 0));
    });
  },
};

function drop(map: Map): void {
  for (let i = 0; map.getLayer(idOf(i)); i++) {
    map.removeLayer(idOf(i));
    map.removeSource(idOf(i));
  }
}

function idOf(i: number): string {
  return `base-map-${i}`;
}
