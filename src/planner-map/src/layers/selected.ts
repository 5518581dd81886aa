import { computed } from '@preact/signals';
import type { Feature } from 'geojson';
import { issueDetails, selectedArea } from '../panels/details-answers';
import { noFeatures, setData, visibility, type MapLayer } from './layer';

/** Where the selected cell, cluster or issue is; wards are drawn from their tiles. */
const selectedFeature = computed<Feature | null>(() => selectedArea.value ?? issueDetails.value.value);

/** What was clicked, made to stand out. */
export const selected: MapLayer = {
  sources: { selected: { type: 'geojson', data: noFeatures } },
  styles: ({ palette, selection }) => {
    const ward = selection?.kind === 'ward' ? selection.id : null;
    const other = visibility({ shown: selection !== null && ward === null });
    return [
      {
        id: 'selected-halo',
        type: 'line',
        source: 'selected',
        layout: { visibility: other, 'line-join': 'round' },
        paint: { 'line-color': palette.halo, 'line-width': 6, 'line-opacity': 0.9 },
      },
      {
        id: 'selected',
        type: 'line',
        source: 'selected',
        layout: { visibility: other, 'line-join': 'round' },
        paint: { 'line-color': palette.selected, 'line-width': 2.5 },
      },
      {
        id: 'selected-point',
        type: 'circle',
        source: 'selected',
        filter: ['==', ['geometry-type'], 'Point'],
        layout: { visibility: other },
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
        filter: ['==', ['get', 'code'], ward ?? ''],
        layout: { visibility: visibility({ shown: ward !== null }), 'line-join': 'round' },
        paint: { 'line-color': palette.selected, 'line-width': 2.5 },
      },
    ];
  },
  follow: (map) => setData(map, 'selected', () => selectedFeature.value),
};
