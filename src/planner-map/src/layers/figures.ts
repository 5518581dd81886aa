import { effect } from '@preact/signals';
import type { ExpressionSpecification, Map } from 'maplibre-gl';
import type { Answers } from '../data';
import { classOf, shownLevel, valueOf } from '../figures';
import { figureClasses } from '../figure-classes';
import { choices } from '../view';
import { visibility, type MapLayer } from './layer';

/** Wards of one level, colored by a figure of their scorecards. */
export const figures: MapLayer = {
  sources: {},
  styles: ({ palette, layers, figureLevel }) => [
    {
      id: 'figures',
      type: 'fill',
      source: 'wards',
      'source-layer': 'wards',
      filter: ['==', ['get', 'level'], figureLevel ?? ''],
      layout: { visibility: visibility(layers.figures) },
      paint: { 'fill-color': byClass(palette.figures), 'fill-opacity': 0.75 * layers.figures.opacity, 'fill-outline-color': palette.halo },
    },
  ],
  follow: (map, answers) => {
    effect(() => color(map, answers));
  },
  clicks: { figures: (ward) => ({ kind: 'ward', id: String(ward.code) }) },
};

function byClass(colors: readonly string[]): ExpressionSpecification {
  // A ward without a figure has no class, and no color.
  return ['match', ['coalesce', ['feature-state', 'class'], -1], ...colors.flatMap((color, i) => [i, color]), 'transparent'] as unknown as ExpressionSpecification;
}

function color(map: Map, answers: Answers): void {
  const wards = { source: 'wards', sourceLayer: 'wards' };
  map.removeFeatureState(wards);
  const ends = figureClasses.value;
  for (const ward of shownLevel.value ? (answers.scorecards.value.value?.wards ?? []) : []) {
    const value = valueOf(ward, choices.value.figure);
    if (value !== null) {
      map.setFeatureState({ ...wards, id: ward.code }, { class: classOf(value, ends) });
    }
  }
}
