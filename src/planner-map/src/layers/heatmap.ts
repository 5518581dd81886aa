import { effect } from '@preact/signals';
import { standIn } from '../stand-in';
import { layers } from '../view';
import { visibility, type MapLayer } from './layer';

/** Density of issues as pictures that the server draws, large ones: few requests. It is so smooth that no screen needs finer ones. */
export const heatmap: MapLayer = {
  sources: { heatmap: { type: 'raster', tiles: [], tileSize: 512, maxzoom: 17 } },
  styles: ({ layers }) => [
    {
      id: 'heatmap',
      type: 'raster',
      source: 'heatmap',
      layout: { visibility: visibility(layers.heatmap) },
      paint: { 'raster-opacity': layers.heatmap.opacity, 'raster-fade-duration': 150 },
    },
  ],
  tiles: { heatmap: ({ heatmapTiles }) => heatmapTiles.value },
  follow: (map, { heatmapTiles, pictured }) => {
    effect(() => {
      void heatmapTiles.value;
      pictured.value = !layers.peek().heatmap.shown;
    });
    map.on('sourcedata', (event) => {
      if (event.sourceId === 'heatmap' && event.tile && map.isSourceLoaded('heatmap')) {
        const shown = heatmapTiles.peek();
        map.once('render', () => {
          standIn.value = null;
          // The frame after the one that draws it begins when that is on the screen: what is asked for then takes no processor from the drawing.
          requestAnimationFrame(() => (pictured.value ||= shown === heatmapTiles.peek()));
        });
      }
    });
    map.on('movestart', () => (standIn.value = null));
    map.on('error', (event) => {
      if ('sourceId' in event && event.sourceId === 'heatmap') {
        standIn.value = null;
        pictured.value = true;
      }
    });
  },
};
