import { computed } from '@preact/signals';
import type { FeatureCollection } from 'geojson';
import { parseArea, polygonOf } from '../area';
import { drawing as corners } from '../drawing';
import { filter } from '../view';
import { noFeatures, setData, visibility, type MapLayer } from './layer';

const narrowed = computed(() => filter.value.area);

/** Whether there is anything to draw. */
export const isDrawing = computed(() => corners.value !== null || narrowed.value !== null);

const drawn = computed<FeatureCollection>(() => {
  const area = corners.value ? null : parseArea(narrowed.value ?? '');
  if (area) {
    return { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: polygonOf(area) }] };
  }
  const list = (corners.value ?? []).map(([lon, lat]) => [lon, lat]);
  const line = list.length > 1 ? [{ type: 'LineString' as const, coordinates: list.length > 2 ? [...list, list[0]!] : list }] : [];
  const points = list.map((coordinates) => ({ type: 'Point' as const, coordinates }));
  return { type: 'FeatureCollection', features: [...line, ...points].map((geometry) => ({ type: 'Feature', properties: {}, geometry })) };
});

/** The area that is being drawn, its corners and the lines between them; or the one that the issues are narrowed down to. */
export const drawing: MapLayer = {
  sources: { drawing: { type: 'geojson', data: noFeatures } },
  styles: ({ palette, drawing: shown }) => [
    { id: 'drawing-halo', type: 'line', source: 'drawing', layout: { visibility: visibility({ shown }) }, paint: { 'line-color': palette.halo, 'line-width': 5 } },
    { id: 'drawing', type: 'line', source: 'drawing', layout: { visibility: visibility({ shown }) }, paint: { 'line-color': palette.selected, 'line-width': 2, 'line-dasharray': [2, 1.5] } },
    {
      id: 'drawing-corners',
      type: 'circle',
      source: 'drawing',
      filter: ['==', ['geometry-type'], 'Point'],
      layout: { visibility: visibility({ shown }) },
      paint: { 'circle-radius': 5, 'circle-color': palette.halo, 'circle-stroke-color': palette.selected, 'circle-stroke-width': 2 },
    },
  ],
  follow: (map) => setData(map, 'drawing', () => drawn.value),
};
