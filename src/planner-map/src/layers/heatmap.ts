import { effect } from '@preact/signals';
import type { Answers } from '../data';
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
  tiles: { heatmap: tilesOf },
  follow: (map, answers) => {
    let asked: string | null = null;
    effect(() => {
      asked = tilesOf(answers);
      answers.pictured.value = !layers.peek().heatmap.shown;
    });
    map.on('sourcedata', (event) => {
      if (event.sourceId === 'heatmap' && event.tile && map.isSourceLoaded('heatmap')) {
        const shown = asked;
        // The frame after the one that draws it begins when that is on the screen: what is asked for then takes no processor from the drawing.
        map.once('render', () => requestAnimationFrame(() => (answers.pictured.value ||= shown === asked)));
      }
    });
    map.on('error', (event) => {
      if ('sourceId' in event && event.sourceId === 'heatmap') {
        answers.pictured.value = true;
      }
    });
  },
};

function tilesOf({ shaped, heatmapStyle }: Answers): string | null {
  return shaped('tiles/heatmap/{z}/{x}/{y}@2x.png', heatmapStyle.value);
}
