import { computed } from '@preact/signals';
import type { Feature } from 'geojson';
import { issueDetails, selectedArea } from '../panels/details-answers';
import { noFeatures, setData, type MapLayer } from './layer';

/** Where the selected cell, cluster or issue is; wards are drawn from their tiles. */
const selectedFeature = computed<Feature | null>(() => selectedArea.value ?? issueDetails.value.value);

/** What was clicked, made to stand out. */
export const selected: MapLayer = {
  sources: { selected: { type: 'geojson', data: noFeatures } },
  styles: ({ palette, selection: chosen }) => [
    {
      id: 'selected-halo',
      type: 'line',
      source: 'selected',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.halo, 'line-width': 6, 'line-opacity': 0.9 },
    },
    { id: 'selected', type: 'line', source: 'selected', layout: { 'line-join': 'round' }, paint: { 'line-color': palette.selected, 'line-width': 2.5 } },
    {
      id: 'selected-point',
      type: 'circle',
      source: 'selected',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 11,
        'circle-color': 'transparent',
        'circle-stroke-color': palette.selected,
        'circle-stroke-width': 2.5,
      },
    },
    {
      id: 'selected-ward',
      type: 'line',
      source: 'wards',
      'source-layer': 'wards',
      filter: ['==', ['get', 'code'], chosen?.kind === 'ward' ? chosen.id : ''],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.selected, 'line-width': 2.5 },
    },
  ],
  follow: (map) => setData(map, 'selected', () => selectedFeature.value),
};
