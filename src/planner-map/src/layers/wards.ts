import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import { groundKnown, shift } from '../base-maps';
import { font, nameField, visibility, type Look, type MapLayer } from './layer';

/** At most this many levels are told apart; deeper ones are drawn like the last. */
const mostLevels = 5;

/** Borders of wards: the outermost widest, the inner ones as one comes near. */
export const wardLines: MapLayer = {
  sources: { wards: { type: 'vector', tiles: [], maxzoom: 15, promoteId: 'code' } },
  styles: (look) => [
    {
      id: 'wards',
      type: 'fill',
      source: 'wards',
      'source-layer': 'wards',
      layout: { visibility: visibility(look.layers.wards) },
      paint: { 'fill-opacity': 0 },
    },
    ...levels(look).map((level, depth): LayerSpecification => ({
      id: `ward-lines-${depth}`,
      type: 'line',
      source: 'wards',
      'source-layer': 'wards',
      minzoom: level.zoom,
      filter: level.filter,
      layout: { visibility: visibility(look.layers.wards), 'line-join': 'round' },
      paint: {
        'line-color': look.palette.wardLine,
        'line-width': ['interpolate', ['linear'], ['zoom'], 9, Math.max(1 - 0.25 * depth, 0.4), 16, Math.max(2.4 - 0.5 * depth, 0.7)],
        'line-opacity': look.layers.wards.opacity * Math.max(0.65 - 0.1 * depth, 0.35),
        ...(depth >= 2 && { 'line-dasharray': [3, 2] }),
      },
    })),
    {
      id: 'wards-chosen',
      type: 'line',
      source: 'wards',
      'source-layer': 'wards',
      filter: ['in', ['get', 'code'], ['literal', [...look.chosenWards]]],
      layout: { visibility: visibility({ shown: look.chosenWards.length > 0 }), 'line-join': 'round' },
      paint: { 'line-color': look.palette.wardChosen, 'line-width': 3, 'line-opacity': 0.9 },
    },
  ],
  tiles: { wards: () => (groundKnown.value ? `tiles/wards/{z}/{x}/{y}.mvt${shift.value && `?${shift.value}`}` : null) },
  clicks: { wards: (ward) => ({ kind: 'ward', id: String(ward.code) }) },
};

/** Names of wards, above everything else. */
export const wardLabels: MapLayer = {
  sources: {},
  styles: (look) =>
    levels(look).map((level, depth): LayerSpecification => ({
      id: `ward-labels-${depth}`,
      type: 'symbol',
      source: 'wards',
      'source-layer': 'ward_labels',
      minzoom: level.zoom,
      ...(level.until !== null && { maxzoom: level.until }),
      filter: level.filter,
      layout: {
        visibility: visibility(look.layers.wards),
        'text-field': nameField(look.language),
        'text-font': font,
        'text-size': ['interpolate', ['linear'], ['zoom'], level.zoom, 12, level.zoom + 4, 16],
        'text-max-width': 7,
        'text-padding': 6,
        'symbol-sort-key': depth,
      },
      paint: {
        'text-color': depth === 0 || level.until === null ? look.palette.label : look.palette.labelQuiet,
        'text-halo-color': look.palette.halo,
        'text-halo-width': 1.6,
        'text-opacity': look.layers.wards.opacity,
      },
    })),
};

interface DrawnLevel {
  zoom: number;
  /** From this zoom on the names of the next level take over; null for the last one. */
  until: number | null;
  filter: FilterSpecification;
}

function levels({ wardLevels }: Look): DrawnLevel[] {
  if (wardLevels.length === 0) {
    // Not known yet, or no wards at all: one level of everything.
    return fillUp([{ zoom: 0, until: null, filter: true }]);
  }
  const drawn = wardLevels.slice(0, mostLevels).map((level, depth): DrawnLevel => {
    const names = depth === mostLevels - 1 ? wardLevels.slice(depth).flatMap((l) => l.names) : level.names;
    const isLevel: ExpressionSpecification = ['in', ['get', 'level'], ['literal', [...names]]];
    return { zoom: level.zoom, until: wardLevels[depth + 1] ? wardLevels[depth + 1]!.zoom + 1.5 : null, filter: isLevel };
  });
  return fillUp(drawn);
}

/** The map wants the same layers always. */
function fillUp(drawn: DrawnLevel[]): DrawnLevel[] {
  return [...drawn, ...Array.from({ length: mostLevels - drawn.length }, (): DrawnLevel => ({ zoom: 24, until: null, filter: false }))];
}
