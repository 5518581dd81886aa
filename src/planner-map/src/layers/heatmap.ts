import { effect } from '@preact/signals';
import type { RasterTileSource } from 'maplibre-gl';
import { addressOf } from '../api';
import { visibility, type MapLayer } from './layer';

/** Density of issues as pictures that the server draws. */
export const heatmap: MapLayer = {
  sources: { heatmap: { type: 'raster', tiles: [], tileSize: 256, maxzoom: 18 } },
  styles: ({ layers }) => [
    {
      id: 'heatmap',
      type: 'raster',
      source: 'heatmap',
      layout: { visibility: visibility(layers.heatmap) },
      paint: { 'raster-opacity': layers.heatmap.opacity, 'raster-fade-duration': 150 },
    },
  ],
  follow: (map, { shaped, heatmapStyle }) => {
    effect(() => {
      const path = shaped('tiles/heatmap/{z}/{x}/{y}{ratio}.png', heatmapStyle.value);
      if (path !== null) {
        map.getSource<RasterTileSource>('heatmap')!.setTiles([addressOf(path)]);
      }
    });
  },
};
