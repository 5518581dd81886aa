import type { ExpressionSpecification } from 'maplibre-gl';
import type { Palette } from '../colors';
import { patternGroups, patternsIn } from '../methods';
import { font, noFeatures, setData, visibility, type MapLayer } from './layer';

/** Cells by how they came to be hot or cold over time (emerging hot spots), in groups that a person tells apart. */
export const patterns: MapLayer = {
  sources: { patterns: { type: 'geojson', data: noFeatures } },
  styles: ({ palette, layers }) => [
    {
      id: 'patterns',
      type: 'fill',
      source: 'patterns',
      layout: { visibility: visibility(layers.patterns) },
      paint: {
        'fill-color': byGroup(palette),
        // Cold places stay in the background: they are many, and nobody is sent there.
        'fill-opacity': ['match', ['get', 'pattern'], patternsIn('cold'), 0.22 * layers.patterns.opacity, 0.75 * layers.patterns.opacity],
        'fill-outline-color': palette.halo,
      },
    },
  ],
  follow: (map, answers) => setData(map, 'patterns', () => answers.patterns.value.value),
  clicks: { patterns: (cell) => ({ kind: 'pattern', id: String(cell.cell) }) },
};

/** Circles with more issues than chance would put there (scan statistics), with how many times as many. */
export const circles: MapLayer = {
  sources: { circles: { type: 'geojson', data: noFeatures } },
  styles: ({ palette, layers }) => [
    {
      id: 'circles',
      type: 'fill',
      source: 'circles',
      layout: { visibility: visibility(layers.circles) },
      paint: { 'fill-color': palette.circle, 'fill-opacity': 0.12 * layers.circles.opacity },
    },
    {
      id: 'circle-halo',
      type: 'line',
      source: 'circles',
      layout: { visibility: visibility(layers.circles) },
      paint: { 'line-color': palette.halo, 'line-width': 5, 'line-opacity': 0.7 * layers.circles.opacity },
    },
    {
      id: 'circle-lines',
      type: 'line',
      source: 'circles',
      layout: { visibility: visibility(layers.circles) },
      paint: { 'line-color': palette.circle, 'line-width': 2.2, 'line-opacity': layers.circles.opacity, 'line-dasharray': [3, 1.5] },
    },
    {
      id: 'circle-labels',
      type: 'symbol',
      source: 'circles',
      layout: {
        visibility: visibility(layers.circles),
        'text-field': ['concat', '×', ['number-format', ['get', 'relative_risk'], { 'max-fraction-digits': 1 }]],
        'text-font': font,
        'text-size': 14,
        'text-allow-overlap': true,
        'symbol-sort-key': ['get', 'rank'],
      },
      paint: { 'text-color': palette.circle, 'text-halo-color': palette.halo, 'text-halo-width': 1.8, 'text-opacity': layers.circles.opacity },
    },
  ],
  follow: (map, answers) => setData(map, 'circles', () => answers.circles.value.value),
  clicks: { circles: (circle) => ({ kind: 'circle', id: String(circle.rank) }) },
};

function byGroup({ patterns: colors }: Palette): ExpressionSpecification {
  const branches = patternGroups.flatMap((group) => [patternsIn(group), colors[group]]);
  return ['match', ['get', 'pattern'], ...branches, 'transparent'] as unknown as ExpressionSpecification;
}
