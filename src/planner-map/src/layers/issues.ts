import type { CircleLayerSpecification, ExpressionSpecification } from 'maplibre-gl';
import type { Palette } from '../colors';
import type { LayerView } from '../view';
import { issueColor } from './issue-colors';
import { font, visibility, type MapLayer } from './layer';

/** From this zoom on the server's tiles hold every issue by itself. */
const detailZoom = 14;

/** Counts of issues near each other, before single ones can be told apart. */
export const counts: MapLayer = {
  sources: { issues: { type: 'vector', tiles: [], maxzoom: 16 } },
  styles: ({ palette, layers }) => [
    {
      id: 'counts',
      type: 'circle',
      source: 'issues',
      'source-layer': 'clusters',
      layout: { visibility: visibility(layers.counts) },
      paint: countPaint(palette, layers.counts, ['interpolate', ['linear'], ['sqrt', ['get', 'point_count']], 1, 5, 10, 11, 40, 16]),
    },
    {
      id: 'lone-counts',
      type: 'circle',
      source: 'issues',
      'source-layer': 'issues',
      maxzoom: detailZoom,
      layout: { visibility: visibility(layers.counts) },
      paint: countPaint(palette, layers.counts, 5),
    },
    {
      id: 'count-labels',
      type: 'symbol',
      source: 'issues',
      'source-layer': 'clusters',
      layout: {
        visibility: visibility(layers.counts),
        'text-field': ['get', 'point_count_abbreviated'],
        'text-font': font,
        'text-size': ['interpolate', ['linear'], ['sqrt', ['get', 'point_count']], 1, 9, 10, 11, 40, 13],
        'text-allow-overlap': true,
      },
      paint: { 'text-color': palette.countText, 'text-opacity': layers.counts.opacity },
    },
  ],
  tiles: { issues: ({ shaped }) => shaped('tiles/issues/{z}/{x}/{y}.mvt') },
  clicks: {},
};

/** Each issue by itself, colored by what the person chose; larger when it is more severe, with a ring when it has come back. */
export const issues: MapLayer = {
  sources: {},
  styles: ({ palette, layers, choices, topCategories }) => [
    {
      id: 'issues',
      type: 'circle',
      source: 'issues',
      'source-layer': 'issues',
      minzoom: detailZoom,
      layout: { visibility: visibility(layers.issues), 'circle-sort-key': ['get', 'severity'] },
      paint: {
        'circle-color': issueColor(choices.issues, palette, topCategories),
        'circle-radius': ['interpolate', ['linear'], ['zoom'], detailZoom, severityRadius(2, 0.45), 18, severityRadius(4, 1.2)],
        'circle-opacity': 0.9 * layers.issues.opacity,
        'circle-stroke-color': ['case', ['get', 'relapse'], palette.selected, palette.pointLine],
        'circle-stroke-width': ['case', ['get', 'relapse'], 1.3, 0.8],
        'circle-stroke-opacity': layers.issues.opacity,
      },
    },
  ],
  clicks: { issues: (issue) => ({ kind: 'issue', id: String(issue.$id) }) },
};

function severityRadius(base: number, step: number): ExpressionSpecification {
  return ['+', base, ['*', step, ['get', 'severity']]];
}

function countPaint(palette: Palette, { opacity }: LayerView, radius: number | ExpressionSpecification): NonNullable<CircleLayerSpecification['paint']> {
  return {
    'circle-color': palette.count,
    'circle-radius': radius,
    'circle-opacity': 0.88 * opacity,
    'circle-stroke-color': palette.pointLine,
    'circle-stroke-width': 1.5,
    'circle-stroke-opacity': opacity,
  };
}
