import { computed } from '@preact/signals';
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Palette } from '../colors';
import { areasOf } from './areas';
import { font, noFeatures, setData, visibility, type MapLayer } from './layer';

/**
 * Cells that are significantly hot or cold (Gi*). By themselves they are filled by class; over the heatmap only the outlines of hot and cold areas are drawn,
 * so that both can be read at once: the colors say how dense, the lines where that is more than chance.
 */
export const cells: MapLayer = {
  sources: { cells: { type: 'geojson', data: noFeatures } },
  styles: ({ palette, layers }) => [
    {
      id: 'cells',
      type: 'fill',
      source: 'cells',
      filter: ['has', 'cell'],
      layout: { visibility: visibility(layers.cells) },
      // Even when it cannot be seen it can be clicked.
      paint: { 'fill-color': byClass(palette), 'fill-opacity': layers.heatmap.shown ? 0 : 0.78 * layers.cells.opacity, 'fill-antialias': false },
    },
    ...(['halo', 'line'] as const).map((part): LayerSpecification => ({
      id: `cell-area-${part}`,
      type: 'line',
      source: 'cells',
      filter: ['has', 'kind'],
      layout: { visibility: visibility(layers.cells), 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': part === 'halo' ? palette.halo : ['match', ['get', 'kind'], 'hot', palette.cells['3']!, palette.cells['-3']!],
        // Hot areas are what is looked for; cold ones stay in the background.
        'line-width': ['interpolate', ['linear'], ['zoom'], 9, ['match', ['get', 'kind'], 'hot', part === 'halo' ? 3.4 : 1.8, part === 'halo' ? 1.6 : 0.7], 13, ['match', ['get', 'kind'], 'hot', part === 'halo' ? 5.5 : 2.8, part === 'halo' ? 2.4 : 1.1]],
        'line-opacity': layers.cells.opacity * (part === 'halo' ? 0.55 : 1),
      },
    })),
  ],
  follow: (map, { cells: answer }) => {
    const found = computed(() => answer.value.value?.features);
    setData(map, 'cells', () => found.value && { type: 'FeatureCollection', features: [...found.value, ...areasOf(found.value).features] });
  },
  clicks: { cells: (cell) => ({ kind: 'cell', id: String(cell.cell) }) },
};

/** Outlines of clusters (DBSCAN) with their counts. */
export const clusters: MapLayer = {
  sources: { clusters: { type: 'geojson', data: noFeatures } },
  styles: ({ palette, layers }) => [
    {
      id: 'clusters',
      type: 'fill',
      source: 'clusters',
      layout: { visibility: visibility(layers.clusters) },
      paint: { 'fill-color': palette.cluster, 'fill-opacity': 0.1 * layers.clusters.opacity },
    },
    {
      id: 'cluster-lines',
      type: 'line',
      source: 'clusters',
      layout: { visibility: visibility(layers.clusters), 'line-join': 'round' },
      paint: { 'line-color': palette.cluster, 'line-width': 1.8, 'line-opacity': layers.clusters.opacity },
    },
    {
      id: 'cluster-labels',
      type: 'symbol',
      source: 'clusters',
      layout: {
        visibility: visibility(layers.clusters),
        'text-field': ['to-string', ['get', 'count']],
        'text-font': font,
        'text-size': ['interpolate', ['linear'], ['sqrt', ['get', 'count']], 2, 11, 20, 15],
        'symbol-sort-key': ['-', ['get', 'count']],
      },
      paint: { 'text-color': palette.cluster, 'text-halo-color': palette.halo, 'text-halo-width': 1.8, 'text-opacity': layers.clusters.opacity },
    },
  ],
  follow: (map, answers) => setData(map, 'clusters', () => answers.clusters.value.value),
  clicks: {
    clusters: (cluster) => ({ kind: 'cluster', id: String(cluster.cluster) }),
    'cluster-labels': (cluster) => ({ kind: 'cluster', id: String(cluster.cluster) }),
  },
};

/** Lines of equal density, with their values. */
export const density: MapLayer = {
  sources: { density: { type: 'geojson', data: noFeatures } },
  styles: ({ palette, layers }) => [
    {
      id: 'density',
      type: 'line',
      source: 'density',
      layout: { visibility: visibility(layers.density) },
      paint: { 'line-color': palette.contour, 'line-width': 1.2, 'line-opacity': layers.density.opacity },
    },
    {
      id: 'density-labels',
      type: 'symbol',
      source: 'density',
      layout: {
        visibility: visibility(layers.density),
        'symbol-placement': 'line',
        'text-field': ['number-format', ['get', 'lower'], { 'max-fraction-digits': 0 }],
        'text-font': font,
        'text-size': 11,
      },
      paint: { 'text-color': palette.contour, 'text-halo-color': palette.halo, 'text-halo-width': 1.5, 'text-opacity': layers.density.opacity },
    },
  ],
  follow: (map, answers) => setData(map, 'density', () => answers.contours.value.value),
};

function byClass({ cells: colors }: Palette): ExpressionSpecification {
  return ['match', ['get', 'class'], 3, colors['3']!, 2, colors['2']!, 1, colors['1']!, -1, colors['-1']!, -2, colors['-2']!, -3, colors['-3']!, 'transparent'];
}
